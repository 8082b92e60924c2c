import type { CoderClient } from '../api/client.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import * as workspacesApi from '../api/workspaces.ts';
import type { Search } from './attention.ts';
import { OWN } from './searchQuery.ts';

export interface StartsQuery extends Pick<Search, 'withTransitions' | 'rows'> {
  /** Held to be running. */
  readonly running: ReadonlySet<WorkspaceId>;
  /** How many more the server counted than were held when all of them had been read: rows that cannot be read. */
  readonly surplus: number;
}

export interface Starts {
  readonly workspaces: readonly Workspace[];
  /** All that the server counts as running. */
  readonly count: number;
  /** Whether all of them were read; else their number is the one that was expected. */
  readonly isComplete: boolean;
  /** Held to be running, and not among all that run. */
  readonly missing: readonly WorkspaceId[];
}

/** One page holds more than anybody has in transition. */
const MOST_IN_TRANSITION = 100;

/**
 * What runs, is queued or starting of one's own, by searches of one status each: V2 refuses two in one query, and in both
 * ages these three find what they say (contract 2.4; V0's `pending` finds a few that were cancelled, too). A few rows
 * usually do: all running ones are read only when the server counts others than are held.
 */
export const searchStarts = async (
  client: Pick<CoderClient, 'calls'>,
  { withTransitions, rows, running, surplus }: StartsQuery,
  signal: AbortSignal,
): Promise<Starts> => {
  const search = (status: string, limit: number) =>
    workspacesApi.list(client.calls, { q: `${OWN} status:${status}`, limit, offset: 0 }, signal);
  const [some, ...others] = await Promise.all([
    search('running', rows),
    ...(withTransitions ? [search('starting', MOST_IN_TRANSITION), search('pending', MOST_IN_TRANSITION)] : []),
  ]);
  const inTransition = others.flatMap((page) => page.workspaces);
  const isExpected = some.count === running.size + surplus;
  const isComplete = !isExpected || some.count <= rows;
  const on = isExpected || some.count <= rows ? some.workspaces : await allRunning(client, signal);
  const found = new Set(on.map(({ id }) => id));
  return {
    workspaces: [...on, ...inTransition],
    count: some.count,
    isComplete,
    missing: isComplete ? [...running].filter((id) => !found.has(id)) : [],
  };
};

const allRunning = async (client: Pick<CoderClient, 'calls'>, signal: AbortSignal): Promise<Workspace[]> => {
  const all: Workspace[] = [];
  for await (const page of workspacesApi.pages(client.calls, { q: `${OWN} status:running` }, signal)) {
    all.push(...page.workspaces);
  }
  return all;
};

/** How many workspaces of one's own there are. */
export const countOwn = async (client: Pick<CoderClient, 'calls'>, signal: AbortSignal): Promise<number> =>
  (await workspacesApi.list(client.calls, { q: OWN, limit: 1, offset: 0 }, signal)).count;
