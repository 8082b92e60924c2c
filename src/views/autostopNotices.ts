import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inBackground } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { inform } from '../host/messages.ts';
import type { Remembered } from '../host/remembered.ts';
import { autostopSentence, dueNotices, NO_NOTICES } from '../model/autostopNotices.ts';
import type { State } from '../model/state.ts';

/** Says once that a workspace was stopped by autostop while this window was open. It is never started again by itself. */
export class AutostopNotices {
  readonly #remembered: Remembered;
  readonly #start: (workspace: Workspace) => unknown;
  readonly #logError: (error: unknown) => void;
  #memory = NO_NOTICES;
  readonly #silenced = new vscode.EventEmitter<void>();
  /** "Don't Show Again" was chosen. */
  readonly onSilenced = this.#silenced.event;

  constructor(remembered: Remembered, start: (workspace: Workspace) => unknown, logError: (error: unknown) => void) {
    this.#remembered = remembered;
    this.#start = start;
    this.#logError = logError;
  }

  changed(state: State, previous: State): void {
    const { due, memory } = dueNotices(state, previous, this.#memory);
    this.#memory = memory;
    if (this.#remembered.tellsAutostop()) for (const workspace of due) this.#tell(workspace);
  }

  #tell(workspace: Workspace): void {
    const told = inform(autostopSentence(workspace), [
      { label: l10n.t('Start'), run: () => this.#start(workspace) },
      { label: l10n.t("Don't Show Again"), run: () => this.#silence() },
    ]);
    inBackground(told, this.#logError);
  }

  async #silence(): Promise<void> {
    await this.#remembered.neverTellAutostop();
    this.#silenced.fire();
  }
}
