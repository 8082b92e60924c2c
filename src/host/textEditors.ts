import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { onAbort } from '../api/abort.ts';
import { fileName } from '../api/plainText.ts';
import { Dismissed, type TextPrompt } from '../model/prompt.ts';
import { MemoryFiles } from './memoryFiles.ts';
import { confirm } from './messages.ts';
import { closeTabs, tabsOf } from './tabs.ts';
import { whileListening } from './whileListening.ts';

/** Also the first folder of each path. The manifest knows both: in menus, key bindings and for the language. */
const SCHEME = 'coder-workspaces-text';

/**
 * Texts that are edited in memory. What is typed is saved at once, and to memory only: the manifest's defaults for the
 * language have it so. A text that is never unsaved is never written to disk by VS Code, to bring it back later.
 */
export class TextEditors implements vscode.Disposable {
  readonly #files = new MemoryFiles();
  /** What ends the editing of a text, by its address. */
  readonly #ends = new Map<string, () => void>();
  #registration: vscode.Disposable | undefined;
  #count = 0;

  /** The text as it was edited; `undefined`: it is to stay as it was. @throws Dismissed when the signal aborts */
  async edit({ name, value, signal }: TextPrompt): Promise<string | undefined> {
    this.#registration ??= vscode.workspace.registerFileSystemProvider(SCHEME, this.#files, { isCaseSensitive: true });
    this.#count += 1;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${SCHEME}/${this.#count}/${fileName(name)}` });
    this.#files.add(uri, value);
    try {
      const document = await vscode.workspace.openTextDocument(uri, { encoding: 'utf8' });
      const opened = document.getText();
      await vscode.window.showTextDocument(document, { preview: false });
      const how = await this.#ended(uri, signal);
      const text = document.getText();
      if (how === 'closed' && (text === opened || !(await wantsToUse(name)))) return undefined;
      return text === opened ? value : text;
    } finally {
      await closeTabs(is(uri));
      this.#forget(uri);
    }
  }

  /** Takes the text in the editor that is in front. */
  use(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (uri !== undefined) this.#ends.get(uri.toString())?.();
  }

  /** Closes the editor that is in front, as the button of its tab does. */
  async leave(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme === SCHEME) await closeTabs(is(uri));
  }

  dispose(): void {
    this.#registration?.dispose();
  }

  /**
   * Deletes the text when VS Code lets go of it. Before that, a save may be under way; one that found no file would fail, and
   * VS Code would show the text again, unsaved for good.
   */
  #forget(uri: vscode.Uri): void {
    const isOpen = (): boolean => vscode.workspace.textDocuments.some((document) => is(uri)(document.uri));
    const forget = (): void => {
      if (isOpen()) return;
      closing.dispose();
      this.#files.delete(uri);
    };
    const closing = vscode.workspace.onDidCloseTextDocument(forget);
    forget();
  }

  #ended(uri: vscode.Uri, signal: AbortSignal | undefined): Promise<'used' | 'closed'> {
    const key = uri.toString();
    return whileListening((resolve, reject) => {
      const abort = () => reject(new Dismissed());
      this.#ends.set(key, () => resolve('used'));
      if (signal?.aborted === true) abort();
      return [
        { dispose: () => this.#ends.delete(key) },
        { dispose: signal === undefined ? () => undefined : onAbort(signal, abort) },
        vscode.window.tabGroups.onDidChangeTabs(() => {
          if (tabsOf(is(uri)).length === 0) resolve('closed');
        }),
      ];
    });
  }
}

async function wantsToUse(name: string): Promise<boolean> {
  const use = l10n.t('Use This Text');
  const pressed = await confirm(
    l10n.t('Use the edited text for {0}?', name),
    l10n.t('Otherwise, the original text is kept.'),
    [use],
    l10n.t('Discard Changes'),
  );
  return pressed === use;
}

const is =
  (uri: vscode.Uri) =>
  (other: vscode.Uri): boolean =>
    other.toString() === uri.toString();
