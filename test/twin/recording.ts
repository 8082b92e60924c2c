/** The recordings of `test/recordings`, read (its README says what they are). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgeName } from '../deployment/index.ts';

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

const read = (age: AgeName, file: string): string => readFileSync(join(folder, age, file), 'utf8');

export const readExchange = (age: AgeName, name: string): Exchange => JSON.parse(read(age, `${name}.json`)) as Exchange;

export const readSocket = (age: AgeName, name: string): SocketEvent[] =>
  JSON.parse(read(age, `${name}.ws.json`)) as SocketEvent[];

/** The bytes of an event stream, as text. */
export const readEvents = (age: AgeName, name: string): string => read(age, `${name}.sse`);

export const readEventHeaders = (age: AgeName, name: string): Record<string, string> =>
  (JSON.parse(read(age, `${name}.sse.json`)) as { headers: Record<string, string> }).headers;

/** Every recording of an age, by the name that `Twin` replays it under: `me`, `watch.sse`, `watch.ws`. */
export function listRecordings(age: AgeName): string[] {
  return readdirSync(join(folder, age))
    .filter((file) => !file.endsWith('.sse.json'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort();
}
