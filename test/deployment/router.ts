/** Which handler answers which path. Patterns are relative to `/api/v2`; `:name` matches one segment. */
import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import type { Engine } from './engine.ts';
import type { Call, Reply } from './exchange.ts';
import type { AgeName } from './model.ts';

/** What a handler does with the response when it keeps it open: an event stream. */
export type Streaming = (response: ServerResponse) => void;

export type Handler = (engine: Engine, call: Call) => Reply | { stream: Streaming };

/** Checks first (and refuses by throwing), then says what to do with the open socket. */
export type SocketHandler = (engine: Engine, call: Call) => (socket: WebSocket) => void;

export interface Route {
  method: string;
  pattern: readonly string[];
  /** Answers without a token. */
  open: boolean;
  handler: Handler;
}

export interface SocketRoute {
  /** How `openSockets()` counts it. */
  kind: string;
  pattern: readonly string[];
  /** Only when this query parameter is there (`follow`, in any form). */
  flag: string | undefined;
  handler: SocketHandler;
}

export interface RouteOptions {
  age?: AgeName;
  open?: boolean;
}

export interface Router {
  on(method: string, path: string, handler: Handler, options?: RouteOptions): void;
  socket(kind: string, path: string, handler: SocketHandler, options?: { age?: AgeName; flag?: string }): void;
  find(method: string, path: string): { route: Route; params: Record<string, string> } | undefined;
  findSocket(path: string, query: URLSearchParams): { route: SocketRoute; params: Record<string, string> } | undefined;
}

const split = (path: string): readonly string[] => path.split('/').slice(1);

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [n, part] of pattern.entries()) {
    const segment = segments[n] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

export function createRouter(age: AgeName): Router {
  const routes: Route[] = [];
  const sockets: SocketRoute[] = [];

  function first<R extends { pattern: readonly string[] }>(
    candidates: readonly R[],
    path: string,
  ): { route: R; params: Record<string, string> } | undefined {
    const segments = split(path);
    for (const route of candidates) {
      const params = match(route.pattern, segments);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  }

  return {
    on(method, path, handler, options = {}) {
      if (options.age !== undefined && options.age !== age) return;
      routes.push({ method, pattern: split(path), open: options.open ?? false, handler });
    },
    socket(kind, path, handler, options = {}) {
      if (options.age !== undefined && options.age !== age) return;
      sockets.push({ kind, pattern: split(path), flag: options.flag, handler });
    },
    find: (method, path) =>
      first(
        routes.filter((route) => route.method === method),
        path,
      ),
    findSocket: (path, query) =>
      first(
        sockets.filter((route) => route.flag === undefined || query.has(route.flag)),
        path,
      ),
  };
}
