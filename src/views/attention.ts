import * as vscode from 'vscode';
import type { WorkspaceId } from '../api/units.ts';
import type { Remembered } from '../host/remembered.ts';
import { onSettingsChange, type Settings } from '../host/settings.ts';
import type { Deployments } from '../model/deployments.ts';
import type { Row } from './rows.ts';
import type { WorkspacesView } from './workspacesView.ts';

export interface AttentionSources {
  readonly deployments: Deployments;
  readonly workspacesView: Pick<WorkspacesView, 'view' | 'selection'>;
  readonly remembered: Pick<Remembered, 'tellsAutostop' | 'writes'>;
  readonly readSettings: () => Settings;
}

/** Updates the session's `Attention` from the view, the settings, and the window's focus. */
export function tellAttention(sources: AttentionSources): vscode.Disposable {
  const { deployments, workspacesView, remembered, readSettings } = sources;
  const { view, selection } = workspacesView;
  const expanded = new Set<WorkspaceId>();

  const tell = () => {
    const { deadlineShow, warnBeforeMinutes, maxStreams } = readSettings();
    deployments.current.value?.session.attend({
      isVisible: view.visible,
      isFocused: vscode.window.state.focused,
      isTold: deadlineShow !== 'never' || warnBeforeMinutes.length > 0 || remembered.tellsAutostop(),
      opened: new Set([...expanded, ...selection.rows.flatMap((row) => workspaceOf(row) ?? [])]),
      maxStreams,
    });
  };
  return vscode.Disposable.from(
    deployments.current.subscribe(tell),
    view.onDidChangeVisibility(tell),
    view.onDidChangeSelection(tell),
    view.onDidExpandElement(({ element }) => {
      const id = workspaceOf(element);
      if (id !== undefined) expanded.add(id);
      tell();
    }),
    view.onDidCollapseElement(({ element }) => {
      const id = workspaceOf(element);
      // Collapsing a child row leaves the workspace expanded.
      if (id !== undefined && element.node.kind === 'workspace') expanded.delete(id);
      tell();
    }),
    vscode.window.onDidChangeWindowState(tell),
    remembered.writes.subscribe(tell),
    onSettingsChange(tell),
  );
}

const workspaceOf = ({ refs }: Row): WorkspaceId | undefined => refs.workspaceId;
