import * as vscode from 'vscode';
import type { Row, Rows } from './rows.ts';

/** Selects the focused row of the list with the focus, or no longer. */
const toggleSelection = (): Thenable<unknown> => vscode.commands.executeCommand('list.toggleSelection');

/** The rows that are selected in a tree. */
export class Selection {
  readonly #view: vscode.TreeView<Row>;
  readonly #rows: Rows;
  #ids: readonly string[] = [];

  constructor(view: vscode.TreeView<Row>, rows: Rows) {
    this.#view = view;
    this.#rows = rows;
    view.onDidChangeSelection(({ selection }) => (this.#ids = selection.map(({ id }) => id)));
  }

  /** VS Code's own `selection` is empty while it refreshes rows. */
  get rows(): readonly Row[] {
    return this.#ids.flatMap((id) => this.#rows.get(id) ?? []);
  }

  /**
   * The rows that a key acts on: the one with the focus, and all that are selected if it is one of them. No API names the
   * focused row, so its selection is toggled twice: the row that this changes is the one.
   */
  async rowsOfKey(): Promise<readonly Row[]> {
    const before = this.#ids;
    let focused: string | undefined;
    const listener = this.#view.onDidChangeSelection(({ selection }) => {
      const now = selection.map(({ id }) => id);
      focused ??= [...now, ...before].find((id) => now.includes(id) !== before.includes(id));
    });
    try {
      // Both are sent at once, so that nothing else comes in between.
      await Promise.all([toggleSelection(), toggleSelection()]);
    } finally {
      listener.dispose();
    }
    const row = this.#rows.get(focused ?? '');
    if (row === undefined) return this.rows;
    return before.includes(row.id) ? [row, ...this.rows.filter((other) => other !== row)] : [row];
  }

  /** If all of `selected`, the rows before a drawing, are gone: selects the nearest remaining ancestor of the first one. */
  moveFrom(selected: readonly Row[]): void {
    let [row] = selected.some(({ id }) => this.#rows.get(id) !== undefined) ? [] : selected;
    const first = row;
    while (row !== undefined && this.#rows.get(row.id) === undefined) row = row.parent;
    if (row === undefined || row === first || !this.#view.visible) return;
    // It may be gone, too, before VS Code reveals it.
    this.#view.reveal(this.#rows.get(row.id) ?? row, { select: true, focus: false }).then(undefined, () => undefined);
  }
}
