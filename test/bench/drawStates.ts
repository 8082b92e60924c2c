import { drawTree, NOTHING_DRAWN, type DrawnTree } from '../../src/model/drawnTree.ts';
import type { Session } from '../../src/model/session.ts';
import type { State } from '../../src/model/state.ts';
import { inSlices } from '../../src/views/slices.ts';
import { treeOptions } from './treeOptions.ts';

/** Draws as the view does: one drawing at a time, the newest state next. `onDrawn` hears of each until `signal` ends it. */
export function drawStates(
  session: Session,
  signal: AbortSignal,
  onDrawn: (state: State, tree: DrawnTree) => void,
): void {
  let tree: DrawnTree = NOTHING_DRAWN;
  let drawing = false;
  const draw = async (): Promise<void> => {
    if (drawing) return;
    drawing = true;
    for (let drawn; drawn !== session.state.value;) {
      drawn = session.state.value;
      const from = { state: drawn, options: treeOptions, now: session.now() };
      const steps = (function* () {
        tree = yield* drawTree(tree, from, 'changes');
      })();
      await inSlices(steps, signal);
      onDrawn(drawn, tree);
    }
    drawing = false;
  };
  session.state.subscribe(() => {
    draw().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  });
}
