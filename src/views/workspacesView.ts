import * as vscode from 'vscode';
import type { EpochMs } from '../api/units.ts';
import { plain } from '../host/escape.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import type { State } from '../model/state.ts';
import { isActive } from '../model/status.ts';
import { ticks, toNodes } from '../model/tree.ts';
import { treeMessage } from '../model/treeMessage.ts';
import { diffTrees } from '../model/treeDiff.ts';
import type { TreeNode, TreeOptions } from '../model/treeNode.ts';
import { drawRow } from './row.ts';
import { drawTooltip } from './rowTooltip.ts';

/** What the tree is drawn from; asked for anew whenever it redraws. */
export interface TreeSource {
  readonly state: State;
  readonly options: Omit<TreeOptions, 'displayLocale'>;
  /** By the server's clock. */
  readonly now: EpochMs;
}

/**
 * A row as VS Code knows it: the same object for the same id as long as it is there, whatever becomes of it. Commands get
 * it as their argument.
 */
export class Row {
  readonly id: string;
  node: TreeNode;
  parent: Row | undefined;

  constructor(node: TreeNode, parent: Row | undefined) {
    this.id = node.id;
    this.node = node;
    this.parent = parent;
  }

  get refs(): TreeNode['refs'] {
    return this.node.refs;
  }
}

export const WORKSPACES_VIEW = 'coderWorkspaces.workspaces';
/** Bursts of facts become one change. */
const BATCH_MS = 250;
/** Elapsed seconds and the time until the next try. */
const TICK_MS = 5_000;

/** The tree `coderWorkspaces.workspaces`: VS Code asks, and gets what the state says; nothing here talks to a server. */
export class WorkspacesView implements vscode.TreeDataProvider<Row> {
  readonly view: vscode.TreeView<Row>;
  readonly #source: () => TreeSource;
  readonly #changed = new vscode.EventEmitter<Row | Row[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #rows = new Map<string, Row>();
  #selectedId: string | undefined;
  #roots: readonly TreeNode[] = [];
  /** Not by the local clock: one that is set back would put the next drawing off until then. */
  #drawnAt = -BATCH_MS;
  #batch: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;

  constructor(source: () => TreeSource) {
    this.#source = source;
    this.view = vscode.window.createTreeView(WORKSPACES_VIEW, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.view.onDidChangeSelection(({ selection }) => (this.#selectedId = selection[0]?.id));
    // "2 hours ago" does not tick: it is made true when somebody comes to look.
    this.view.onDidChangeVisibility(() => this.redraw());
  }

  /** The row that has the selection. VS Code's own word is empty while it reads rows anew. */
  get selected(): Row | undefined {
    return this.#selectedId === undefined ? undefined : this.#rows.get(this.#selectedId);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return drawRow(row.node, row);
  }

  getChildren(row?: Row): Row[] {
    return (row === undefined ? this.#roots : row.node.children).flatMap((node) => this.#rows.get(node.id) ?? []);
  }

  getParent(row: Row): Row | undefined {
    return row.parent;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    const { state, options, now } = this.#source();
    item.tooltip = drawTooltip(row.node, state, { ...options, displayLocale: readDisplayLocale() }, now);
    return item;
  }

  /** The state changed: draws at once after a calm moment, else together with what else comes. */
  redraw(): void {
    if (this.#batch !== undefined) return;
    const wait = this.#drawnAt + BATCH_MS - performance.now();
    if (wait <= 0) this.#draw();
    else this.#batch = setTimeout(() => this.#draw(), wait);
  }

  dispose(): void {
    clearTimeout(this.#batch);
    clearInterval(this.#tick);
    this.view.dispose();
    this.#changed.dispose();
  }

  #draw(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    this.#drawnAt = performance.now();
    const { selected } = this;
    this.#show(this.#nodes());
    this.#moveSelection(selected);
    this.#drawMessage();
    this.#keepTicking();
  }

  #nodes(): readonly TreeNode[] {
    const { state, options, now } = this.#source();
    return toNodes(state, { ...options, displayLocale: readDisplayLocale() }, now);
  }

  /** Puts `roots` in place of what was shown. Rows that stay keep their object, and only what changed is drawn anew. */
  #show(roots: readonly TreeNode[]): void {
    const changes = diffTrees(this.#roots, roots);
    this.#roots = roots;
    const rows = new Map<string, Row>();
    const take = (nodes: readonly TreeNode[], parent: Row | undefined) => {
      for (const node of nodes) {
        const row = this.#rows.get(node.id) ?? new Row(node, parent);
        row.node = node;
        row.parent = parent;
        rows.set(node.id, row);
        take(node.children, row);
      }
    };
    take(roots, undefined);
    this.#rows = rows;
    if (changes === 'root') this.#changed.fire(undefined);
    else if (changes.length > 0) this.#changed.fire(changes.flatMap((id) => rows.get(id) ?? []));
  }

  /** Where the selected row is gone, the selection falls to what it belonged to. */
  #moveSelection(selected: Row | undefined): void {
    let row = selected;
    while (row !== undefined && !this.#rows.has(row.id)) row = row.parent;
    if (row !== undefined && row !== selected && this.view.visible) {
      void this.view.reveal(row, { select: true, focus: false });
    }
  }

  #drawMessage(): void {
    const message = plain(treeMessage(this.#source().state, Date.now() as EpochMs, readDisplayLocale()) ?? '');
    if ((this.view.message ?? '') !== message) this.view.message = message;
  }

  /** Only while somebody looks, and only where time is to be seen: rows in transition, and the time of the next try. */
  #keepTicking(): void {
    const { state } = this.#source();
    const isMoving = ticks(state) || (state.kind === 'ready' && state.stale !== undefined);
    if (!this.view.visible || !isMoving) {
      clearInterval(this.#tick);
      this.#tick = undefined;
    } else this.#tick ??= setInterval(() => this.#onTick(), TICK_MS);
  }

  #onTick(): void {
    // What is about to be drawn is drawn whole.
    if (this.#batch !== undefined) return;
    const { state } = this.#source();
    const moves = ({ refs: { workspaceId: id } }: TreeNode): boolean => {
      const workspace = id === undefined || state.kind !== 'ready' ? undefined : state.workspaces.get(id);
      return workspace !== undefined && isActive(workspace);
    };
    const fresh = new Map(this.#nodes().map((node) => [node.id, node]));
    this.#show(this.#roots.map((node) => (moves(node) ? (fresh.get(node.id) ?? node) : node)));
    this.#drawMessage();
  }
}
