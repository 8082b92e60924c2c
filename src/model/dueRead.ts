import type { Milliseconds, MonotonicMs } from '../api/units.ts';
import { later } from '../api/units.ts';
import type { Reads } from './attention.ts';

/** Either the whole list or the search for changes made elsewhere. */
export type ReadKind = 'list' | 'search';

export interface DueRead {
  readonly kind: ReadKind;
  readonly at: MonotonicMs;
}

/** What has been read so far. */
export interface ReadHistory {
  /** Whether the list was ever read whole. */
  readonly isListed: boolean;
  /** When it was last; undefined: never, or what was read cannot be trusted any more. */
  readonly listedAt?: MonotonicMs | undefined;
  readonly searchedAt?: MonotonicMs | undefined;
  /** Next retry while the deployment is unavailable. */
  readonly retryAt?: MonotonicMs | undefined;
  /** The server rejected some or all of the search; the list is read for these. */
  readonly searchRefusal: 'none' | 'some' | 'all';
}

/** Interval of the list where it replaces a search, because it costs a hundred times as much. */
const LIST_AS_SEARCH_EVERY = 30_000 as Milliseconds;

/** The next read and when it is due; `undefined`: none. `reads` is undefined while nothing needs the data. */
export const dueRead = (reads: Reads | undefined, history: ReadHistory, now: MonotonicMs): DueRead | undefined => {
  const { isListed, listedAt, searchedAt, retryAt, searchRefusal } = history;
  // The first list is always read, because it checks the token.
  if (!isListed && retryAt === undefined) return { kind: 'list', at: now };
  if (reads === undefined) return undefined;
  if (retryAt !== undefined) return { kind: usualRead(reads, history), at: retryAt };
  if (listedAt === undefined) return { kind: 'list', at: now };
  const due: DueRead[] = [];
  if (reads.listEveryMs !== undefined) due.push({ kind: 'list', at: later(listedAt, reads.listEveryMs) });
  if (reads.search !== undefined) {
    const { everyMs } = reads.search;
    if (searchRefusal !== 'none')
      due.push({ kind: 'list', at: later(listedAt, Math.max(everyMs, LIST_AS_SEARCH_EVERY) as Milliseconds) });
    if (searchRefusal !== 'all') due.push({ kind: 'search', at: later(latest(listedAt, searchedAt), everyMs) });
  }
  return due.sort((one, other) => one.at - other.at)[0];
};

/** The read that brings what is wanted, and tells whether the deployment is back. */
export const usualRead = (reads: Reads, { listedAt, searchRefusal }: ReadHistory): ReadKind =>
  listedAt !== undefined &&
  reads.search !== undefined &&
  reads.listEveryMs === undefined &&
  reads.isListAwaited !== true &&
  searchRefusal !== 'all'
    ? 'search'
    : 'list';

const latest = (one: MonotonicMs, other: MonotonicMs | undefined): MonotonicMs =>
  other === undefined || other < one ? one : other;
