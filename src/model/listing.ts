import type { Calls } from '../api/calls.ts';
import { ApiError, isOfKind } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import * as workspacesApi from '../api/workspaces.ts';
import type { WorkspaceList } from '../api/workspaces.ts';
import type { StateStore } from './stateStore.ts';

const PAGE_ROWS = 100;
/** More than any deployment lists. */
const MOST_ROWS = 50_000;
/** Number of pages, and of workspaces, read concurrently. */
const LANES = 4;
/** Maximum number of missing rows to look up singly; if more are missing, the list is trusted. */
export const MOST_LOOKED_UP = 20;
/** The same where rows have moved between the pages, so that many may be in none. */
const MOST_MOVED = 200;

export interface Rows {
  readonly workspaces: Workspace[];
  readonly skippedRows: number;
}

/** Reads one workspace; `undefined`: it is not there any more. */
export type LookUp = (id: WorkspaceId) => Promise<Workspace | undefined>;

export interface ListingRequest {
  readonly calls: Calls;
  /** '': all that the user may see. */
  readonly q: string;
  readonly signal: AbortSignal;
  /** Looked up if no page has them. */
  readonly known?: ReadonlySet<WorkspaceId>;
  /** By this; absent: one by one, without a bound. */
  readonly read?: LookUp | undefined;
  /** Told of the first page and of how many the server counts, as soon as there is something to show. */
  readonly onFirstPage?: (rows: Rows, count: number) => void;
}

/**
 * All that a query finds, page by page. `tries`: how often it is read where rows that nobody knew may have moved between the
 * pages meanwhile. @throws ApiError
 */
export const readListing = async (request: ListingRequest, tries = 2): Promise<Rows> => {
  const { calls, q, signal, known = new Set(), read = (id) => lookUp(calls, id, signal), onFirstPage } = request;
  const page = (offset: number): Promise<WorkspaceList> =>
    workspacesApi.list(calls, { q, limit: PAGE_ROWS, offset }, signal);
  const first = await page(0);
  onFirstPage?.({ workspaces: [...first.workspaces], skippedRows: first.skippedRows }, first.count);
  const isCounted = first.count >= rowsOf(first);
  // A count may be wrong: beyond an empty page, nothing is asked for.
  let end = MOST_ROWS;
  const pageBelowEnd = async (offset: number): Promise<WorkspaceList> => {
    if (offset >= end) return { ...first, workspaces: [], skippedRows: 0 };
    const next = await page(offset);
    if (rowsOf(next) === 0) end = Math.min(end, offset);
    return next;
  };
  const others = isCounted
    ? await inLanes(offsetsBelow(Math.min(first.count, MOST_ROWS)), pageBelowEnd)
    : await untilEmpty(first, page);
  if (others.length === 0) return { workspaces: [...first.workspaces], skippedRows: first.skippedRows };
  const pages = [first, ...others];
  const rows = pages.flatMap((each) => each.workspaces);
  const listed = withoutDoubles(rows);
  // Where one row is in two pages, or one has gone, another one may be in none.
  const hasMoved = listed.length < rows.length || pages.some(({ count }) => count !== first.count);
  const most = hasMoved ? MOST_MOVED : MOST_LOOKED_UP;
  const skippedRows = pages.reduce((sum, each) => sum + each.skippedRows, 0);
  const isReadable = listed.length > 0 || skippedRows === 0;
  const workspaces = [...listed, ...(isReadable ? await lookUpMissing(known, listed, most, read) : [])];
  const count = isCounted ? Math.max(...pages.map((each) => each.count)) : Infinity;
  if (tries <= 1 || !hasMoved || workspaces.length + skippedRows >= count) return { workspaces, skippedRows };
  const seen = new Set([...known, ...workspaces.map(({ id }) => id)]);
  return readListing({ calls, q, signal, known: seen, read }, tries - 1);
};

const rowsOf = ({ workspaces, skippedRows }: Rows | WorkspaceList): number => workspaces.length + skippedRows;

/** Where the pages after the first begin. */
const offsetsBelow = (count: number): number[] =>
  Array.from({ length: Math.ceil(count / PAGE_ROWS) - 1 }, (_, index) => (index + 1) * PAGE_ROWS);

/** The pages after `first`, one by one, of a server that doesn't count. */
const untilEmpty = async (
  first: WorkspaceList,
  page: (offset: number) => Promise<WorkspaceList>,
): Promise<WorkspaceList[]> => {
  const pages: WorkspaceList[] = [];
  const ids = new Set<WorkspaceId>();
  for (let last = first; rowsOf(last) > 0; pages.push(last)) {
    const before = ids.size;
    for (const { id } of last.workspaces) ids.add(id);
    // The same again: it has no pages.
    if (ids.size === before) break;
    last = await page((pages.length + 1) * PAGE_ROWS);
  }
  return pages;
};

/** `work` on each of `items`, a few at a time; after a failure none is begun. */
const inLanes = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const left = [...items.entries()];
  const results: R[] = [];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      try {
        results[next[0]] = await work(next[1]);
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
};

/** A row that moved to a later page while the pages were read is in both. */
export const withoutDoubles = (workspaces: readonly Workspace[]): Workspace[] => [
  ...new Map(workspaces.map((workspace) => [workspace.id, workspace])).values(),
];

const lookUpMissing = async (
  known: ReadonlySet<WorkspaceId>,
  listed: readonly Workspace[],
  most: number,
  read: LookUp,
): Promise<Workspace[]> => {
  const ids = new Set(listed.map((workspace) => workspace.id));
  const missing = [...known].filter((id) => !ids.has(id));
  if (missing.length > most) return [];
  const looked = await inLanes(missing, read);
  return looked.filter((workspace) => workspace !== undefined);
};

/** `undefined`: it is not there any more. */
export const lookUp = async (calls: Calls, id: WorkspaceId, signal: AbortSignal): Promise<Workspace | undefined> => {
  try {
    return await workspacesApi.get(calls, id, {}, signal);
  } catch (error) {
    // Absent, not to be seen any more, or deleted (contract 0.6).
    if (isOfKind(error, 'gone', 'notFound', 'forbidden')) return undefined;
    throw error;
  }
};

/** Looks up workspaces for one list. After a failure it asks for no more: what is held stands in for the rest. */
export class LookUps {
  readonly read: LookUp;
  #problem: ApiError | undefined;

  constructor(calls: Calls, store: Pick<StateStore, 'get'>, signal: AbortSignal) {
    this.read = (id) =>
      this.attempt(
        () => lookUp(calls, id, signal),
        () => store.get(id),
      );
  }

  /** Why not all were read. A workspace that can't be decoded is no reason to read again. */
  get problem(): ApiError | undefined {
    return this.#problem;
  }

  /** Other work on the same list that may fail without losing it. */
  async attempt<T>(work: () => Promise<T>, otherwise: () => T): Promise<T> {
    if (this.#problem !== undefined) return otherwise();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind !== 'unreadable') this.#problem ??= error;
      return otherwise();
    }
  }
}
