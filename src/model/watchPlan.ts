import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import type { Attention } from './attention.ts';
import { compareText } from './compareText.ts';
import { stopLimits } from './deadline.ts';
import { isActive, isOn } from './status.ts';

type Watched = Pick<Attention, 'isSeen' | 'isTold' | 'followed' | 'opened'>;

/** Whether a workspace is the user's own, and whether it has a row; own workspaces are known even if filtered out. */
export interface Standing {
  readonly isOwn: (workspace: Workspace) => boolean;
  readonly isFound: (workspace: Workspace) => boolean;
}

/**
 * Selects at most `most` workspaces to watch: the user's own in transition, then the running ones, by the soonest stop; while
 * the tree is visible also other users' workspaces in the same order, then expanded or selected ones, then the rest by
 * last use. While the tree is hidden and no notification is on, only those whose builds are followed.
 */
export const watchPlan = (
  workspaces: Iterable<Workspace>,
  most: number,
  attention: Watched,
  { isOwn, isFound }: Standing,
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

const stopOf = (workspace: Workspace): number => stopLimits(workspace)?.deadlineAt ?? Number.MAX_SAFE_INTEGER;

const byId = (one: Workspace, other: Workspace): number => compareText(one.id, other.id);

const byUse = (one: Workspace, other: Workspace): number =>
  (other.last_used_at ?? 0) - (one.last_used_at ?? 0) || byId(one, other);

/** The `most` last used ones, without sorting all of them, because it runs at each change of state. */
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
