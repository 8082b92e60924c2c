import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { WorkspaceId } from '../api/units.ts';
import { plain } from '../host/escape.ts';
import type { Observable } from '../model/observable.ts';

/** The notification of a build that was started here. */
export interface BuildProgress {
  readonly title: string;
  readonly workspaceId: WorkspaceId;
  /** The stage that the build is in; '' while nothing is known. */
  readonly stage: Observable<string>;
  readonly cancellable: boolean;
}

/**
 * Shown until `ended` settles, or until *Cancel* is pressed: VS Code takes the notification away then, whatever becomes
 * of the build.
 */
export async function showBuildProgress(
  { title, workspaceId, stage, cancellable }: BuildProgress,
  ended: Promise<unknown>,
): Promise<'ended' | 'cancelPressed'> {
  const showLog = `[${l10n.t('Show Log')}](command:coderWorkspaces.showLog?${encodeURIComponent(JSON.stringify([workspaceId]))})`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plain(title), cancellable },
    async (progress, token) => {
      const report = (name: string) =>
        progress.report({ message: name === '' ? showLog : `${plain(name)} · ${showLog}` });
      report(stage.value);
      const disposables: { dispose(): unknown }[] = [stage.subscribe(report)];
      const cancelPressed = new Promise<'cancelPressed'>((resolve) => {
        disposables.push(token.onCancellationRequested(() => resolve('cancelPressed')));
      });
      try {
        return await Promise.race([ended.then(() => 'ended' as const), cancelPressed]);
      } finally {
        for (const disposable of disposables) disposable.dispose();
      }
    },
  );
}
