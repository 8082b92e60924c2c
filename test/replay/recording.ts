/** The recordings of `test/recordings`, read (its README says what they are). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgeName } from '../deployment/index.ts';

/** A folder of recordings; `v2.36` holds what differs in that release from `v2`. */
export type RecordingSet = AgeName | 'v2.36';

const folder = join(import.meta.dirname, '../recordings');

export interface Exchange {
  request: { method: string; path: string; as: string; body?: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown };
}

export interface SocketEvent {
  /** Milliseconds since connecting. */
  t: number;
  event: string;
  data?: string;
  code?: number;
  reason?: string;
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

const read = (set: RecordingSet, file: string): string => readFileSync(join(folder, set, file), 'utf8');

export const readExchange = (set: RecordingSet, name: string): Exchange =>
  JSON.parse(read(set, `${name}.json`)) as Exchange;

export const readSocket = (set: RecordingSet, name: string): SocketEvent[] =>
  JSON.parse(read(set, `${name}.ws.json`)) as SocketEvent[];

/** The bytes of an event stream, as text. */
export const readEvents = (set: RecordingSet, name: string): string => read(set, `${name}.sse`);

export const readEventHeaders = (set: RecordingSet, name: string): Record<string, string> =>
  (JSON.parse(read(set, `${name}.sse.json`)) as { headers: Record<string, string> }).headers;

/** Every recording of a set, by the name that `Replayer` replays it under: `me`, `watch.sse`, `watch.ws`. */
export function listRecordings(set: RecordingSet): string[] {
  return readdirSync(join(folder, set))
    .filter((file) => !file.endsWith('.sse.json'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
}
