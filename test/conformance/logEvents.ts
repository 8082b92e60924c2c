import type { BuildLogEvent } from '../../src/api/logs.ts';
import type { LogEntry } from '../../src/api/schemas/workspaces.ts';

/** All that comes, until nothing more does. */
export const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
};

/** @throws Error if the log did not come to its end */
export const lastEvent = (events: readonly BuildLogEvent[]): BuildLogEvent & { kind: 'ended' } => {
  const last = events.at(-1);
  if (last?.kind !== 'ended') throw new Error(`the log ended with ${last?.kind ?? 'nothing'}`);
  return last;
};

export const entriesOf = (events: readonly BuildLogEvent[]): LogEntry[] =>
  events.flatMap((event) => (event.kind === 'entries' ? event.entries : []));
