// One build's log, served as badly as networks and V0 do: cut at and inside of frames, out of order, doubled, dropped.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { after } from 'node:test';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Age } from '../recorded.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export type Chance = () => number;

export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

export interface HostileLog {
  readonly url: string;
  /** All entries, in the order of their ids. */
  readonly entries: readonly Record<string, unknown>[];
  /** Sockets that were cut. */
  readonly cuts: () => { readonly between: number; readonly inside: number };
}

/** How many lines one socket brings before it is cut, and how many sockets are, until one is let through. */
const MOST_CUTS = 12;

/** Each socket brings one frame and is cut behind it, or inside of the next; the first is cut before its first. */
export type CutEachFrame = 'between' | 'inside';

/** The log of `build`, as an answer of that age has it; it ends with the last entry. */
export const serveHostileLog = async (
  age: Age,
  build: Record<string, unknown>,
  entries: readonly Record<string, unknown>[],
  chance: Chance,
  cutEach?: CutEachFrame,
): Promise<HostileLog> => {
  const isV0 = age === 'v0';
  const cuts = { between: 0, inside: 0 };
  const { completed_at: _, ...running } = build.job as Record<string, unknown>;
  let isOver = false;
  const behind = (target: string): readonly Record<string, unknown>[] => {
    const last = Number(new URL(target, 'http://x').searchParams.get('after') ?? 0);
    return entries.filter(({ id }) => Number(id) > last);
  };
  const server = http.createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    if ((request.url ?? '').includes('/logs')) {
      // Whoever has given up on sockets has then read all of it.
      isOver = true;
      response.end(JSON.stringify(behind(request.url ?? '')));
    } else response.end(JSON.stringify(isOver ? build : { ...build, job: { ...running, status: 'running' } }));
  });

  /** What V0's feed makes of entries: a few change places, come twice, or not at all. */
  const asFed = (rows: readonly Record<string, unknown>[]): Record<string, unknown>[] => {
    if (!isV0 || cutEach !== undefined) return [...rows];
    const fed = rows.flatMap((row) => (chance() < 0.08 ? [] : chance() < 0.15 ? [row, row] : [row]));
    return fed
      .map((row, index) => ({ row, at: index + chance() * 4 }))
      .sort((one, other) => one.at - other.at)
      .map(({ row }) => row);
  };

  let sockets = 0;
  const speak = async (connection: WebSocket, raw: Duplex, target: string): Promise<void> => {
    const rows = asFed(behind(target));
    const isFirst = (sockets += 1) === 1;
    const isCut = cutEach === undefined ? cuts.between + cuts.inside < MOST_CUTS : rows.length > 0;
    const count =
      cutEach !== undefined
        ? isFirst || !isCut
          ? 0
          : 1
        : isCut
          ? Math.floor(chance() * Math.min(rows.length, 30))
          : rows.length;
    for (const row of rows.slice(0, count)) {
      connection.send(`${JSON.stringify(row)}\n`);
      if (chance() < 0.2) await new Promise((resolve) => setTimeout(resolve, 3));
    }
    if (!isCut) {
      isOver = true;
      connection.close(1000, isV0 ? '' : 'done');
      return;
    }
    const isBetween = cutEach === undefined ? chance() < 0.5 : cutEach === 'between';
    if (isBetween || rows.length <= count) cuts.between += 1;
    else {
      cuts.inside += 1;
      // A text frame that promises more bytes than come.
      const bytes = Buffer.from(`${JSON.stringify(rows[count])}\n`);
      const head = Buffer.from([0x81, 126, bytes.length >> 8, bytes.length & 255]);
      const frame = bytes.length < 126 ? Buffer.from([0x81, bytes.length, ...bytes]) : Buffer.concat([head, bytes]);
      raw.write(frame.subarray(0, 1 + Math.floor(chance() * (frame.length - 1))));
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    raw.destroy();
  };

  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    webSockets.handleUpgrade(request, socket, head, (connection) => {
      connection.on('error', () => undefined);
      void speak(connection, socket, request.url ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    for (const connection of webSockets.clients) connection.terminate();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    entries,
    cuts: () => cuts,
  };
};
