import type { TreeNode } from '../model/treeNode.ts';
import { diffTrees } from '../model/treeDiff.ts';

/**
 * A row as passed to VS Code: the same object as long as its id exists. Commands get it as their argument.
 */
export class Row {
  readonly id: string;
  readonly parent: Row | undefined;
  node: TreeNode;
  /** As VS Code got them; absent until it asks. */
  children: readonly Row[] | undefined;

  constructor(node: TreeNode, parent: Row | undefined) {
    this.id = node.id;
    this.node = node;
    this.parent = parent;
  }

  get refs(): TreeNode['refs'] {
    return this.node.refs;
  }
}

/** The rows that VS Code was given, and what to tell it when they change. */
export class Rows {
  readonly #byId = new Map<string, Row>();
  #nodes: readonly TreeNode[] = [];
  #roots: readonly Row[] = [];

  get roots(): readonly Row[] {
    return this.#roots;
  }

  get(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  has(row: Row): boolean {
    return this.#byId.get(row.id) === row;
  }

  childrenOf(row: Row): readonly Row[] {
    row.children ??= this.#match(row.node.children, row, []);
    return row.children;
  }

  /** Replaces the shown nodes; remaining rows keep their object. Returns the rows to redraw. */
  show(nodes: readonly TreeNode[]): 'root' | readonly Row[] {
    const changes = diffTrees(this.#nodes, nodes);
    this.#nodes = nodes;
    if (changes === 'root') {
      this.#roots = this.#match(nodes, undefined, this.#roots);
      return 'root';
    }
    this.#roots.forEach((row, index) => this.#update(row, nodes[index] ?? row.node));
    return changes.flatMap((id) => this.#byId.get(id) ?? []);
  }

  #match(nodes: readonly TreeNode[], parent: Row | undefined, before: readonly Row[]): readonly Row[] {
    const rows = nodes.map((node) => {
      const held = this.#byId.get(node.id);
      const known = held?.parent === parent ? held : undefined;
      const row = known ?? new Row(node, parent);
      if (known === undefined) this.#byId.set(node.id, row);
      else this.#update(row, node);
      // Builds child rows before VS Code requests them, because one of them may be selected.
      if (node.kind === 'group') this.childrenOf(row);
      return row;
    });
    const kept = new Set(rows);
    for (const row of before) if (!kept.has(row)) this.#forget(row);
    return rows;
  }

  #update(row: Row, node: TreeNode): void {
    if (row.node === node) return;
    row.node = node;
    if (row.children !== undefined) row.children = this.#match(node.children, row, row.children);
  }

  #forget(row: Row): void {
    // It may have moved to another group.
    if (this.has(row)) this.#byId.delete(row.id);
    row.children?.forEach((child) => this.#forget(child));
  }
}
