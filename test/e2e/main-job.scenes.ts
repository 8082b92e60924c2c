// The main job, end to end and by keyboard: sign in, create, follow the log, extend, cancel, stop, start, delete; on a
// deployment of today and on one of the first.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import {
  chooseOnRow,
  command,
  confirm,
  focusOnView,
  pressOnRow,
  logThat,
  rowThatReads,
  signIn,
  signOut,
} from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindow } from './sharedWindow.ts';

const HOUR_MS = 3_600_000;
const deadlineItem = 'coderWorkspaces.deadline';

let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

describe('On a deployment of today', () => {
  let coder: Deployment;
  before(async () => {
    coder = await startDeployment({ age: 'v2' });
    workbench = await sharedWindow();
  });
  after(() => coder.close());

  scenario(
    'one signs in by typing the address and pasting the token of the page that opens',
    'v2-sign-in',
    async () => {
      await signIn(workbench, coder.url);
      await workbench.notifications.waitFor(/Signed in to .* as owner\./);
    },
  );

  scenario('one who has no workspace is offered to create one, and does', 'v2-create', async () => {
    const { quickInput, tree } = workbench;
    await eventually('the welcome', async () => (await tree.welcome()).buttons.includes('Create Workspace'));
    await workbench.command(command(focusOnView));
    await workbench.page.keyboard.press('Tab');
    await workbench.page.keyboard.press('Enter');

    await quickInput.waitFor(/Create Workspace: Template/);
    await quickInput.pick('Development');
    await quickInput.waitFor(/Create Workspace: Preset/);
    await quickInput.pick('Small');
    await quickInput.waitFor(/Create Workspace: Name/);
    await quickInput.type('pay ments');
    await quickInput.waitFor(/Use only letters, digits, and single hyphens/);
    await quickInput.type('payments');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Region/);
    assert.match(await quickInput.placeholder(), /Can't be changed later/);
    await quickInput.pick('United States');
    await quickInput.waitFor(/Create Workspace: repo/);
    await quickInput.type('somewhere');
    await quickInput.waitFor(/An https address, please/);
    await quickInput.type('https://example.com/r.git');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Summary/);
    const summary = await quickInput.rows();
    const answers = summary.map(({ label, description }) => `${label}: ${description}`);
    for (const answer of [
      'Preset: Small',
      'Name: payments',
      'Region: United States',
      'repo: https://example.com/r.git',
    ]) {
      assert.ok(answers.includes(answer), `${answer} in ${answers.join(' | ')}`);
    }
    await quickInput.accept();

    await workbench.notifications.waitFor(/^payments started in /);
    const row = await rowThatReads(workbench, 'payments', /^Running · /);
    assert.equal(row.icon, 'vm-running');
    const { parameters } = buildOf(coder, 'payments');
    const sent = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
    assert.deepEqual([sent.region, sent.cpu, sent.repo], ['us', '2', 'https://example.com/r.git']);
  });

  scenario('the status bar counts down to the stop, and one who extends sees it there', 'v2-extend', async () => {
    const { quickInput } = workbench;
    await statusBarThatReads(/^7 h 59 min$/);
    const before = deadlineOf(coder, 'payments');
    await workbench.command(command('Extend Deadline'));
    await quickInput.waitFor(/Select a workspace/);
    await quickInput.pick('payments');
    await quickInput.waitFor(/Extend payments/);
    await quickInput.pick('+1 h');
    await workbench.notifications.waitFor(/^payments now stops at .* \(1 h later\)\.$/);
    assert.equal(Math.round((deadlineOf(coder, 'payments') - before) / 1000), HOUR_MS / 1000);
    await statusBarThatReads(/^8 h 59 min$/);
  });

  scenario('a clock time that is none is refused as it is typed, one that is one is kept', 'v2-until', async () => {
    const { quickInput } = workbench;
    await chooseOnRow(workbench, 'payments', 'Extend Deadline');
    await quickInput.waitFor(/Extend payments/);
    // What is typed among the amounts is no row, but is there in the box.
    await quickInput.type('25:9');
    await quickInput.pick('Until…');
    await quickInput.waitFor(/Extend payments Until/);
    assert.equal(await quickInput.value(), '25:9');
    await quickInput.type('25:99');
    const refusal = await eventually('a refusal', async () => {
      const said = await quickInput.message();
      return said.includes("Press 'Enter'") ? undefined : said;
    });
    assert.match(refusal, /25:99|time/);
    const until = new Date(deadlineOf(coder, 'payments') + 30 * 60_000);
    until.setSeconds(0, 0);
    const two = (count: number) => String(count).padStart(2, '0');
    await quickInput.type(`${two(until.getHours())}:${two(until.getMinutes())}`);
    await quickInput.waitFor(/in 9 h \d+ min/);
    await quickInput.accept();
    await workbench.notifications.waitFor(/^payments now stops at .* \(\d+ min later\)\.$/);
    assert.equal(Math.abs(deadlineOf(coder, 'payments') - until.getTime()) < 60_000, true);
    await statusBarThatReads(/^9 h \d+ min$/);
  });

  scenario('a build log streams into the Output panel while the workspace starts', 'v2-log', async () => {
    const { quickInput } = workbench;
    await workbench.notifications.dismissAll();
    await createWorkspace('slow', 'worker');
    await quickInput.accept();
    await rowThatReads(workbench, 'worker', /^Starting · \d:\d\d/);
    const progress = await workbench.notifications.waitFor(/^Starting worker: .*Show Log$/);
    assert.deepEqual(progress.links, ['Show Log']);
    assert.ok(progress.buttons.includes('Cancel'), progress.buttons.join());
    // However slow this machine is: the build goes on when its log has been seen.
    coder.hold('builds');
    await workbench.command(command('Show Build Log'));
    await quickInput.waitFor(/Select a workspace/);
    await quickInput.pick('worker');
    const meanwhile = await logThat(workbench, 'Coder: owner/worker', (text) =>
      text.includes('Planning... [0s elapsed]'),
    );
    assert.ok(!meanwhile.includes('──── running'), meanwhile);
    await rowThatReads(workbench, 'worker', /^Starting/);
    coder.release();

    const log = await logThat(
      workbench,
      'Coder: owner/worker',
      (text) => /──── started in [\d.]+ s ────\s*$/.test(text),
      {
        timeoutMs: 25_000,
      },
    );
    assert.match(log, /^──── start #1 · slow/);
    assert.match(log, /Zażółć gęślą jaźń 日本語 🚀/);
    assert.match(log, / {2}trace Apply in progress\n/, 'colours are taken out');
    assert.ok(log.startsWith(meanwhile.trimEnd().slice(0, meanwhile.lastIndexOf('▸'))), 'what was there stays');
    const numbered = log.match(/\[\d+s elapsed\]/g) ?? [];
    assert.deepEqual(numbered, [...new Set(numbered)], 'each line once');
    assert.equal(numbered.length, 34);
    await workbench.notifications.waitFor(/^worker started in [\d.]+ s\.$/);
    await rowThatReads(workbench, 'worker', /^Running · stops /);
  });

  scenario('a running build is canceled from its row, after a question', 'v2-cancel', async () => {
    await cancelABuild(coder, 'stuck');
  });

  scenario('a stop asks first: Escape changes nothing, Enter stops', 'v2-stop', async () => {
    await chooseOnRow(workbench, 'payments', 'Stop');
    await workbench.notifications.waitForDialog(/^Stop payments\?$/);
    await workbench.page.keyboard.press('Escape');
    await eventually('no dialog', async () => (await workbench.notifications.dialog()) === undefined);
    assert.equal(buildOf(coder, 'payments').transition, 'start');

    await chooseOnRow(workbench, 'payments', 'Stop');
    await confirm(workbench, /^Stop payments\?$/, 'Stop');
    const row = await rowThatReads(workbench, 'payments', /^Stopped/);
    assert.equal(row.icon, 'vm-outline');
    await workbench.notifications.waitFor(/^payments stopped in /);
    await statusBarThatReads(/^7 h 59 min$/);
  });

  scenario('a stopped workspace starts again', 'v2-start', async () => {
    await chooseOnRow(workbench, 'payments', 'Start');
    // It holds for one start.
    await workbench.quickInput.waitFor(/^payments: debug/);
    await workbench.quickInput.accept();
    await rowThatReads(workbench, 'payments', /^Running/);
    assert.equal(coder.workspace('owner/payments').builds.length, 3);
  });

  scenario('a workspace is deleted once its name was typed, and not before', 'v2-delete', async () => {
    const { quickInput } = workbench;
    await chooseOnRow(workbench, 'payments', 'Delete');
    await quickInput.waitFor(/Delete payments/);
    await quickInput.type('work');
    await quickInput.accept();
    await quickInput.waitFor(/Type payments to confirm\.$/);
    await quickInput.cancel();
    await quickInput.waitUntilClosed();
    assert.equal(buildOf(coder, 'payments').transition, 'start');

    await pressOnRow(workbench, 'payments', 'Delete');
    await quickInput.waitFor(/Delete payments/);
    await quickInput.type('payments');
    await quickInput.accept();
    await workbench.notifications.waitFor(/^payments was deleted in /);
    await eventually('the row to go', async () => (await workbench.tree.row('payments')) === undefined);
  });

  scenario('one signs out, and nothing is left to see', 'v2-sign-out', async () => {
    await signOut(workbench);
    assert.deepEqual(await workbench.tree.rows(), []);
    assert.equal(await workbench.statusItem(deadlineItem), undefined);
  });
});

describe('On a deployment of the first age', () => {
  let coder: Deployment;
  before(async () => {
    coder = await startDeployment({ age: 'v0' });
  });
  after(() => coder.close());

  scenario('one signs in, creates with the parameters of that age and follows the log', 'v0-create', async () => {
    const { quickInput } = workbench;
    await signIn(workbench, coder.url);
    await eventually('the welcome', async () => (await workbench.tree.welcome()).buttons.includes('Create Workspace'));
    const logs = (await workbench.output.channels()).filter((channel) => channel.startsWith('Coder: '));
    assert.deepEqual(logs, [], 'those of the deployment before');
    await workbench.command(command('Create Workspace'));
    await quickInput.waitFor(/Create Workspace: Template/);
    await quickInput.pick('Development');
    await quickInput.waitFor(/Create Workspace: Name/);
    await quickInput.type('legacy');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: size/);
    await quickInput.type('large');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Summary/);
    await quickInput.pick('Change parameters with defaults…');
    await quickInput.waitFor(/Create Workspace: region/);
    await quickInput.pick('us');
    await quickInput.waitFor(/Create Workspace: size/);
    assert.equal(await quickInput.value(), 'large');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: token/);
    assert.equal(await quickInput.isPassword(), true);
    await quickInput.type('hunter2');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Summary/);
    const summary = (await quickInput.rows()).map(({ label, description }) => `${label}: ${description}`);
    assert.ok(summary.includes('token: •••'), summary.join(' | '));
    await quickInput.accept();
    await workbench.notifications.waitFor(/^legacy started in /);
    await rowThatReads(workbench, 'legacy', /^Running · stops /);
    await chooseOnRow(workbench, 'legacy', 'Show Build Log');
    await logThat(workbench, 'Coder: owner/legacy', (text) => /──── started in [\d.]+ s ────\s*$/.test(text));
  });

  scenario('one extends, and the status bar shows it', 'v0-extend', async () => {
    const before = deadlineOf(coder, 'legacy');
    await statusBarThatReads(/^7 h 59 min$/);
    await chooseOnRow(workbench, 'legacy', 'Extend Deadline');
    await workbench.quickInput.waitFor(/Extend legacy/);
    await workbench.quickInput.pick('+2 h');
    await workbench.notifications.waitFor(/^legacy now stops at .* \(2 h later\)\.$/);
    assert.equal(Math.round((deadlineOf(coder, 'legacy') - before) / 1000), (2 * HOUR_MS) / 1000);
    await statusBarThatReads(/^9 h 59 min$/);
  });

  scenario('a running build is canceled from its row, after a question', 'v0-cancel', async () => {
    await cancelABuild(coder, 'stuck');
    await signOut(workbench);
  });
});

/** Up to the summary, for a template that asks for nothing. */
async function createWorkspace(template: string, name: string): Promise<void> {
  const { quickInput } = workbench;
  await workbench.command(command('Create Workspace'));
  await quickInput.waitFor(/Create Workspace: Template/);
  await quickInput.pick(template);
  await quickInput.waitFor(/Create Workspace: Name/);
  await quickInput.type(name);
  await quickInput.accept();
  await quickInput.waitFor(/Create Workspace: Summary/);
}

/** Creates one that never gets there, and cancels that. */
async function cancelABuild(coder: Deployment, name: string): Promise<void> {
  await workbench.notifications.dismissAll();
  await createWorkspace('hang', name);
  await workbench.quickInput.accept();
  await rowThatReads(workbench, name, /^Starting/);
  await chooseOnRow(workbench, name, 'Cancel Build');
  await confirm(workbench, /^Cancel the start of /, 'Cancel Build');
  const row = await rowThatReads(workbench, name, /^Start canceled$/);
  assert.equal(row.icon, 'circle-slash');
  await workbench.notifications.waitFor(/^The start of .* was canceled\.$/);
  await chooseOnRow(workbench, name, 'Show Build Log');
  await logThat(workbench, `Coder: owner/${name}`, (text) => /──── start canceled after [\d.]+ s ────\s*$/.test(text));
  assert.ok(buildOf(coder, name).job.canceledAt !== undefined);
}

function buildOf(coder: Deployment, name: string) {
  const build = coder.workspace(`owner/${name}`).builds.at(-1);
  assert.ok(build);
  return build;
}

/** By the deployment's own word, milliseconds since the epoch. */
function deadlineOf(coder: Deployment, name: string): number {
  const { deadline } = buildOf(coder, name);
  assert.ok(deadline !== undefined);
  return deadline;
}

async function statusBarThatReads(text: RegExp): Promise<void> {
  let seen: string | undefined;
  await eventually(`the status bar to read ${String(text)}`, async () => {
    seen = (await workbench.statusItem(deadlineItem))?.text;
    return seen !== undefined && text.test(seen);
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it reads: ${seen ?? 'nothing'}`, { cause: error });
  });
}
