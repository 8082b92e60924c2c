import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { WorkspaceId } from '../api/units.ts';
import type { ContextKeys } from '../host/contextKeys.ts';
import { plain } from '../host/escape.ts';
import type { BuildLogs } from './buildLogs.ts';

/** What it draws from, and where it says that there is something to cancel. */
export interface OnScreenParts {
  readonly buildLogs: BuildLogs;
  readonly mayCancel: (id: WorkspaceId) => boolean;
  readonly setContextKeys: (keys: Partial<ContextKeys>) => void;
}

/**
 * The status bar item `coderWorkspaces.build`: the stage of the running build whose log is open in the Output panel. It
 * cancels that build, where that is allowed.
 */
export class BuildOnScreen implements vscode.Disposable {
  readonly #parts: OnScreenParts;
  readonly #subscriptions: vscode.Disposable;
  #item: vscode.StatusBarItem | undefined;

  constructor(parts: OnScreenParts) {
    this.#parts = parts;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => this.redraw()),
      parts.buildLogs.onDidChange(() => this.redraw()),
    );
  }

  redraw(): void {
    const { buildLogs, mayCancel, setContextKeys } = this.#parts;
    const shown = buildLogs.onScreen();
    const isCancelable = shown !== undefined && mayCancel(shown.workspaceId);
    setContextKeys({ canCancelShown: isCancelable });
    if (shown === undefined) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= make();
    const name = plain(shown.name);
    this.#item.text = `$(loading~spin) ${shown.stage === '' ? name : l10n.t('{0}: {1}', name, plain(shown.stage))}`;
    this.#item.tooltip = isCancelable ? l10n.t('Cancel the build of {0}', name) : undefined;
    this.#item.accessibilityInformation = { label: l10n.t('Build of {0}: {1}', name, plain(shown.stage)) };
    this.#item.command = isCancelable
      ? { command: 'coderWorkspaces.cancel', title: l10n.t('Cancel Build'), arguments: [shown.workspaceId] }
      : undefined;
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#item?.dispose();
  }
}

const make = (): vscode.StatusBarItem => {
  const item = vscode.window.createStatusBarItem('coderWorkspaces.build', vscode.StatusBarAlignment.Left, 49);
  item.name = l10n.t('Coder Build');
  item.show();
  return item;
};
