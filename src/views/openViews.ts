import * as vscode from 'vscode';
import { onAbort } from '../api/abort.ts';
import { createClaims } from '../host/claims.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import type { Environment } from '../host/environment.ts';
import type { Log } from '../host/log.ts';
import { inform, warn } from '../host/messages.ts';
import type { Remembered } from '../host/remembered.ts';
import { createRestarts, KEPT_RESTARTS, type Restarts } from '../host/restarts.ts';
import { readSettings } from '../host/settings.ts';
import { SharedFolder } from '../host/sharedFolder.ts';
import { createSharedNames } from '../host/sharedNames.ts';
import type { Deployments } from '../model/deployments.ts';
import { realTiming } from '../model/timing.ts';
import { AutostopNotices } from './autostopNotices.ts';
import { connect } from './connect.ts';
import { DeadlineItem } from './deadlineItem.ts';
import { DeadlineStatus } from './deadlineStatus.ts';
import { DeadlineWarnings } from './deadlineWarnings.ts';
import { badges } from './badge.ts';
import { tellEnding, tellNoKeyring } from './sessionNotices.ts';
import { deadlineSource, standingOf, treeSource, warningSource } from './sources.ts';
import type { Turns } from './turns.ts';
import type { WorkspacesTree } from './workspacesTree.ts';
import { WorkspacesView } from './workspacesView.ts';

/** What activation has made for them. */
export interface ViewParts {
  readonly deployments: Deployments;
  readonly tree: WorkspacesTree;
  readonly remembered: Remembered;
  readonly environment: Environment;
  /** For files that all windows share. */
  readonly folder: vscode.Uri;
  readonly log: Log;
  readonly logError: (error: unknown) => void;
  /** Ends all. */
  readonly signal: AbortSignal;
}

export interface Views {
  readonly workspacesView: WorkspacesView;
  readonly deadlineItem: DeadlineItem;
  readonly restarts: Restarts;
  readonly tellNoKeyring: () => void;
}

/** What a window shows once somebody is, or may be, signed in: rows, countdown, warnings, and notices. */
export function openViews(parts: ViewParts): Views {
  const { deployments, tree, remembered, environment, folder, log, logError, signal } = parts;
  const run = vscode.commands.executeCommand;
  const shared = (name: string) => new SharedFolder(vscode.Uri.joinPath(folder, name));
  const restarts = createRestarts(createSharedNames(shared('restarts'), KEPT_RESTARTS), logError);
  const workspacesView = new WorkspacesView(
    () => treeSource(deployments, readSettings(), remembered, restarts.left.value),
    tree,
    (error) => log.error('drawing the workspaces', error),
  );
  const deadlineStatus = new DeadlineStatus();
  const deadlineItem = new DeadlineItem({
    timing: realTiming,
    source: () => deadlineSource(deployments, remembered),
    show: () => readSettings().deadlineShow,
    displayLocale: readDisplayLocale,
    draw: (drawing) => deadlineStatus.draw(drawing),
    logError,
  });
  const turns: Turns = {
    timing: realTiming,
    claims: createClaims(shared('claims'), logError),
    standing: (id) => standingOf(deployments, id),
  };
  const warnings = new DeadlineWarnings({
    ...turns,
    source: () => warningSource(deployments, readSettings(), remembered),
    displayLocale: readDisplayLocale,
    warn,
    run,
    showSoon: (count) => workspacesView.showBadge(count),
    logError,
  });
  const autostop = new AutostopNotices({
    ...turns,
    remembered,
    inform,
    logError,
    start: (workspace) => run('coderWorkspaces.start', workspace.id),
  });
  const disposable = vscode.Disposable.from(
    connect({
      deployments,
      workspacesView,
      deadlineItem,
      warnings,
      autostop,
      remembered,
      restarts,
      logError,
      readSettings,
    }),
    deployments.ended.subscribe((ended) => {
      if (ended !== undefined) tellEnding(ended, () => deployments.restore(environment), logError);
    }),
    vscode.window.registerFileDecorationProvider(badges),
    workspacesView,
    deadlineItem,
    deadlineStatus,
    warnings,
    autostop,
  );
  onAbort(signal, () => {
    disposable.dispose();
  });
  return { workspacesView, deadlineItem, restarts, tellNoKeyring: () => tellNoKeyring(logError) };
}
