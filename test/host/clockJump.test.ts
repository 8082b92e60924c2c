import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CoderClient } from '../../src/api/client.ts';
import { readDisplayLocale } from '../../src/host/displayLocale.ts';
import { createRemembered } from '../../src/host/remembered.ts';
import { createRestarts } from '../../src/host/restarts.ts';
import { readSettings } from '../../src/host/settings.ts';
import { Deployments } from '../../src/model/deployments.ts';
import { Session } from '../../src/model/session.ts';
import { AutostopNotices } from '../../src/views/autostopNotices.ts';
import { connect } from '../../src/views/connect.ts';
import { DeadlineItem } from '../../src/views/deadlineItem.ts';
import { DeadlineWarnings } from '../../src/views/deadlineWarnings.ts';
import { deadlineSource, treeSource, warningSource } from '../../src/views/sources.ts';
import { WorkspacesTree } from '../../src/views/workspacesTree.ts';
import { WorkspacesView } from '../../src/views/workspacesView.ts';
import { startDeployment, type AgeName, type Deployment } from '../deployment/index.ts';
import { ManualTiming } from '../manualTiming.ts';
import { sharedNames } from '../sharedNames.ts';
import { AGES, eventually, extension } from './fixture.ts';

const MINUTE = 60_000;
const LIST = /\/workspaces\?/;
const fail = (error: unknown): never => {
  throw error;
};

/** The views as `extension.ts` connects them, signed in to `deployment`, by a clock that only the test moves. */
async function openWindow(deployment: Deployment) {
  const timing = new ManualTiming();
  const end = new AbortController();
  const values = new Map<string, unknown>();
  const memento = {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  } as vscode.Memento;
  const remembered = createRemembered(memento);
  const restarts = createRestarts(sharedNames(), fail);
  const absent = { kind: 'absent' } as const;
  const deployments = new Deployments({
    store: {
      known: () => [],
      remember: () => Promise.resolve(),
      read: () => Promise.resolve(absent),
      keep: () => Promise.resolve(),
      expire: () => Promise.resolve(),
      forget: () => Promise.resolve(),
      onDidChange: () => ({ dispose: () => undefined }),
    },
    loadSession: () =>
      Promise.resolve((url, token, options) => {
        const client = new CoderClient({ url, token, now: () => timing.now() });
        return new Session({ ...options, client, timing });
      }),
    signal: end.signal,
  });

  const countdowns: string[] = [];
  const warned: string[] = [];
  const fired: unknown[] = [];
  const tree = new WorkspacesTree();
  const workspacesView = new WorkspacesView(() => treeSource(deployments, readSettings(), remembered, []), tree, fail);
  tree.onDidChangeTreeData((change) => fired.push(change));
  const deadlineItem = new DeadlineItem({
    timing,
    source: () => deadlineSource(deployments, remembered),
    show: () => 'always',
    displayLocale: readDisplayLocale,
    draw: ({ content }) => void countdowns.push(content.kind === 'stops' ? content.text : content.kind),
    logError: fail,
  });
  const claimed = new Set<string>();
  const turns = {
    timing,
    claims: {
      has: (key: string) => Promise.resolve(claimed.has(key)),
      take: (key: string) => {
        const isNew = !claimed.has(key);
        claimed.add(key);
        return Promise.resolve(isNew);
      },
    },
    standing: () => ({ isFocused: true, isConnected: true }),
  };
  const warnings = new DeadlineWarnings({
    ...turns,
    source: () => ({ ...warningSource(deployments, readSettings(), remembered), leadsMinutes: [5] }),
    displayLocale: readDisplayLocale,
    warn: (message) => Promise.resolve(void warned.push(message)),
    run: () => undefined,
    showSoon: () => undefined,
    logError: fail,
  });
  const autostop = new AutostopNotices({
    ...turns,
    remembered,
    inform: () => Promise.resolve(),
    start: () => undefined,
    logError: fail,
  });
  const disposables = vscode.Disposable.from(
    { dispose: () => end.abort() },
    connect({
      deployments,
      workspacesView,
      deadlineItem,
      warnings,
      autostop,
      remembered,
      restarts,
      logError: fail,
      // The list alone tells of changes.
      readSettings: () => ({ ...readSettings(), maxStreams: 0 }),
    }),
    workspacesView,
    tree,
    deadlineItem,
    warnings,
    autostop,
  );
  await vscode.commands.executeCommand('coderWorkspaces.workspaces.focus');
  await eventually('the view to be visible', () => workspacesView.view.visible);
  await deployments.restore({ url: deployment.url, token: deployment.token });
  await eventually('the list to be read', () => deployments.state.value.kind === 'ready');
  return { timing, workspacesView, countdowns, warned, fired, dispose: () => void disposables.dispose() };
}

suite('After a jump of the clock', () => {
  // VS Code tells what is visible to whoever made the view last: the extension's own is to be there before a test's.
  suiteSetup(() => extension().activate());

  const tooltipOf = (view: WorkspacesView, label: string): string => {
    const row = view.getChildren().find(({ node }) => node.label === label);
    assert.ok(row, `no row ${label}`);
    const { tooltip } = view.resolveTreeItem(view.getTreeItem(row), row);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    return tooltip.value;
  };

  async function sleepAndLook(age: AgeName): Promise<void> {
    const deployment = await startDeployment({ age, seed: true });
    const window = await openWindow(deployment);
    const { timing, workspacesView, countdowns, warned, fired } = window;
    try {
      // The warnings' calm at the start of a window is over.
      await timing.advance(16_000);
      const before = await eventually('the row of notebook', () => {
        const hasRow = workspacesView.getChildren().some(({ node }) => node.label === 'notebook');
        return hasRow && tooltipOf(workspacesView, 'notebook');
      });
      assert.match(before, /in 2[45] min/);
      assert.match(countdowns.at(-1) ?? '', /2[45] min/);
      assert.deepEqual(warned, []);
      fired.length = 0;

      // The machine sleeps for 21 minutes. The next list takes a minute, so that nothing else draws.
      await deployment.misbehave('slow', { path: LIST, delayMs: MINUTE });
      timing.sleepMachine(21 * MINUTE);
      await timing.advance(5_000);
      assert.match(countdowns.at(-1) ?? '', /\b[34] min/, `the countdown: ${countdowns.join(', ')}`);
      await eventually('the warning', () => warned.length > 0);
      assert.match(warned.join(), /^notebook stops at .*, in [34] min/);
      await eventually('the row to be drawn again', () => fired.length > 0);
      assert.match(tooltipOf(workspacesView, 'notebook'), /in [34] min/);
    } finally {
      window.dispose();
      await deployment.close();
    }
  }

  for (const age of AGES) {
    test(`countdown, tooltips and warnings are true at once, before the list is read (${age})`, () =>
      sleepAndLook(age));
  }
});
