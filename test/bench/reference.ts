// A plain client to compare with: reads the whole list again and again, page by page, and opens a socket for each agent.
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';

const PAGE_ROWS = 100;
const READS_EVERY_MS = 5_000;

interface Row {
  readonly id: string;
  readonly latest_build: {
    readonly id: string;
    readonly status: string;
    readonly resources?: readonly { readonly agents?: readonly { readonly id: string }[] | null }[] | null;
  };
}

export interface ReferenceClient {
  /** The list as it was read last. */
  rows(): ReadonlyMap<string, Row>;
  onRead: (() => void) | undefined;
  close(): void;
}

export const startReference = (url: string, token: string, q = 'owner:me'): ReferenceClient => {
  const headers = { 'coder-session-token': token };
  const sockets = new Map<string, WebSocket>();
  const end = new AbortController();
  let rows: ReadonlyMap<string, Row> = new Map();
  const client: ReferenceClient = {
    rows: () => rows,
    onRead: undefined,
    close: () => {
      end.abort();
      for (const socket of sockets.values()) socket.terminate();
    },
  };
  const read = async (): Promise<void> => {
    const all = new Map<string, Row>();
    for (let offset = 0, count = 1; offset < count; offset += PAGE_ROWS) {
      const query = `q=${encodeURIComponent(q)}&limit=${PAGE_ROWS}&offset=${offset}`;
      const response = await fetch(`${url}/api/v2/workspaces?${query}`, { headers, signal: end.signal });
      const page = (await response.json()) as { count: number; workspaces: readonly Row[] };
      count = page.count;
      for (const row of page.workspaces) {
        all.set(row.id, row);
        for (const agent of (row.latest_build.resources ?? []).flatMap((resource) => resource.agents ?? [])) {
          if (sockets.has(agent.id)) continue;
          const address = `${url.replace('http', 'ws')}/api/v2/workspaceagents/${agent.id}/watch-metadata-ws`;
          const socket = new WebSocket(address, { headers, perMessageDeflate: false });
          socket.on('error', () => undefined);
          sockets.set(agent.id, socket);
        }
      }
    }
    rows = all;
    client.onRead?.();
  };
  const run = async (): Promise<void> => {
    for (;;) {
      await read();
      await pause(READS_EVERY_MS, undefined, { signal: end.signal });
    }
  };
  run().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return client;
};
