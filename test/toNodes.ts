import type { EpochMs } from '../src/api/units.ts';
import { drawTree, NOTHING_DRAWN } from '../src/model/drawnTree.ts';
import type { State } from '../src/model/state.ts';
import type { TreeNode, TreeOptions } from '../src/model/treeNode.ts';

/** The rows of one deployment; none while there is nothing to show and a welcome says why. */
export const toNodes = (state: State, options: TreeOptions, now: EpochMs): readonly TreeNode[] => {
  const drawing = drawTree(NOTHING_DRAWN, { state, options, now }, 'times');
  for (;;) {
    const step = drawing.next();
    if (step.done === true) return step.value.nodes;
  }
};
