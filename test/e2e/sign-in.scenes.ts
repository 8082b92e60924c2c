// The way in, and everything that can stand in it: addresses, tokens, deployments that are away or empty.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import {
  command,
  enterAddress,
  enterToken,
  focusOnView,
  rowThatReads,
  signIn,
  signOut,
  tabOpenedBy,
  tokenOfThePage,
} from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindow } from './sharedWindow.ts';

const statusItem = 'coderWorkspaces.deadline';
const certificate = (name: string): string =>
  readFileSync(new URL(`../contract/certificates/${name}`, import.meta.url), 'utf8');

let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

describe('Signing in', () => {
  let coder: Deployment;
  let empty: Deployment;
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true });
    empty = await startDeployment({ age: 'v0' });
    workbench = await sharedWindow();
  });
  after(async () => {
    await coder.close();
    await empty.close();
  });

  scenario('begins in the activity bar, with a welcome that has one button', 'in-welcome', async () => {
    const { tree } = workbench;
    assert.match((await workbench.activityBadge()).label, /^Coder Workspaces/);
    const { buttons } = await eventually('the welcome', async () => {
      const welcome = await tree.welcome();
      return welcome.text === '' ? undefined : welcome;
    });
    assert.deepEqual(buttons, ['Sign In']);
    await workbench.command(command(focusOnView));
    await workbench.page.keyboard.press('Tab');
    await workbench.page.keyboard.press('Enter');
    await workbench.quickInput.waitFor(/Sign In: Deployment/);
  });

  scenario('says in one sentence what is wrong with an address, and keeps what was typed', 'in-addresses', async () => {
    const { quickInput } = workbench;
    const gone = await startDeployment({ age: 'v2', bare: true });
    await gone.close();
    const shady = await startDeployment({
      age: 'v2',
      bare: true,
      tls: { cert: certificate('loopback.pem'), key: certificate('loopback.key') },
    });
    try {
      await refused('no such place', /isn't a valid address/);
      await refused('ftp://coder.example.com', /must begin with https:\/\/ or http:\/\//);
      await refused('no-such-host.invalid', /^Couldn't find no-such-host\.invalid\./);
      await refused(gone.url, /^127\.0\.0\.1:\d+ refused the connection\./);
      await refused(shady.url, /isn't trusted.*NODE_EXTRA_CA_CERTS/);
      await coder.misbehave('html');
      await refused(coder.url, /^127\.0\.0\.1:\d+ answered, but it isn't a Coder deployment\./);
      await coder.heal();
      await coder.misbehave('redirect', { location: 'https://sso.example.com/login' });
      await refused(`${coder.url}/`, /redirects to https:\/\/sso\.example\.com\/login\. .*Sign-on pages/);
      await coder.heal();
      await coder.misbehave('502');
      await refused(coder.url, /is currently unavailable/);
      await coder.heal();
    } finally {
      await coder.heal();
      await shady.close();
    }
    const toasts = await workbench.notifications.toasts();
    assert.deepEqual(
      toasts.filter((toast) => !toast.inProgress),
      [],
    );
    assert.equal(await quickInput.isOpen(), true);
  });

  scenario('refuses a wrong token at the box, and takes the right one', 'in-token', async () => {
    const { quickInput } = workbench;
    await enterAddress(workbench, coder.url);
    const token = await tokenOfThePage(workbench, () => quickInput.accept());
    assert.equal(token, coder.token);
    await quickInput.waitFor(/Sign In: Token/);
    assert.equal(await quickInput.isPassword(), true);
    assert.match(await quickInput.message(), new RegExp(new URL(coder.url).host));
    await enterToken(workbench, 'not-the-token');
    await quickInput.waitFor(/^Coder rejected this token: .+ Copy it again/);
    assert.equal(await quickInput.value(), 'not-the-token');
    assert.equal(await quickInput.isPassword(), true);
    await enterToken(workbench, ` ${token}\n`);
    await workbench.notifications.waitFor(/Signed in to .* as owner\./);
    await rowThatReads(workbench, 'api-server', /^Running/);
  });

  scenario('lasts: after a reload the rows are back without a question', 'in-reload', async () => {
    await coder.misbehave('slow', { path: /\/workspaces\?/, delayMs: 2_000, times: 1 });
    await workbench.reload();
    const seen = new Set<string>();
    await eventually(
      'the rows',
      async () => {
        seen.add((await workbench.tree.welcome()).text);
        const message = await workbench.tree.message();
        // VS Code's own word, while the extension is not there yet.
        if (!message.startsWith('There is no data provider registered')) seen.add(message);
        return (await workbench.tree.rows()).length > 5;
      },
      { intervalMs: 30, timeoutMs: 30_000 },
    );
    assert.deepEqual([...seen], [''], 'nothing flashes while it loads');
    assert.equal(await workbench.quickInput.isOpen(), false);
  });

  scenario('is not lost when the deployment is down at start', 'in-down', async () => {
    await coder.stop();
    await workbench.reload();
    const { host } = new URL(coder.url);
    const row = await rowThatReads(workbench, host, /refused the connection/, { timeoutMs: 30_000 });
    assert.equal(row.icon, 'debug-disconnect');
    assert.equal(await workbench.notifications.dialog(), undefined);
    assert.deepEqual(await workbench.notifications.toasts(), []);
    assert.deepEqual(await workbench.tree.inlineActions(host), ['Retry']);
    await coder.start();
    await workbench.command(command('Refresh'));
    await rowThatReads(workbench, 'api-server', /^Running/);
  });

  scenario('ends once when the token has expired, with one message that helps', 'in-expired', async () => {
    const { notifications, quickInput, tree } = workbench;
    await notifications.dismissAll();
    coder.store.keys.clear();
    coder.cutStreams();
    const told = await notifications.waitFor(/You were signed out of /);
    assert.deepEqual(told.buttons, ['Sign In']);
    await eventually('the welcome', async () => (await tree.welcome()).buttons.includes('Sign In'));
    const endings = (await notifications.toasts()).filter((toast) => /signed out|token/.test(toast.message));
    assert.equal(endings.length, 1);
    assert.equal((await workbench.statusItem(statusItem))?.text, 'Sign in to Coder');

    await workbench.command('Notifications: Accept Notification Primary Action');
    await quickInput.waitFor(/Select a deployment/);
    const again = (await quickInput.rows()).map((row) => row.label);
    assert.deepEqual(again, [coder.url, 'Another address…']);
    const tab = await tabOpenedBy(workbench, () => quickInput.pick(coder.url));
    await tab.close();
    await enterToken(workbench, await newToken(coder));
    await rowThatReads(workbench, 'api-server', /^Running/);
    await signOut(workbench);
  });

  scenario('to a deployment without workspaces offers to create one', 'in-empty', async () => {
    await signIn(workbench, empty.url);
    const { text, buttons } = await eventually('the welcome', async () => {
      const welcome = await workbench.tree.welcome();
      return welcome.buttons.includes('Create Workspace') ? welcome : undefined;
    });
    assert.match(text, /^You don't have any workspaces on this deployment yet\./);
    assert.deepEqual(buttons, ['Create Workspace']);
    assert.deepEqual(await workbench.tree.rows(), []);
    assert.equal(await workbench.statusItem(statusItem), undefined);
    await signOut(workbench);
  });
});

async function refused(address: string, why: RegExp): Promise<void> {
  const { quickInput } = workbench;
  await enterAddress(workbench, address);
  await quickInput.accept();
  await quickInput.waitFor(why, { timeoutMs: 25_000 });
  assert.equal(await quickInput.value(), address);
  const said = await quickInput.message();
  assert.doesNotMatch(said, /\b[45]\d\d\b|<|JSON|ECONN|ENOTFOUND|undefined/, 'no noise');
}

/** Signs in by name and password, as the dashboard does. */
async function newToken(coder: Deployment): Promise<string> {
  const { email, password } = coder.users.owner;
  const reply = await fetch(`${coder.url}/api/v2/users/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const body = (await reply.json()) as { session_token: string };
  return body.session_token;
}
