import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import { stopLimits } from './deadline.ts';
import { isActive, isOn } from './status.ts';

/** Which workspaces deserve a stream: those in transition, then the running ones that stop soonest; at most `most`. */
export const watchPlan = (workspaces: Iterable<Workspace>, most: number): WorkspaceId[] => {
  const all = [...workspaces];
  const active = all.filter(isActive);
  const running = all
    .filter((workspace) => !isActive(workspace) && isOn(workspace))
    .sort((one, other) => stopOf(one) - stopOf(other) || (one.id < other.id ? -1 : 1));
  return [...active, ...running].slice(0, most).map((workspace) => workspace.id);
};

const stopOf = (workspace: Workspace): number => stopLimits(workspace)?.deadlineAt ?? Number.MAX_SAFE_INTEGER;
