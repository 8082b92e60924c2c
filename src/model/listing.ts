import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import * as workspacesApi from '../api/workspaces.ts';
import type { WorkspaceList } from '../api/workspaces.ts';

const PAGE_ROWS = 100;
/** Number of pages read concurrently after the first. */
const LANES = 4;
/** Maximum number of missing rows to look up singly; if more are missing, the list is trusted. */
export const MOST_LOOKED_UP = 20;

export interface Rows {
  readonly workspaces: Workspace[];
  readonly skippedRows: number;
}

/**
 * All that `q` finds, page by page; `onFirstPage` is told as soon as there is something to show. `tries`: how often it is
 * read where rows have moved between the pages meanwhile.
 */
export const readListing = async (
  client: Pick<CoderClient, 'calls'>,
  q: string,
  known: ReadonlySet<WorkspaceId>,
  onFirstPage: (rows: Rows, count: number) => void,
  signal: AbortSignal,
  tries = 2,
): Promise<Rows> => {
  const page = (offset: number): Promise<WorkspaceList> =>
    workspacesApi.list(client.calls, { ...(q === '' ? {} : { q }), limit: PAGE_ROWS, offset }, signal);
  const first = await page(0);
  onFirstPage({ workspaces: [...first.workspaces], skippedRows: first.skippedRows }, first.count);
  if (first.count <= PAGE_ROWS) return { workspaces: [...first.workspaces], skippedRows: first.skippedRows };
  const pages = [first, ...(await otherPages(first.count, page))];
  const rows = pages.flatMap((each) => each.workspaces);
  const workspaces = withoutDoubles(rows);
  // Where one row is in two pages, or one has gone, another one may be in none.
  if (tries > 1 && (workspaces.length < rows.length || pages.some(({ count }) => count !== first.count))) {
    const seen = new Set([...known, ...workspaces.map(({ id }) => id)]);
    return readListing(client, q, seen, () => undefined, signal, tries - 1);
  }
  workspaces.push(...(await lookUpMissing(client, known, workspaces, signal)));
  return { workspaces, skippedRows: pages.reduce((sum, each) => sum + each.skippedRows, 0) };
};

/** The pages after the first of `count` rows, a few at a time; after a failure none is begun. */
const otherPages = async (
  count: number,
  page: (offset: number) => Promise<WorkspaceList>,
): Promise<readonly WorkspaceList[]> => {
  const offsets: number[] = [];
  for (let offset = PAGE_ROWS; offset < count; offset += PAGE_ROWS) offsets.push(offset);
  const pages: WorkspaceList[] = [];
  const lane = async (): Promise<void> => {
    for (let offset = offsets.shift(); offset !== undefined; offset = offsets.shift()) {
      try {
        pages[offset / PAGE_ROWS - 1] = await page(offset);
      } catch (error) {
        offsets.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return pages;
};

/** A row that moved to a later page while the pages were read is in both. */
export const withoutDoubles = (workspaces: readonly Workspace[]): Workspace[] => [
  ...new Map(workspaces.map((workspace) => [workspace.id, workspace])).values(),
];

const lookUpMissing = async (
  client: Pick<CoderClient, 'calls'>,
  known: ReadonlySet<WorkspaceId>,
  found: readonly Workspace[],
  signal: AbortSignal,
): Promise<Workspace[]> => {
  const listed = new Set(found.map((workspace) => workspace.id));
  const missing = [...known].filter((id) => !listed.has(id));
  if (missing.length > MOST_LOOKED_UP) return [];
  const looked = await Promise.all(missing.map((id) => lookUp(client, id, signal)));
  return looked.filter((workspace) => workspace !== undefined);
};

/** `undefined`: it is not there any more. */
export const lookUp = async (
  client: Pick<CoderClient, 'calls'>,
  id: WorkspaceId,
  signal: AbortSignal,
): Promise<Workspace | undefined> => {
  try {
    return await workspacesApi.get(client.calls, id, {}, signal);
  } catch (error) {
    // Absent, not to be seen any more, or deleted (contract 0.6).
    if (error instanceof ApiError && ['gone', 'notFound', 'forbidden'].includes(error.kind)) return undefined;
    throw error;
  }
};
