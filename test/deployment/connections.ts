/** What is open: every connection, and among them the streams, by kind. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

export interface OpenStream {
  kind: string;
  transport: Socket;
  /** A WebSocket, or the response that an event stream is written into. */
  socket?: WebSocket;
  response?: ServerResponse;
}

export interface StreamCount {
  total: number;
  byKind: Record<string, number>;
}

export interface CutOptions {
  kind?: string;
  /** A WebSocket close code; left out, the connection is cut without a word. */
  code?: number;
  reason?: string;
}

export interface Connections {
  add(connection: Socket): void;
  /** Gives the way to forget it. */
  keep(stream: OpenStream): () => void;
  count(): StreamCount;
  all(): Iterable<Socket>;
  cutStreams(options: CutOptions): number;
  cutAll(): void;
  /** A cut cable: what is written goes nowhere, nothing is read, and no goodbye arrives. */
  freeze(): void;
}

export function createConnections(): Connections {
  const streams = new Set<OpenStream>();
  const connections = new Set<Socket>();
  return {
    add(connection) {
      connections.add(connection);
      connection.on('close', () => connections.delete(connection));
    },
    keep(stream) {
      streams.add(stream);
      return () => streams.delete(stream);
    },
    count() {
      const byKind: Record<string, number> = {};
      for (const { kind } of streams) byKind[kind] = (byKind[kind] ?? 0) + 1;
      return { total: streams.size, byKind };
    },
    all: () => connections,
    cutStreams({ kind, code, reason }) {
      const chosen = [...streams].filter((stream) => kind === undefined || stream.kind === kind);
      for (const { socket, response, transport } of chosen) {
        if (code === undefined) transport.destroy();
        else if (socket === undefined) response?.end();
        else socket.close(code, reason);
      }
      return chosen.length;
    },
    cutAll() {
      for (const connection of connections) connection.destroy();
    },
    freeze() {
      for (const { transport } of streams) {
        transport.cork();
        transport.pause();
      }
    },
  };
}
