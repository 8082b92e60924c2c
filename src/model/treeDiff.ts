import { same } from './newer.ts';
import type { TreeNode } from './treeNode.ts';

/**
 * What to redraw to get from one tree to another: `root` where rows at the top came, went or changed places, else the ids
 * of the rows that changed, in which changed means itself or which children it has. Rows below a named one are not named:
 * redrawing a row redraws what is below it.
 */
export const diffTrees = (previous: readonly TreeNode[], next: readonly TreeNode[]): 'root' | readonly string[] =>
  sameRows(previous, next) ? changedRows(previous, next) : 'root';

const changedRows = (previous: readonly TreeNode[], next: readonly TreeNode[]): string[] =>
  next.flatMap((node, index) => changesIn(previous[index], node));

const changesIn = (previous: TreeNode | undefined, next: TreeNode): string[] => {
  if (previous === next) return [];
  if (previous === undefined || !sameRow(previous, next) || !sameRows(previous.children, next.children)) {
    return [next.id];
  }
  return changedRows(previous.children, next.children);
};

const sameRows = (previous: readonly TreeNode[], next: readonly TreeNode[]): boolean =>
  previous.length === next.length && previous.every((node, index) => node.id === next[index]?.id);

const sameRow = ({ children: _, ...previous }: TreeNode, { children: __, ...next }: TreeNode): boolean =>
  same(previous, next);
