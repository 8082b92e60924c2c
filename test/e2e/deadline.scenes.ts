// A stop that comes, as a person lives through it: warned of in one of two windows, put off by keyboard, required, and made
// by Coder itself.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { eventually } from '../workbench/eventually.ts';
import { notificationsOf } from '../workbench/notifications.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, command, pressOnRow, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindow } from './sharedWindow.ts';

const HOUR_MS = 3_600_000;
const ITEM = 'coderWorkspaces.deadline';

let coder: Deployment;
let workbench: Workbench;
let second: Page;
const scenario = scenariosIn(() => workbench);

/** Toasts that match, in each of the two windows. */
const toasts = async (message: RegExp): Promise<string[]> => {
  const all = [await workbench.notifications.toasts(), await notificationsOf(second).toasts()];
  return all.flatMap((shown, index) =>
    shown.filter((toast) => message.test(toast.message)).map((toast) => `${index}: ${toast.message}`),
  );
};

/**
 * Waits for a toast, and asserts that it is the only one in the 5 s within which another window would show it. VS Code takes
 * one away by itself after 15 s or more, so all that show meanwhile count.
 */
async function toldOnce(message: RegExp): Promise<string> {
  const seen = new Set<string>();
  const look = async (): Promise<boolean> => {
    for (const toast of await toasts(message)) seen.add(toast);
    return seen.size > 0;
  };
  await eventually(`a notification ${String(message)}`, look, { timeoutMs: 40_000 });
  for (const endsAt = Date.now() + 5_500; Date.now() < endsAt;) {
    await pause(200);
    await look();
  }
  const [told = '', ...others] = seen;
  assert.deepEqual(others, []);
  return told;
}

const deadlineOf = (name: string): number => latestBuild(coder.workspace(`owner/${name}`)).deadline ?? 0;

describe('A stop that comes', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true });
    workbench = await sharedWindow({ environment: coder, hasWarnings: true });
    second = await workbench.page.context().newPage();
    await second.goto(workbench.page.url());
    await workbench.page.bringToFront();
  });
  after(async () => {
    await second.close();
    await coder.close();
  });

  scenario('is warned of once, in one of two windows', 'deadline-warning', async () => {
    await rowThatReads(workbench, 'notebook', /^Running · stops /);
    const warning = await toldOnce(/^notebook stops at /);
    assert.match(warning, /stops at \d\d?:\d\d.*, in 2\d min|unless activity postpones it/);
  });

  scenario('is put off from its row by keyboard, and by the usual with one key', 'deadline-extend', async () => {
    const before = deadlineOf('notebook');
    await workbench.notifications.dismissAll();
    await pressOnRow(workbench, 'notebook', 'Control+e');
    await workbench.quickInput.waitFor(/^Extend notebook/);
    const labels = (await workbench.quickInput.rows()).map(({ label }) => label);
    assert.deepEqual(labels.slice(0, 6), ['+30 min', '+1 h', '+2 h', '+4 h', 'Until…', "Don't stop"]);
    await workbench.quickInput.pick('+1 h');
    await workbench.notifications.waitFor(/^notebook now stops at .* \(1 h later\)\.$/);
    await pressOnRow(workbench, 'notebook', 'Shift+Alt+e');
    await eventually('two hours', () => Math.abs(deadlineOf('notebook') - before - 2 * HOUR_MS) < 1_000);
    await eventually('the status bar to show the next', async () =>
      /^must-stop \d+ min$/.test((await workbench.statusItem(ITEM))?.text ?? ''),
    );
  });

  scenario(
    'says why it cannot be postponed where it is required, and can be made earlier',
    'deadline-required',
    async () => {
      await pressOnRow(workbench, 'must-stop', 'Control+e');
      await workbench.quickInput.waitFor(/^Extend must-stop/);
      const labels = (await workbench.quickInput.rows()).map(({ label }) => label);
      assert.ok(!labels.includes('+30 min'), labels.join(' | '));
      assert.ok(labels.includes('As soon as allowed'), labels.join(' | '));
      assert.ok(
        labels.some((label) => label.startsWith('must-stop is required to stop at ')),
        labels.join(' | '),
      );
      await workbench.quickInput.cancel();
      await workbench.quickInput.waitUntilClosed();
    },
  );

  scenario('is that of the pinned workspace in the status bar', 'deadline-pinned', async () => {
    const text = async () => (await workbench.statusItem(ITEM))?.text ?? '';
    assert.match((await workbench.statusItem(ITEM))?.ariaLabel ?? '', /must-stop is required to stop at /);
    await chooseOnRow(workbench, 'web', 'Pin to Status Bar');
    await eventually('its name', async () => (await text()).startsWith('web '));
    await chooseOnRow(workbench, 'web', 'Unpin from Status Bar');
    await eventually('the next one', async () => (await text()).startsWith('must-stop '));
  });

  scenario(
    'within the last lead is counted at the icon, and an hour more takes it away',
    'deadline-badge',
    async () => {
      await workbench.notifications.dismissAll();
      const workspace = coder.workspace('owner/notebook');
      latestBuild(workspace).deadline = coder.store.clock.now() + 4.5 * 60_000;
      coder.changed(workspace);
      await eventually('the badge', async () => (await workbench.activityBadge()).count === '1');
      const there = (await toldOnce(/^notebook stops at .* in 4 min/)).startsWith('0')
        ? workbench.notifications
        : notificationsOf(second);
      await there.press(/^notebook stops at /, 'Extend 1 h');
      await there.waitFor(/^notebook now stops at .* \(1 h later\)\.$/);
      await eventually('no badge', async () => ((await workbench.activityBadge()).count ?? '') === '');
    },
  );

  scenario('by autostop is told once in both windows, and Start starts it again', 'deadline-autostop', async () => {
    await workbench.notifications.dismissAll();
    const workspace = coder.workspace('owner/notebook');
    latestBuild(workspace).deadline = coder.store.clock.now() + 1_000;
    coder.changed(workspace);
    const told = await toldOnce(/^notebook was stopped by autostop\.$/);
    assert.equal(latestBuild(workspace).transition, 'stop', 'nothing starts by itself');
    const there = told.startsWith('0') ? workbench.notifications : notificationsOf(second);
    await there.press(/^notebook was stopped by autostop\.$/, 'Start');
    await rowThatReads(workbench, 'notebook', /^Running/, { timeoutMs: 30_000 });
    await workbench.command(command('Refresh'));
  });
});
