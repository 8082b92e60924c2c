import * as l10n from '@vscode/l10n';
import { inBackground } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Remembered } from '../host/remembered.ts';
import { autostopSentence, dueNotices, NO_NOTICES } from '../model/autostopNotices.ts';
import type { Button } from '../model/prompt.ts';
import type { State } from '../model/state.ts';
import { awaitTurn, type Turns } from './turns.ts';

export interface NoticeParts extends Turns {
  readonly remembered: Pick<Remembered, 'tellsAutostop' | 'neverTellAutostop'>;
  readonly inform: (message: string, buttons: readonly Button[]) => Promise<void>;
  readonly start: (workspace: Workspace) => unknown;
  readonly logError: (error: unknown) => void;
}

/**
 * Shows, in only one window, that a workspace was stopped by autostop while it was open. Never starts it again by itself.
 */
export class AutostopNotices {
  readonly #parts: NoticeParts;
  readonly #end = new AbortController();
  #memory = NO_NOTICES;

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  changed(state: State, previous: State): void {
    const { due, memory } = dueNotices(state, previous, this.#memory);
    this.#memory = memory;
    if (!this.#parts.remembered.tellsAutostop()) return;
    for (const workspace of due) inBackground(this.#tell(workspace), this.#parts.logError);
  }

  dispose(): void {
    this.#end.abort();
  }

  async #tell(workspace: Workspace): Promise<void> {
    const { claims, inform, start, remembered } = this.#parts;
    const key = `autostop ${workspace.latest_build.id}`;
    if (!(await awaitTurn(this.#parts, workspace.id, [key], this.#end.signal))) return;
    if (!(await claims.take(key))) return;
    await inform(autostopSentence(workspace), [
      { label: l10n.t('Start'), run: () => start(workspace) },
      { label: l10n.t("Don't Show Again"), run: () => remembered.neverTellAutostop() },
    ]);
  }
}
