import { same } from './newer.ts';
import type { TreeNode } from './treeNode.ts';

/**
 * What to redraw to get from one tree to another: `root` where rows at the top or below its groups came, went or changed
 * places, else the ids of the rows that changed, in which changed means what stands in it or which children it has. Rows
 * below a named one are not named: redrawing a row redraws what is below it. Children that were never requested are not
 * compared, because they aren't shown.
 */
export const diffTrees = (previous: readonly TreeNode[], next: readonly TreeNode[]): 'root' | readonly string[] =>
  sameRows(previous, next) ? changedRows(previous, next) : 'root';

const changedRows = (previous: readonly TreeNode[], next: readonly TreeNode[]): string[] => {
  const changed: string[] = [];
  next.forEach((node, index) => {
    const before = previous[index];
    if (node !== before) changed.push(...changesIn(before, node));
  });
  return changed;
};

const changesIn = (previous: TreeNode | undefined, next: TreeNode): readonly string[] => {
  if (previous === undefined || !same(previous, next)) return [next.id];
  const shown = previous.builtChildren;
  if (shown === undefined) return [];
  return sameRows(shown, next.children) ? changedRows(shown, next.children) : [next.id];
};

const sameRows = (previous: readonly TreeNode[], next: readonly TreeNode[]): boolean =>
  previous.length === next.length && previous.every((node, index) => isSameRow(node, next[index]));

/** A row that moves to another group changes its parent, which VS Code accepts only in a refresh of the root. */
const isSameRow = (node: TreeNode, next: TreeNode | undefined): boolean =>
  node === next || (node.id === next?.id && (node.kind !== 'group' || sameRows(node.children, next.children)));
