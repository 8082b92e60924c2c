import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import * as workspacesApi from '../api/workspaces.ts';

/** One's own: `owner` as a query field of its own would be ignored (contract 2.4). */
const OWN = 'owner:me';

/** So many rows that are missing from a list are looked up; if more are, the list is believed. */
const MOST_LOOKED_UP = 20;

export interface Rows {
  readonly workspaces: Workspace[];
  readonly skippedRows: number;
}

/** The whole list, page by page; `onFirstPage` is told as soon as there is something to show. */
export const readListing = async (
  client: Pick<CoderClient, 'calls'>,
  known: ReadonlySet<WorkspaceId>,
  onFirstPage: (rows: Rows) => void,
  signal: AbortSignal,
): Promise<Rows> => {
  const workspaces: Workspace[] = [];
  let skippedRows = 0;
  let pages = 0;
  for await (const page of workspacesApi.pages(client.calls, { q: OWN }, signal)) {
    workspaces.push(...page.workspaces);
    skippedRows += page.skippedRows;
    pages += 1;
    if (pages === 1) onFirstPage({ workspaces: [...workspaces], skippedRows });
  }
  // While the pages were read one by one, a row may have moved from a later to an earlier one.
  if (pages > 1) workspaces.push(...(await lookUpMissing(client, known, workspaces, signal)));
  return { workspaces, skippedRows };
};

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
