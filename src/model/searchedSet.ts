import type { Workspace } from '../api/schemas/workspaces.ts';

/** Workspaces that one query finds, whose changes are searched for. */
export interface SearchedSet {
  readonly q: string;
  /** Whether a status can be added to the query: a query takes one (contract 2.4). */
  readonly takesStatus: boolean;
  /** The status in the query, if the extension put it there. */
  readonly status?: string | undefined;
  /** Whether the query finds it in any status, as far as is known. */
  readonly holds: (workspace: Workspace) => boolean;
  /** Told what the query finds; `isAll`: it finds nothing else. */
  readonly onFound: (workspaces: readonly Workspace[], isAll: boolean) => void;
}

/** One query: all of a set, or those in one status. */
export interface Group {
  readonly q: string;
  readonly status: string | undefined;
  /** Other groups tell what it loses. */
  readonly onlyGrows: boolean;
}

/** Statuses that workspaces keep; V0's search finds other ones, too, but always the same (contract 2.4). */
const RESTING = ['running', 'stopped', 'failed', 'canceled'];

export const held = (set: SearchedSet, workspaces: readonly Workspace[], status = set.status): Workspace[] =>
  workspaces.filter((each) => set.holds(each) && (status === undefined || each.latest_build.status === status));

/** The group of `set` in one status. */
export const inStatus = ({ q }: Pick<SearchedSet, 'q'>, status: string): Group => ({
  q: `${q} status:${status}`.trim(),
  status,
  onlyGrows: false,
});

/**
 * The fewest groups whose numbers tell of each change in `set`: all of it, and each status that some of it keep and no
 * stream reports. Whatever leaves a status or is created changes one of these.
 */
export const groupsOf = (
  set: SearchedSet,
  workspaces: readonly Workspace[],
  isWatched: (workspace: Workspace) => boolean,
): Group[] => {
  const unwatched = new Set(
    set.takesStatus ? held(set, workspaces).flatMap((each) => (isWatched(each) ? [] : [each.latest_build.status])) : [],
  );
  return [
    { q: set.q, status: set.status, onlyGrows: set.takesStatus },
    ...RESTING.filter((status) => unwatched.has(status)).map((status) => inStatus(set, status)),
  ];
};

/** The query without the status that the extension put there; `undefined`: it may hold another one. */
export const inAnyStatus = ({ q, status, takesStatus }: SearchedSet): string | undefined =>
  takesStatus ? q : status === undefined ? undefined : q.replace(/ ?\bstatus:\S+/, '').trim();
