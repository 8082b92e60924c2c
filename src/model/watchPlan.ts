import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import type { Attention } from './attention.ts';
import { stopLimits } from './deadline.ts';
import { isActive, isOn } from './status.ts';

type Watched = Pick<Attention, 'isSeen' | 'isTold' | 'followed' | 'opened'>;

/** Whose a workspace is, and whether it has a row: one's own are known also where a filter hides them. */
export interface Standing {
  readonly isOwn: (workspace: Workspace) => boolean;
  readonly isFound: (workspace: Workspace) => boolean;
}

/**
 * Which workspaces get a stream, at most `most`: of one's own what is in transition, then what runs, the soonest stop
 * first. Where rows are to be seen also others' workspaces in the same order, then those that are opened, then the rest,
 * the last used first. While nobody looks and nothing is to be told only those whose builds are followed.
 */
export const watchPlan = (
  workspaces: Iterable<Workspace>,
  most: number,
  attention: Watched,
  { isOwn, isFound }: Standing = ALL_OWN,
): WorkspaceId[] => {
  const { isSeen, isTold, followed, opened } = attention;
  const first: Workspace[] = [];
  const active: Workspace[] = [];
  const on: Workspace[] = [];
  const othersActive: Workspace[] = [];
  const othersOn: Workspace[] = [];
  const open: Workspace[] = [];
  const others: Workspace[] = [];
  for (const workspace of workspaces) {
    const { id } = workspace;
    const isMine = isOwn(workspace);
    const hasRow = isSeen && isFound(workspace);
    if (followed.has(id)) first.push(workspace);
    else if (!hasRow && !(isMine && (isSeen || isTold))) continue;
    else if (isActive(workspace)) (isMine ? active : othersActive).push(workspace);
    else if (isOn(workspace)) (isMine ? on : othersOn).push(workspace);
    else if (!hasRow) continue;
    else if (opened.has(id)) open.push(workspace);
    else others.push(workspace);
  }
  for (const each of [on, othersOn]) each.sort((one, other) => stopOf(one) - stopOf(other) || byId(one, other));
  const sooner = [...first, ...active, ...on, ...othersActive, ...othersOn, ...open].slice(0, most);
  return [...sooner, ...lastUsed(others, most - sooner.length)].map(({ id }) => id);
};

const ALL_OWN: Standing = { isOwn: () => true, isFound: () => true };

const stopOf = (workspace: Workspace): number => stopLimits(workspace)?.deadlineAt ?? Number.MAX_SAFE_INTEGER;

const byId = (one: Workspace, other: Workspace): number => (one.id < other.id ? -1 : 1);

const byUse = (one: Workspace, other: Workspace): number =>
  (other.last_used_at ?? 0) - (one.last_used_at ?? 0) || byId(one, other);

/** The `most` last used ones. It is asked at each change of state: thousands are not sorted for the sake of thirty. */
const lastUsed = (workspaces: readonly Workspace[], most: number): Workspace[] => {
  const kept: Workspace[] = [];
  for (const workspace of most > 0 ? workspaces : []) {
    const last = kept[most - 1];
    if (last !== undefined && byUse(last, workspace) < 0) continue;
    kept.push(workspace);
    kept.sort(byUse);
    kept.splice(most);
  }
  return kept;
};
