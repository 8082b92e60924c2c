import * as vscode from 'vscode';
import { inBackground } from './api/errors.ts';
import { registerCommands } from './commands/register.ts';
import { createClaims } from './host/claims.ts';
import { createContextKeys } from './host/contextKeys.ts';
import { createDeploymentStore } from './host/deploymentStore.ts';
import { readDisplayLocale } from './host/displayLocale.ts';
import { readEnvironment } from './host/environment.ts';
import { createLog } from './host/log.ts';
import { inform, warn } from './host/messages.ts';
import { createRemembered } from './host/remembered.ts';
import { createRestarts, KEPT_RESTARTS } from './host/restarts.ts';
import { onSettingsChange, readSettings } from './host/settings.ts';
import { createSharedNames } from './host/sharedNames.ts';
import { closeLeftTexts } from './host/tabs.ts';
import { translate } from './host/translate.ts';
import { Deployments } from './model/deployments.ts';
import { loadSession } from './model/loadSession.ts';
import { realTiming } from './model/timing.ts';
import { AutostopNotices } from './views/autostopNotices.ts';
import { connect } from './views/connect.ts';
import { DeadlineItem } from './views/deadlineItem.ts';
import { DeadlineStatus } from './views/deadlineStatus.ts';
import { DeadlineWarnings } from './views/deadlineWarnings.ts';
import { outdatedBadge } from './views/outdatedBadge.ts';
import { tellEnding, tellNoKeyring } from './views/sessionNotices.ts';
import { deadlineSource, standingOf, treeSource, warningSource } from './views/sources.ts';
import type { Turns } from './views/turns.ts';
import { WorkspacesView } from './views/workspacesView.ts';

/** Constructs, connects, owns; waits for nothing. */
export function activate(extension: vscode.ExtensionContext): void {
  translate();
  const end = new AbortController();
  const log = createLog();
  const environment = readEnvironment(process.env);
  const logError = (error: unknown) => log.error('in the background', error);
  const remembered = createRemembered(extension.globalState);
  const restartsFolder = vscode.Uri.joinPath(extension.globalStorageUri, 'restarts');
  const restarts = createRestarts(createSharedNames(restartsFolder, KEPT_RESTARTS), logError);
  const run = vscode.commands.executeCommand;

  const store = createDeploymentStore(extension, (error) => {
    log.error('secret storage', error);
    tellNoKeyring(logError);
  });
  const deployments = new Deployments({
    store,
    loadSession,
    signal: end.signal,
    finding: (key) => remembered.finding(key),
    maxStreams: readSettings().maxStreams,
    log: (line) => log.info(line),
  });

  const setContextKeys = createContextKeys(logError);
  const workspacesView = new WorkspacesView(
    () => treeSource(deployments, readSettings(), remembered, restarts.left.value),
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
    claims: createClaims(vscode.Uri.joinPath(extension.globalStorageUri, 'claims'), logError),
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

  extension.subscriptions.push(
    // First, because it ends everything that waits.
    { dispose: () => end.abort() },
    ...registerCommands(extension.extension, {
      deployments,
      knownDeployments: () => store.known(),
      setContextKeys,
      deadlineItem,
      remembered,
      restarts,
      environment,
      selection: () => workspacesView.selection,
      reveal: (id) => workspacesView.reveal(id),
      log,
      signal: end.signal,
    }),
    connect({
      deployments,
      workspacesView,
      deadlineItem,
      warnings,
      autostop,
      remembered,
      restarts,
      logError,
      setContextKeys,
      readSettings,
      onSettingsChange,
    }),
    deployments.onEnded((deployment, ending, detail) =>
      tellEnding(deployment, ending, detail, () => deployments.restore(environment), logError),
    ),
    vscode.window.registerFileDecorationProvider(outdatedBadge),
    workspacesView,
    deadlineItem,
    deadlineStatus,
    warnings,
    autostop,
    log,
  );
  inBackground(closeLeftTexts(), logError);
  // The first request costs as much as all of the above: VS Code goes on first.
  setImmediate(() => inBackground(deployments.restore(environment), logError));
}
