import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { drawTree, NOTHING_DRAWN } from './drawnTree.ts';
import { isOwn } from './access.ts';
import { foundIn, nameFor } from './found.ts';
import type { Ready, State } from './state.ts';
import { isActive } from './status.ts';
import type { TreeNode, TreeOptions } from './treeNode.ts';
import { comparePlaces, placeOf } from './treeOrder.ts';

/** The rows of one deployment; none while there is nothing to show and a welcome says why. */
export const toNodes = (state: State, options: TreeOptions, now: EpochMs): readonly TreeNode[] => {
  const drawing = drawTree(NOTHING_DRAWN, { state, options, now }, 'times');
  for (;;) {
    const step = drawing.next();
    if (step.done === true) return step.value.nodes;
  }
};

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
