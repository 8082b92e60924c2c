import { route } from './address.ts';
import { reported } from './answer.ts';
import type { Calls } from './calls.ts';
import { decodeEach, decodeRows } from './decode.ts';
import { Unreadable } from './schemas/schema.ts';
import { ApiError, type Where } from './errors.ts';
import { jsonLines } from './json.ts';
import { LogCursor } from './logCursor.ts';
import { openSocket } from './openSocket.ts';
import * as operations from './operations.ts';
import { AgentLogEntry, AgentMetadata } from './schemas/agents.ts';
import { serverFrames } from './serverFrames.ts';
import type { AgentId } from './units.ts';

export type MetadataEvent =
  | { readonly kind: 'metadata'; readonly metadata: readonly AgentMetadata[] }
  | { readonly kind: 'error'; readonly error: ApiError };

/**
 * WebSocket `/workspaceagents/{id}/logs?follow`, V2 (contract 3.4): new entries, each once, ascending. Ends when the
 * agent is no longer part of the latest build.
 * @throws ApiError when refused or lost; go on with `after` the last id
 */
export async function* followAgentLog(
  calls: Calls,
  id: AgentId,
  { after }: { readonly after?: number | undefined },
  signal: AbortSignal,
): AsyncGenerator<readonly AgentLogEntry[]> {
  const path = route`/workspaceagents/${id}/logs`;
  const request = { operation: operations.agentLogs, path, query: { follow: true, after } };
  const socket = await openSocket(calls, request, signal);
  const log = new LogCursor(after ?? 0);
  try {
    for (;;) {
      const texts = await socket.take();
      if (texts.length === 0) return;
      // Each message is a JSON array, the first maybe empty.
      const fresh = log.add(await decodeEach(AgentLogEntry, texts.flatMap(jsonLines).flat()));
      if (fresh.length > 0) yield fresh;
    }
  } finally {
    socket.close();
  }
}

/**
 * `/workspaceagents/{id}/watch-metadata`, else `…/watch-metadata-ws`, V2 (contract 3.5): all measured values, at
 * least every five seconds. Never ends by itself. @throws ApiError when refused or lost
 */
export async function* watchAgentMetadata(
  calls: Calls,
  id: AgentId,
  signal: AbortSignal,
): AsyncGenerator<MetadataEvent, never> {
  const operation = operations.agentMetadata;
  const where: Where = { operation, host: calls.transport.url.host };
  const path = route`/workspaceagents/${id}/watch-metadata`;
  const frames = serverFrames(calls, { operation, events: path, socket: `${path}-ws` }, signal);
  calls.commandStreams.add(frames);
  try {
    for await (const frame of frames) {
      if (frame.kind === 'alive') continue;
      if (frame.kind === 'error') yield { kind: 'error', error: reported(frame.value, where) };
      else yield await metadataEvent(frame.value, where);
    }
  } finally {
    calls.commandStreams.delete(frames);
  }
  throw calls.failure(operation, 'unreachable');
}

const metadataEvent = async (value: unknown, where: Where): Promise<MetadataEvent> => {
  try {
    return { kind: 'metadata', metadata: await decodeRows(AgentMetadata)(value) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: 'error', error: new ApiError({ ...where, kind: 'unreadable' }) };
  }
};
