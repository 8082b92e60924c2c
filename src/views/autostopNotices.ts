import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { BuildId } from '../api/units.ts';
import { inform } from '../host/messages.ts';
import type { Remembered } from '../host/remembered.ts';
import type { State } from '../model/state.ts';
import { isOn } from '../model/status.ts';

/** Says once that a workspace was stopped by autostop while this window was open. It is never started again by itself. */
export class AutostopNotices {
  readonly #remembered: Remembered;
  readonly #start: (workspace: Workspace) => unknown;
  /** Stops that were seen to begin here. */
  readonly #begun = new Set<BuildId>();
  readonly #told = new Set<BuildId>();

  constructor(remembered: Remembered, start: (workspace: Workspace) => unknown) {
    this.#remembered = remembered;
    this.#start = start;
  }

  changed(state: State, previous: State): void {
    if (state.kind !== 'ready' || previous.kind !== 'ready') return;
    for (const workspace of state.workspaces.values()) {
      const before = previous.workspaces.get(workspace.id);
      if (before !== undefined && before !== workspace) this.#look(workspace, before);
    }
  }

  #look(workspace: Workspace, before: Workspace): void {
    const { latest_build: build } = workspace;
    if (build.transition !== 'stop' || build.reason !== 'autostop') return;
    if (isOn(before)) this.#begun.add(build.id);
    if (build.status !== 'stopped' || !this.#begun.has(build.id) || this.#told.has(build.id)) return;
    this.#told.add(build.id);
    if (!this.#remembered.tellsAutostop()) return;
    void inform(l10n.t('{0} was stopped by autostop.', workspace.name), [
      { label: l10n.t('Start'), run: () => this.#start(workspace) },
      { label: l10n.t('Never Show This'), run: () => this.#remembered.neverTellAutostop() },
    ]);
  }
}
