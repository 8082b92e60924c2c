import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { onAbort } from '../api/abort.ts';
import { fileName } from '../api/plainText.ts';
import { plain } from '../host/escape.ts';
import { DOCUMENT_SCHEME, tabsOf, textsOf } from '../host/tabs.ts';
import { logParts } from '../model/logOutline.ts';
import type { ShownText } from '../model/prompt.ts';

/**
 * Read-only documents: logs of finished builds, and other texts about builds. A text is kept in memory until its document is
 * closed; VS Code never writes it to disk, because it can't be changed.
 */
export class Documents {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();

  /** `signal`: ends all. */
  constructor(signal: AbortSignal) {
    const logs = { scheme: DOCUMENT_SCHEME, language: 'coderWorkspaces-build-log' };
    const parts = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: (uri) => {
          const text = this.#texts.get(uri.toString());
          if (text === undefined) throw new Error(l10n.t('This document was closed. Open it from the build history.'));
          return text;
        },
      }),
      // VS Code itself keeps the document for some minutes.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.#forget(closed)),
      vscode.languages.registerFoldingRangeProvider(logs, {
        provideFoldingRanges: (document) =>
          logParts(document.getText())
            .filter(({ line, end }) => end > line)
            .map(({ line, end }) => new vscode.FoldingRange(line, end)),
      }),
      vscode.languages.registerDocumentSymbolProvider(logs, {
        provideDocumentSymbols: (document) =>
          logParts(document.getText()).map(({ line, end, title, took }) => {
            const head = document.lineAt(line).range;
            const whole = head.union(document.lineAt(end).range);
            return new vscode.DocumentSymbol(title, took, vscode.SymbolKind.Event, whole, head);
          }),
      }),
    );
    onAbort(signal, () => {
      parts.dispose();
    });
  }

  /** How many texts are kept. */
  get count(): number {
    return this.#texts.size;
  }

  /** Opens `text` in the editor, or shows it there anew. */
  async show(text: ShownText): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#keep(text));
    const at = new vscode.Position(text.line ?? 0, 0);
    const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    if (text.line !== undefined) editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
  }

  /** Opens a diff editor for two texts. */
  async compare(title: string, older: ShownText, newer: ShownText): Promise<void> {
    await vscode.commands.executeCommand('vscode.diff', this.#keep(older), this.#keep(newer), plain(title));
  }

  #forget(closed: readonly vscode.Tab[]): void {
    for (const uri of closed.flatMap(textsOf))
      if (tabsOf((other) => other.toString() === uri.toString()).length === 0) this.#texts.delete(uri.toString());
  }

  #keep({ path, text, refs }: ShownText): vscode.Uri {
    const folders = path.map((part) => `/${fileName(part)}`).join('');
    const uri = vscode.Uri.from({
      scheme: DOCUMENT_SCHEME,
      path: `/${DOCUMENT_SCHEME}${folders}`,
      query: new URLSearchParams(refs).toString(),
    });
    const key = uri.toString();
    const isOpen = this.#texts.has(key);
    this.#texts.set(key, text);
    if (isOpen) this.#changed.fire(uri);
    return uri;
  }
}
