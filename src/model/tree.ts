import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { isOwn } from './access.ts';
import { foundIn, nameFor } from './found.ts';
import type { Ready, State } from './state.ts';
import { isActive } from './status.ts';
import { comparePlaces, placeOf } from './treeOrder.ts';

/** Those to choose from, in the order of the tree: what is shown, and one's own also where a filter hides them. */
export const inOrder = (state: Ready, now: EpochMs): Workspace[] => {
  const isShown = foundIn(state);
  return [...state.workspaces.values()]
    .filter((each) => isShown(each) || (!each.is_prebuild && isOwn(each, state.user)))
    .map((workspace) => ({
      workspace,
      place: placeOf(workspace, nameFor(workspace, state.user), now, state.finding?.sort),
    }))
    .sort((one, other) => comparePlaces(one.place, other.place))
    .map(({ workspace }) => workspace);
};

/** Rows of transitions tell how long they have taken; no other row ever ticks (ux.md). */
export const ticks = (state: State): boolean => state.kind === 'ready' && [...state.workspaces.values()].some(isActive);
