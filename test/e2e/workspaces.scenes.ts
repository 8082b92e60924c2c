// A deployment with seed data: workspaces in every status, servers that go down and come back, builds that fail, apps,
// a thousand rows. Its screenshots are README's.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import {
  chooseOnRow,
  command,
  documentNamed,
  goToRow,
  logThat,
  pressOnRow,
  rowThatReads,
  signIn,
  tabOpenedBy,
} from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindow } from './sharedWindow.ts';

const deadlineItem = 'coderWorkspaces.deadline';

let coder: Deployment;
let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

describe('A deployment with seed data', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true });
    workbench = await sharedWindow({ environment: coder });
  });
  after(() => coder.close());

  scenario('shows a workspace in every status, signed in by the environment', 'workspaces-statuses', async () => {
    const expected: readonly (readonly [string, string, RegExp])[] = [
      ['web', 'vm-running', /^Running · stops /],
      ['queued', 'watch', /^Queued, 1 of 1$/],
      ['undecided', 'loading', /^Canceling…$/],
      ['fading', 'loading', /^Deleting · \d:\d\d/],
      ['warming-up', 'loading', /^Starting · \d:\d\d/],
      ['winding-down', 'loading', /^Stopping · \d:\d\d/],
      ['api-server', 'warning', /^Running · agent gpu /],
      ['by-hand', 'vm-running', /^Running · no stop set$/],
      ['docs-site', 'vm-running', /^Running/],
      ['broken', 'error', /^Start failed: Error: creating EC2 Instance: InsufficientInstanceCapacity$/],
      ['abandoned', 'circle-slash', /^Start canceled$/],
      ['hung', 'circle-slash', /^Start canceled$/],
      ['archive', 'vm-outline', /^Stopped · 2 days ago$/],
      ['sleeping', 'debug-pause', /^Dormant, deleted on /],
    ];
    for (const [name, icon, description] of expected) {
      const row = await rowThatReads(workbench, name, description);
      assert.equal(row.icon, icon, name);
      assert.equal(row.level, 1);
      assert.ok(row.ariaLabel.startsWith(`${name}, ${row.description}`), row.ariaLabel);
    }
    const names = (await workbench.tree.rows()).map((row) => row.label);
    assert.equal(names[0], 'web', 'the favorite first');
    assert.ok(names.indexOf('warming-up') < names.indexOf('by-hand'), 'what is under way before what runs');
    assert.ok(names.indexOf('by-hand') < names.indexOf('archive'), 'what runs before what does not');
    assert.match((await workbench.statusItem(deadlineItem))?.text ?? '', /^notebook 2\d min$/);
  });

  scenario(
    'shows agents and apps below a workspace, hidden ones left out, secrets masked',
    'workspaces-below',
    async () => {
      await pressOnRow(workbench, 'api-server', 'ArrowRight');
      const agent = await rowThatReads(workbench, 'main', /^connected · linux\/amd64$/);
      assert.equal(agent.level, 3);
      const below = (await workbench.tree.rows()).map((row) => `${row.label} ${row.description}`.trim());
      assert.ok(below.includes('VS Code'), below.join(' | '));
      assert.ok(!below.includes('secret'), 'the hidden app');
      assert.ok(!below.some((row) => row.startsWith('net ')), 'the hidden resource');
      assert.ok(!below.some((row) => row.includes('hunter2')), 'the sensitive value');
      await rowThatReads(workbench, 'password', /^•+$/);
    },
  );

  scenario('opens an app outside only after its host was seen', 'workspaces-app', async () => {
    await pressOnRow(workbench, 'docs', 'Enter');
    const dialog = await workbench.notifications.waitForDialog(/open the external website/);
    assert.match(dialog.detail, /^https:\/\/example\.com\/docs/);
    await workbench.page.keyboard.press('Escape');
    await eventually('no dialog', async () => (await workbench.notifications.dialog()) === undefined);
    await pressOnRow(workbench, 'preview', 'Enter');
    await workbench.notifications.waitFor(
      /^preview needs a wildcard access URL, which this deployment doesn't have\.$/,
    );
    await pressOnRow(workbench, 'api-server', 'ArrowLeft');
  });

  scenario(
    'opens an app outside at the address that the server gave, to the letter',
    'workspaces-address',
    async () => {
      const { page, notifications } = workbench;
      const address =
        'https://example.com/docs/a%2Fb?redirect=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D2&sum=1%2B1#a%23b';
      const agents =
        coder
          .workspace('owner/api-server')
          .builds.at(-1)
          ?.resources.flatMap((each) => each.agents) ?? [];
      const docs = agents.flatMap((agent) => agent.apps).find((app) => app.spec.slug === 'docs');
      assert.ok(docs);
      docs.spec = { ...docs.spec, url: address };
      coder.changed(coder.workspace('owner/api-server'));
      await rowThatReads(workbench, 'api-server', /^Running/);
      await page.context().route('https://example.com/**', (route) => route.fulfill({ body: 'docs' }));
      await workbench.command(command('Refresh'));
      await pressOnRow(workbench, 'api-server', 'ArrowRight');
      await pressOnRow(workbench, 'docs', 'Enter');
      await notifications.waitForDialog(/open the external website/);
      const tab = await tabOpenedBy(workbench, () => notifications.pressInDialog('Open'));
      assert.equal(tab.url(), address);
      await tab.close();
      await pressOnRow(workbench, 'api-server', 'ArrowLeft');
    },
  );

  scenario('tells the whole of an error on hover, and shows the log of what failed', 'workspaces-failed', async () => {
    const tooltip = await workbench.tree.tooltip('broken');
    assert.match(tooltip, /^owner\/broken/);
    assert.match(tooltip, /Template: failing/);
    assert.match(tooltip, /on main\.tf line 12, in resource "aws_instance" "dev":/);
    await chooseOnRow(workbench, 'broken', 'Show Build Log');
    const log = await documentNamed(workbench, 'broken #1.log');
    assert.match(log, /──── start failed after/);
    assert.match(log, / {2}error Error: creating EC2 Instance: InsufficientInstanceCapacity\n/);
  });

  scenario('tells at once when a build fails, and opens its log', 'workspaces-fails', async () => {
    await workbench.command('View: Close All Editors');
    await chooseOnRow(workbench, 'broken', 'Start');
    const toast = await workbench.notifications.waitFor(/^broken failed to start: /);
    assert.equal(toast.severity, 'error');
    assert.match(toast.message, /InsufficientInstanceCapacity/);
    assert.deepEqual(toast.buttons, ['Show Log']);
    await logThat(workbench, 'Coder: owner/broken', (text) => text.includes('start #2'));
    await workbench.command('View: Hide Panel');
  });

  scenario('goes down and comes back: the rows stay, and say how old they are', 'workspaces-offline', async () => {
    await workbench.notifications.dismissAll();
    const before = (await workbench.tree.rows()).map((row) => row.label);
    await coder.stop();
    const message = await eventually(
      'the word that it is offline',
      async () => {
        const said = await workbench.tree.message();
        return said.startsWith('Offline since ') ? said : undefined;
      },
      { timeoutMs: 30_000 },
    );
    assert.match(message, /^Offline since \d{1,2}:\d\d.*, retrying/);
    assert.deepEqual(
      (await workbench.tree.rows()).map((row) => row.label),
      before,
    );
    assert.match((await workbench.statusItem(deadlineItem))?.text ?? '', /^notebook 2\d min$/);
    assert.deepEqual(await workbench.notifications.toasts(), []);

    await chooseOnRow(workbench, 'archive', 'Start');
    await workbench.notifications.waitFor(/^127\.0\.0\.1:\d+ refused the connection\./);
    await rowThatReads(workbench, 'archive', /^Stopped/);

    await coder.start();
    await workbench.command(command('Refresh'));
    await eventually('all is well again', async () => (await workbench.tree.message()) === '', { timeoutMs: 40_000 });
    await chooseOnRow(workbench, 'archive', 'Start');
    await workbench.quickInput.waitFor(/^archive: debug/);
    await workbench.quickInput.accept();
    await rowThatReads(workbench, 'archive', /^Running/);
  });
});

describe('A deployment with a thousand workspaces', () => {
  scenario('shows them all, and the keyboard reaches the last', 'workspaces-many', async () => {
    const many = await startDeployment({ age: 'v2', workspaces: 1000 });
    try {
      await signIn(workbench, many.url);
      await rowThatReads(workbench, 'generated-0', /^Running/, { timeoutMs: 30_000 });
      const { page } = workbench;
      const first = page.locator('.part.sidebar .tree-explorer-viewlet-tree-view .monaco-list-row').first();
      await eventually('a thousand rows', async () => (await first.getAttribute('aria-setsize')) === '1000');
      await goToRow(workbench, 'generated-0');
      await page.keyboard.press('End');
      await eventually('the last row', async () => (await workbench.tree.row('generated-999')) !== undefined);
      await chooseOnRow(workbench, 'generated-0', 'Stop');
      await workbench.notifications.waitForDialog(/^Stop generated-0\?$/);
      await page.keyboard.press('Escape');
    } finally {
      await many.close();
    }
  });
});
