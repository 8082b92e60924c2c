/** Streams of a workspace and of an agent's metadata, as server-sent events and as WebSocket (contract 3.1, 3.2, 3.5). */
import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { metadataOf } from './agents.ts';
import type { Engine } from './engine.ts';
import { encodeJson } from './exchange.ts';
import type { Agent, User, Workspace } from './model.ts';

const PING_MS = 15_000;

export type Frame = { type: 'ping' } | { type: 'data' | 'error'; data: unknown };

export interface Sink {
  write(frame: Frame): void;
  onClose(listener: () => void): void;
}

/** Byte for byte: no `id:`, no comments, a ping without a data line. */
export function encodeFrame(frame: Frame): string {
  if (frame.type === 'ping') return 'event: ping\n\n';
  return `event: ${frame.type}\ndata: ${encodeJson(frame.data)}\n\n`;
}

export function sseSink(response: ServerResponse): Sink {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  return {
    write: (frame) => void response.write(encodeFrame(frame)),
    onClose: (listener) => void response.on('close', listener),
  };
}

export function socketSink(socket: WebSocket): Sink {
  return {
    write: (frame) => {
      const data = frame.type === 'ping' ? null : frame.data;
      socket.send(`${encodeJson({ type: frame.type, data })}\n`);
    },
    onClose: (listener) => void socket.on('close', listener),
  };
}

/** Somebody who watches a workspace. */
export interface Watcher {
  readonly workspaceId: string;
  /** Has been sent the workspace, or has asked for it since: V0 sends it only when it changes. */
  knows: boolean;
}

/** Sends the workspace whenever it changes; V2 also at once. */
export function watchWorkspace(engine: Engine, viewer: User, workspace: Workspace, sink: Sink): void {
  const { hub, wire, store, pace, watchers } = engine;
  const watcher: Watcher = { workspaceId: workspace.id, knows: false };
  watchers.add(watcher);
  sink.onClose(() => watchers.delete(watcher));
  const send = (): void => {
    watcher.knows = true;
    sink.write({ type: 'data', data: wire.workspace(workspace, viewer) });
  };
  const stop = hub.workspaces.subscribe(workspace.id, (news) => {
    if (news === 'changed') {
      // The frame holds the workspace as it is when written: short states are skipped.
      if (store.age.frameDelayMs === 0) send();
      else pace.after(store.age.frameDelayMs, send);
    } else sink.write({ type: 'error', data: news.errorFrame });
  });
  sink.onClose(stop);
  sink.write({ type: 'ping' });
  if (store.age.name === 'v2') send();
}

export function pingEvents({ pace }: Engine, sink: Sink): void {
  sink.onClose(pace.every(PING_MS, () => sink.write({ type: 'ping' })));
}

/** Protocol pings, counted from 1 as the server does. */
export function pingSocket({ pace }: Engine, socket: WebSocket): void {
  let count = 0;
  const stop = pace.every(PING_MS, () => socket.ping(String(++count)));
  socket.on('close', stop);
}

/** At once and every 5 s, as often as the scripts are run; no ping comes first. */
export function watchMetadata(engine: Engine, agent: Agent, sink: Sink): void {
  const send = (): void => sink.write({ type: 'data', data: metadataOf(engine.store, agent) });
  sink.onClose(engine.pace.every(5000, send));
  send();
}
