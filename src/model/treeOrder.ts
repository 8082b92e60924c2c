import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { compareNames, compareText } from './compareText.ts';
import { stopLimits } from './deadline.ts';
import type { Sort } from './finding.ts';
import { isActive, isOn } from './status.ts';

/** Sort keys of a workspace. */
export interface Place {
  /** The lowest first. */
  readonly rank: number;
  /** The last used first; infinite while in use. */
  readonly usedAt: number;
  readonly name: string;
  readonly id: string;
}

/** Workspaces in use are updated every few seconds; they count as equal so that their rows don't keep swapping. */
const IN_USE_MS = 15 * 60_000;

/** `name` as it is shown. */
export const placeOf = (workspace: Workspace, name: string, now: EpochMs, sort: Sort = 'favorites'): Place => {
  const on = isOn(workspace);
  const usedAt = workspace.last_used_at ?? 0;
  return {
    rank: RANKS[sort](workspace),
    usedAt: sort === 'name' ? 0 : on && now - usedAt < IN_USE_MS ? Infinity : usedAt,
    name,
    id: workspace.id,
  };
};

/** Those in transition, then running, then the rest. */
const activity = (workspace: Workspace): number => (isActive(workspace) ? 1 : isOn(workspace) ? 2 : 3);

const RANKS: Readonly<Record<Sort, (workspace: Workspace) => number>> = {
  favorites: (workspace) => activity(workspace) - (workspace.favorite === true ? 10 : 0),
  active: activity,
  lastUsed: () => 0,
  name: () => 0,
  nextStop: (workspace) => stopLimits(workspace)?.deadlineAt ?? Infinity,
};

export const comparePlaces = (one: Place, other: Place): number => {
  if (one.rank !== other.rank) return one.rank - other.rank;
  if (one.usedAt !== other.usedAt) return one.usedAt > other.usedAt ? -1 : 1;
  return compareNames(one.name, other.name) || compareText(one.id, other.id);
};
