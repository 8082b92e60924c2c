import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { WorkspaceId } from '../api/units.ts';
import { plainBeforeLink } from '../host/escape.ts';
import { whileListening } from '../host/whileListening.ts';
import type { Observable } from '../model/observable.ts';
import { commandLink } from './commandLink.ts';

/** The notification of a build that was started here. */
export interface BuildProgress {
  readonly title: string;
  readonly workspaceId: WorkspaceId;
  /** What the build is doing; '' while nothing is known. */
  readonly message: Observable<string>;
  readonly cancellable: boolean;
}

/**
 * Shown until `ended` settles or the user selects *Cancel*, which closes the notification regardless of the build.
 */
export async function showBuildProgress(
  { title, workspaceId, message, cancellable }: BuildProgress,
  ended: Promise<unknown>,
): Promise<'ended' | 'cancelPressed'> {
  const showLog = commandLink(l10n.t('Show Log'), 'showLog', workspaceId);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: plainBeforeLink(title), cancellable },
    async (progress, token) => {
      const report = (text: string) =>
        progress.report({ message: text === '' ? showLog : `${plainBeforeLink(text)} · ${showLog}` });
      report(message.value);
      return whileListening((resolve, reject) => {
        ended.then(() => resolve('ended'), reject);
        return [message.subscribe(report), token.onCancellationRequested(() => resolve('cancelPressed'))];
      });
    },
  );
}
