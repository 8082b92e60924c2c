import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { BuildId } from '../api/units.ts';
import { isOwn } from './access.ts';
import { nameOf } from './names.ts';
import type { State } from './state.ts';
import { isOn } from './status.ts';

/** Autostops seen so far. Immutable; `dueNotices` returns the next value. */
export interface NoticeMemory {
  /** Stops that began while this window was open and haven't been reported. */
  readonly begun: ReadonlySet<BuildId>;
}

export const NO_NOTICES: NoticeMemory = { begun: new Set() };

export interface DueNotices {
  /** Workspaces just stopped by autostop; each stop is reported once, and only if its begin was seen. */
  readonly due: readonly Workspace[];
  readonly memory: NoticeMemory;
}

/** Autostops to report after the change from `previous` to `state`. */
export const dueNotices = (state: State, previous: State, memory: NoticeMemory): DueNotices => {
  if (state.kind !== 'ready' || previous.kind !== 'ready') return { due: [], memory };
  const due: Workspace[] = [];
  const begun = new Set(memory.begun);
  for (const workspace of state.workspaces.values()) {
    const before = previous.workspaces.get(workspace.id);
    if (before === undefined || before === workspace) continue;
    const { latest_build: build } = workspace;
    if (before.latest_build.id !== build.id) begun.delete(before.latest_build.id);
    if (!isOwn(workspace, state.user) || build.transition !== 'stop' || build.reason !== 'autostop') continue;
    if (isOn(before)) begun.add(build.id);
    if (build.status === 'stopped' && begun.delete(build.id)) due.push(workspace);
  }
  return { due, memory: { begun } };
};

export const autostopSentence = (workspace: Workspace): string =>
  l10n.t('{0} was stopped by autostop.', nameOf(workspace));
