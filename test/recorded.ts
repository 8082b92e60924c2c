/** What real deployments answered, from `recordings/`. */
import { readdirSync, readFileSync } from 'node:fs';

/** A folder of recordings; `v2.36` holds what differs in that release from `v2`. */
export type Age = 'v0' | 'v2' | 'v2.36';

export interface Exchange {
  readonly name: string;
  readonly age: Age;
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown; readonly as: string };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

export interface SocketMoment {
  readonly t: number;
  readonly event: string;
  readonly data?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const recordings = new URL('./recordings/', import.meta.url);
const fileOf = (age: Age, file: string) => new URL(`${age}/${file}`, recordings);

/** Names of the recorded exchanges of an age. */
export const exchangeNames = (age: Age): string[] =>
  readdirSync(new URL(age, recordings))
    .filter((file) => file.endsWith('.json') && !file.endsWith('.ws.json') && !file.endsWith('.sse.json'))
    .map((file) => file.slice(0, -'.json'.length));

export const exchange = (age: Age, name: string): Exchange => ({
  ...(JSON.parse(readFileSync(fileOf(age, `${name}.json`), 'utf8')) as Omit<Exchange, 'age'>),
  age,
});

export const socketMoments = (age: Age, name: string): SocketMoment[] =>
  JSON.parse(readFileSync(fileOf(age, `${name}.ws.json`), 'utf8')) as SocketMoment[];

export const streamBytes = (age: Age, name: string): Buffer => readFileSync(fileOf(age, `${name}.sse`));

/** The bytes of a recorded body: what is kept as text was text, everything else was JSON. */
export const bodyBytes = ({ response }: Exchange): Buffer => {
  if (response.body === undefined || response.body === '') return Buffer.alloc(0);
  const isJson = (response.headers['content-type'] ?? '').includes('json');
  return Buffer.from(isJson || typeof response.body !== 'string' ? JSON.stringify(response.body) : response.body);
};
