import * as vscode from 'vscode';
import { onAbort } from '../api/abort.ts';
import type { ContextKeys } from '../host/contextKeys.ts';
import type { Log } from '../host/log.ts';
import { onSettingsChange, readSettings } from '../host/settings.ts';
import type { Deployments } from '../model/deployments.ts';
import { BuildLogs } from './buildLogs.ts';
import { BuildOnScreen } from './buildOnScreen.ts';
import { mayCancel } from './sources.ts';

/** What the logs depend on. */
export interface LogSources {
  readonly deployments: Deployments;
  readonly setContextKeys: (keys: Partial<ContextKeys>) => void;
  readonly log: Pick<Log, 'error'>;
  /** Ends all. */
  readonly signal: AbortSignal;
}

/** The logs of builds, and the status bar item of the one on screen, kept up to date. Opened by the commands, which begin logs. */
export function openBuildLogs({ deployments, setContextKeys, log, signal }: LogSources): BuildLogs {
  const logs = new BuildLogs(readSettings, (error) => log.error('writing a build log', error));
  const onScreen = new BuildOnScreen({
    buildLogs: logs,
    mayCancel: (id) => mayCancel(deployments, id),
    setContextKeys,
  });
  const disposable = vscode.Disposable.from(
    onScreen,
    logs,
    deployments.state.subscribe((state) => {
      if (state.kind === 'ready') logs.rename(state.workspaces);
      onScreen.redraw();
    }),
    deployments.owner.subscribe(() => logs.clear()),
    onSettingsChange(() => {
      logs.redraw();
      onScreen.redraw();
    }),
  );
  onAbort(signal, () => {
    disposable.dispose();
  });
  return logs;
}
