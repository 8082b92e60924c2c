import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EpochMs, WorkspaceId } from '../api/units.ts';
import { plain } from '../host/escape.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { drawTree, NOTHING_DRAWN, tellsOldTimes, type DrawnFrom, type DrawnTree } from '../model/drawnTree.ts';
import type { State } from '../model/state.ts';
import { tooltip, type TooltipLine } from '../model/tooltip.ts';
import { ticks } from '../model/tree.ts';
import { treeMessage } from '../model/treeMessage.ts';
import type { TreeOptions } from '../model/treeNode.ts';
import { HoveredRows } from './hoveredRows.ts';
import { Redrawing } from './redrawing.ts';
import { drawRow } from './row.ts';
import { Rows, type Row } from './rows.ts';
import { drawTooltip } from './rowTooltip.ts';
import { Selection } from './selection.ts';
import { WORKSPACES_VIEW, type WorkspacesTree } from './workspacesTree.ts';

/** Input of the tree; read on each redraw. */
export interface TreeSource {
  readonly state: State;
  readonly options: Omit<TreeOptions, 'displayLocale'>;
  /** By the server's clock. */
  readonly now: EpochMs;
}

/** Interval for elapsed times and the time until the next retry. */
const TICK_MS = 5_000;
const isPartial = (state: State): boolean => state.kind === 'ready' && state.isPartial === true;
/** First delay before a refresh that VS Code ignored is sent again; doubled each time, up to a minute. */
const TELL_AGAIN_MS = 250;
const LONGEST_RETRY_MS = 60_000;

/**
 * Draws the tree `coderWorkspaces.workspaces` from the state; never sends requests. Draws nothing while hidden.
 */
export class WorkspacesView {
  readonly view: vscode.TreeView<Row>;
  readonly #source: () => TreeSource;
  readonly #changed: WorkspacesTree['changed'];
  readonly #rows = new Rows();
  readonly selection: Selection;
  readonly #hovered: HoveredRows;
  readonly #redrawing: Redrawing;
  #tree: DrawnTree = NOTHING_DRAWN;
  /** The roots last returned to VS Code. */
  #givenRoots: readonly Row[] = [];
  #tick: NodeJS.Timeout | undefined;
  #tellAgain: NodeJS.Timeout | undefined;

  /** `logError` gets the first error of a series of failed drawings. */
  constructor(source: () => TreeSource, tree: WorkspacesTree, logError: (error: unknown) => void) {
    this.#source = source;
    this.#hovered = new HoveredRows(
      () => ({ monotonicMs: performance.now(), now: this.#source().now }),
      () => this.#redrawOldTooltips(),
    );
    this.#redrawing = new Redrawing({
      isVisible: () => this.view.visible,
      isPartial: () => isPartial(this.#source().state),
      draw: () => this.#all(),
      onFailure: () => {
        this.view.message = l10n.t("Couldn't show your workspaces. See the output for details.");
      },
      logError,
    });
    tree.drawer = this;
    this.view = tree.view;
    this.#changed = tree.changed;
    this.selection = new Selection(this.view, this.#rows);
    // "2 hours ago" doesn't tick; it is updated when the view becomes visible.
    this.view.onDidChangeVisibility(({ visible }) => (visible ? this.redraw() : this.#rest()));
  }

  getTreeItem(row: Row): vscode.TreeItem {
    this.#hovered.drawn(row);
    return drawRow(row.node, row);
  }

  getChildren(row?: Row): Row[] {
    if (row !== undefined) return [...this.#rows.childrenOf(row)];
    // VS Code may request rows before it reports the view as visible.
    this.#redrawing.drawDue();
    this.#givenRoots = this.#rows.roots;
    return [...this.#givenRoots];
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    const lines = this.#tooltipOf(row);
    item.tooltip = drawTooltip(lines);
    this.#hovered.hovered(row, lines);
    return item;
  }

  /** The state changed: draws immediately or, after a recent drawing, batched; if hidden, when the view is shown. */
  redraw(): void {
    this.#redrawing.request();
  }

  /** Shows the row of a workspace and selects it; `false`: it has none. */
  async reveal(workspaceId: WorkspaceId): Promise<boolean> {
    await vscode.commands.executeCommand(`${WORKSPACES_VIEW}.focus`);
    await this.#redrawing.settled();
    const row = this.#rows.get(`${this.#source().options.deploymentKey}/${workspaceId}`);
    if (row === undefined) return false;
    await this.view.reveal(row, { select: true, focus: true, expand: true });
    return true;
  }

  /** At the icon in the activity bar: how many workspaces are about to stop. */
  showBadge(count: number): void {
    if ((this.view.badge?.value ?? 0) === count) return;
    const tooltip = count === 1 ? l10n.t('1 workspace stops soon') : l10n.t('{0} workspaces stop soon', count);
    this.view.badge = count === 0 ? undefined : { value: count, tooltip };
  }

  dispose(): void {
    this.#rest();
  }

  /** The view is hidden: stops drawing until it is shown. */
  #rest(): void {
    this.#redrawing.rest();
    clearInterval(this.#tick);
    this.#tick = undefined;
    clearTimeout(this.#tellAgain);
    this.#tellAgain = undefined;
    this.#hovered.rest();
  }

  /** Draws changes first, then updates the relative times of the other rows. */
  *#all(): Generator<undefined, void> {
    yield* this.#changes();
    this.#keepTicking();
    this.#redrawOldTooltips();
    const source = this.#wholeSource();
    if (tellsOldTimes(this.#tree, source.now)) this.#show(yield* drawTree(this.#tree, source, 'times'));
  }

  *#changes(): Generator<undefined, void> {
    this.#show(yield* drawTree(this.#tree, this.#wholeSource(), 'changes'));
    this.#drawMessage();
  }

  #wholeSource(): DrawnFrom {
    const { state, options, now } = this.#source();
    return { state, options: { ...options, displayLocale: readDisplayLocale() }, now };
  }

  /** Rows that stay keep their object, and only what changed is drawn anew. */
  #show(tree: DrawnTree): void {
    const selected = this.selection.rows;
    this.#tree = tree;
    const changes = this.#rows.show(tree.nodes);
    if (changes === 'root') this.#changed.fire(undefined);
    else if (changes.length > 0) this.#changed.fire([...changes]);
    this.#tellAgainIn(TELL_AGAIN_MS);
    this.selection.moveFrom(selected);
  }

  /**
   * VS Code drops a refresh of the roots that comes while its last request for them is in flight, and goes on showing what
   * that one brought: until it asks for the present roots, it is told again.
   */
  #tellAgainIn(waitMs: number): void {
    if (this.#tellAgain !== undefined || this.#givenRoots === this.#rows.roots) return;
    this.#tellAgain = setTimeout(() => {
      this.#tellAgain = undefined;
      if (this.#givenRoots === this.#rows.roots) return;
      this.#changed.fire(undefined);
      this.#tellAgainIn(Math.min(waitMs * 2, LONGEST_RETRY_MS));
    }, waitMs);
  }

  #drawMessage(): void {
    const message = plain(treeMessage(this.#source().state, Date.now() as EpochMs, readDisplayLocale()) ?? '');
    if ((this.view.message ?? '') !== message) this.view.message = message;
  }

  /** Ticks only while visible, and only for rows in transition or the time until the next retry. */
  #keepTicking(): void {
    const { state } = this.#source();
    const isMoving = ticks(state) || (state.kind === 'ready' && state.stale !== undefined);
    if (!this.view.visible || !isMoving) {
      clearInterval(this.#tick);
      this.#tick = undefined;
    } else this.#tick ??= setInterval(() => this.#redrawing.runBetween(() => this.#changes()), TICK_MS);
  }

  #tooltipOf(row: Row): readonly TooltipLine[] {
    const { state, options, now } = this.#wholeSource();
    return tooltip(row.node, state, options, now);
  }

  #redrawOldTooltips(): void {
    if (!this.view.visible) return;
    const due = this.#hovered.takeDue(
      (row) => this.#tooltipOf(row),
      (row) => this.#rows.has(row),
    );
    if (due.length > 0) this.#changed.fire(due);
  }
}
