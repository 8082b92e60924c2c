import type * as vscode from 'vscode';
import { inBackground } from './api/errors.ts';
import { registerCommands } from './commands/register.ts';
import { createContextKeys } from './host/contextKeys.ts';
import { createDeploymentStore } from './host/deploymentStore.ts';
import { readEnvironment } from './host/environment.ts';
import { createLog } from './host/log.ts';
import { createRemembered } from './host/remembered.ts';
import { closeLeftTexts } from './host/tabs.ts';
import { translate } from './host/translate.ts';
import { Deployments } from './model/deployments.ts';
import { loadSession, nextTurn } from './model/loadSession.ts';
import { once } from './model/once.ts';
import { contextKeysOf } from './views/contextKeysOf.ts';
import { WorkspacesTree } from './views/workspacesTree.ts';

/** Constructs, connects, owns; waits for nothing. Most of the rest is loaded once somebody is, or may be, signed in. */
export function activate(extension: vscode.ExtensionContext): void {
  translate();
  const end = new AbortController();
  const log = createLog();
  const environment = readEnvironment(process.env);
  const logError = (error: unknown) => log.error('in the background', error);
  const remembered = createRemembered(extension.globalState);
  const setContextKeys = createContextKeys(logError);
  const tree = new WorkspacesTree();

  const store = createDeploymentStore(extension, (error) => {
    log.error('secret storage', error);
    inBackground(
      loadViews().then(({ tellNoKeyring }) => tellNoKeyring()),
      logError,
    );
  });
  const deployments = new Deployments({
    store,
    loadSession: async () => {
      const createSession = await loadSession();
      await loadViews();
      return createSession;
    },
    signal: end.signal,
    finding: (key) => remembered.finding(key),
    log: (line) => log.info(line),
  });
  const loadViews = once(async () => {
    await nextTurn();
    const { openViews } = await import('./views/openViews.ts');
    const folder = extension.globalStorageUri;
    return openViews({ deployments, tree, remembered, environment, folder, log, logError, signal: end.signal });
  });

  extension.subscriptions.push(
    // First, because it ends everything that waits.
    { dispose: () => end.abort() },
    ...registerCommands(
      extension.extension,
      async () => {
        const { workspacesView, deadlineItem, restarts } = await loadViews();
        return {
          deployments,
          knownDeployments: () => store.known(),
          setContextKeys,
          deadlineItem,
          remembered,
          restarts,
          environment,
          reveal: (id) => workspacesView.reveal(id),
          log,
          signal: end.signal,
        };
      },
      async () => (await loadViews()).workspacesView.selection.rowsOfKey(),
    ),
    deployments.state.subscribe((state) => setContextKeys(contextKeysOf(state))),
    tree,
    log,
  );
  inBackground(closeLeftTexts(), logError);
  // The first request costs as much as all of the above: VS Code goes on first.
  setImmediate(() => inBackground(deployments.restore(environment), logError));
}
