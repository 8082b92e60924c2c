// Finding one's way among many workspaces, by keyboard: scope, filter, clear, sort, group; remembered over a reload.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { command, focusOnView, goToRow, pressOnRow, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

let coder: Deployment;
let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

const labels = async (level = 1): Promise<string[]> =>
  (await workbench.tree.rows()).filter((row) => row.level === level).map(({ label }) => label);

describe('Finding one’s way', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', release: '2.36', seed: true });
    coder.hold('builds');
    workbench = await sharedWindowSignedInTo(coder);
    await eventually('the rows', async () => (await workbench.tree.rows()).length > 10);
  });
  after(() => coder.close());

  scenario(
    'one who looks for others’ workspaces chooses the scope, and sees how many there are of each',
    'finding-scope',
    async () => {
      const { quickInput } = workbench;
      await workbench.command(command('Scope'));
      await quickInput.waitFor(/Select whose workspaces to show/);
      const rows = (await quickInput.rows()).map((row) => `${row.label}: ${row.description}`);
      assert.match(
        rows.join(' | '),
        /Mine: \d+ workspaces · current \| Shared with me: 0 workspaces \| All I can see: \d+ workspaces/,
      );
      await quickInput.pick('All I can see');
      const row = await rowThatReads(workbench, 'dana/mine', /^Running/);
      assert.match(row.ariaLabel, /^dana\/mine, Running/);
    },
  );

  scenario(
    'one who filters sees what holds above the rows, and a filter that hides all says so',
    'finding-filter',
    async () => {
      const { quickInput, tree } = workbench;
      await workbench.command(command('Filter'));
      await quickInput.waitFor(/Select what to filter by/);
      await quickInput.pick('Name');
      await quickInput.waitFor(/Part of the name/);
      await quickInput.type('api');
      await quickInput.accept();
      await eventually('the rows', async () => (await labels()).sort().join(' ') === 'api-server dana/api-server');
      await eventually('what holds', async () => (await tree.message()) === 'Filtered by Name: api');

      // By its name or by what the rows show.
      await workbench.command(command('Filter'));
      await quickInput.waitFor(/Select what to filter by/);
      await quickInput.pick('Template');
      await quickInput.waitFor(/Select a value/);
      await quickInput.type('dev');
      const templates = (await quickInput.rows()).map((row) => `${row.label}: ${row.description}`);
      assert.equal(templates[0], 'Development: dev · 2 workspaces');
      await quickInput.pick('Development');
      const both = 'Filtered by Name: api · Template: Development';
      await eventually('what holds', async () => (await tree.message()) === both);

      await workbench.command(command('Filter'));
      await quickInput.waitFor(/Select what to filter by/);
      await quickInput.pick('Query');
      await quickInput.waitFor(/search syntax/);
      await quickInput.type('outdated:maybe');
      await quickInput.accept();
      await quickInput.waitFor(/outdated: /);
      assert.deepEqual((await labels()).sort(), ['api-server', 'dana/api-server'], 'the rows stay');
      await quickInput.type('status:failed');
      await quickInput.accept();
      await eventually('the welcome', async () => (await tree.welcome()).buttons.includes('Clear Filter'));
    },
  );

  scenario(
    'one clears the filter from where it says that all is hidden, and goes on in the rows',
    'finding-clear',
    async () => {
      const { page, tree } = workbench;
      await workbench.command(command(focusOnView));
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await eventually('the rows', async () => (await labels()).length > 10);
      assert.equal((await tree.welcome()).text, '');
      await eventually('no word of a filter', async () => (await tree.message()) === '');
      // The link that was pressed has gone; the keyboard is still in the view.
      const focused = page.locator('.part.sidebar .monaco-list:focus-within');
      await eventually('the focus in the rows', async () => (await focused.count()) === 1);
    },
  );

  scenario(
    'one sorts by name and groups by owner; groups are read with their count, and stay closed as they were left',
    'finding-group',
    async () => {
      const { quickInput, page, tree } = workbench;
      await workbench.command(command('Sort'));
      await quickInput.waitFor(/Select the sort order/);
      await quickInput.pick('Name');
      await workbench.command(command('Group'));
      await quickInput.waitFor(/Select how to group/);
      await quickInput.pick('Owner');
      await eventually('the groups', async () => (await labels()).join(' ') === 'dana owner');
      assert.equal((await tree.row('dana'))?.ariaLabel, 'dana, 2 workspaces');
      const names = await labels(2);
      assert.deepEqual(names.slice(0, 2), ['dana/api-server', 'dana/mine']);
      assert.deepEqual(names.slice(2), [...names.slice(2)].sort());
      await pressOnRow(workbench, 'dana', 'ArrowLeft');
      await eventually('it is closed', async () => (await tree.row('dana'))?.expanded === false);
      await goToRow(workbench, 'web');
      // What changes meanwhile opens nothing and moves nothing.
      const web = coder.workspace('owner/web');
      web.lastUsedAt = Date.now();
      coder.loseAgent('owner/api-server', 'main');
      coder.changed(coder.workspace('owner/api-server'));
      await workbench.command(command('Refresh'));
      await eventually('the rows again', async () => (await labels(2)).includes('web'));
      assert.equal((await tree.row('dana'))?.expanded, false);
      await page.keyboard.press('Escape');
    },
  );

  scenario('all of it is as it was after the window was loaded again', 'finding-reload', async () => {
    await workbench.page.reload();
    await workbench.openSideBar();
    await eventually('the groups', async () => (await labels()).join(' ') === 'dana owner', { timeoutMs: 60_000 });
    // One's own are counted down, whatever is shown.
    const item = await eventually('the countdown', () => workbench.statusItem('coderWorkspaces.deadline'));
    assert.doesNotMatch(item.text, /mine/);
  });
});
