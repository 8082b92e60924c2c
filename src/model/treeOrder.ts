import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { isActive, isOn } from './status.ts';

/** Where a workspace stands among the others. */
export interface Place {
  /** The lowest first: favourites, then those in transition, then running, then the rest. */
  readonly rank: number;
  /** The last used first; infinite while in use. */
  readonly usedAt: number;
  readonly name: string;
  readonly id: string;
}

/** What is in use is touched every few seconds; two such rows must not change places all the time. */
const IN_USE_MS = 15 * 60_000;

export const placeOf = (workspace: Workspace, now: EpochMs): Place => {
  const on = isOn(workspace);
  const rank = isActive(workspace) ? 1 : on ? 2 : 3;
  const usedAt = workspace.last_used_at ?? 0;
  return {
    rank: workspace.favorite === true ? rank - 10 : rank,
    usedAt: on && now - usedAt < IN_USE_MS ? Infinity : usedAt,
    name: workspace.name.toLowerCase(),
    id: workspace.id,
  };
};

export const comparePlaces = (one: Place, other: Place): number => {
  if (one.rank !== other.rank) return one.rank - other.rank;
  if (one.usedAt !== other.usedAt) return one.usedAt > other.usedAt ? -1 : 1;
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
};

/** Prebuilt workspaces that nobody has claimed belong to nobody (contract 7.22). */
export const isShown = (workspace: Workspace): boolean => !workspace.is_prebuild;
