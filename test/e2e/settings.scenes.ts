// What can be set of a workspace, several at once, and any workspace by its name; by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, command, confirm, goToRow, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

let coder: Deployment;
let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

/** Selects a row alone, by VS Code's key that leaves it closed. */
async function select(name: string): Promise<void> {
  const { page, tree } = workbench;
  await goToRow(workbench, name);
  await eventually(`${name} alone to be selected`, async () => {
    const selected = await namesOfSelected();
    if (selected.join() === name) return true;
    await page.keyboard.press((await tree.row(name))?.selected === true ? 'Escape' : 'ControlOrMeta+Shift+Enter');
    return false;
  });
}

const namesOfSelected = async (): Promise<string[]> =>
  (await workbench.tree.rows()).filter(({ selected }) => selected).map(({ label }) => label);

/** Selects a row and the one below it. */
async function selectTwo(name: string): Promise<string[]> {
  await select(name);
  await workbench.page.keyboard.press('Shift+ArrowDown');
  return eventually('two rows to be selected', async () => {
    const selected = await namesOfSelected();
    return selected.length === 2 ? selected : undefined;
  });
}

describe('Settings of workspaces', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true, allowRenames: true, speed: 5 });
    workbench = await sharedWindowSignedInTo(coder);
  });
  after(() => coder.close());

  scenario('F2 renames the selected workspace, with a warning, and its row says so', 'settings-rename', async () => {
    const { quickInput, notifications } = workbench;
    await rowThatReads(workbench, 'archive', /^Stopped/);
    await select('archive');
    await workbench.page.keyboard.press('F2');
    await quickInput.waitFor(/Rename archive/);
    await quickInput.waitFor(/can lose data/);
    assert.equal(await quickInput.value(), 'archive');
    await quickInput.type('web');
    await quickInput.waitFor(/already have a workspace named/);
    await quickInput.type('attic');
    await quickInput.accept();
    await notifications.waitFor(/^archive is now named attic\.$/);
    await rowThatReads(workbench, 'attic', /^Stopped/);
    await notifications.dismissAll();
  });

  scenario(
    'an autostart is typed in words, and its next start stands below as it is typed',
    'settings-autostart',
    async () => {
      const { quickInput, notifications } = workbench;
      await chooseOnRow(workbench, 'notebook', 'Set Autostart');
      await quickInput.waitFor(/Set Autostart for notebook/);
      await quickInput.type('Mon and Wed 7:15 Europe/Atlantis');
      await quickInput.waitFor(/optionally with a time zone/);
      await quickInput.type('Mon and Wed 7:15 Europe/Paris');
      await quickInput.waitFor(/^Mon, Wed 0?7:15.* \(Europe\/Paris\)\. Next start: .*, in /);
      await quickInput.accept();
      await notifications.waitFor(/^Autostart for notebook: Mon, Wed /);
      assert.equal(coder.workspace('owner/notebook').autostartSchedule, 'CRON_TZ=Europe/Paris 15 7 * * 1,3');
      await notifications.dismissAll();
    },
  );

  scenario('two selected rows are stopped by one question, and deleted by their number', 'settings-many', async () => {
    const { page, quickInput, notifications, tree } = workbench;
    const rows = await eventually('the rows', async () => {
      const all = (await tree.rows()).filter(({ level }) => level === 1);
      const at = all.findIndex(
        ({ description }, index) =>
          description.startsWith('Running') && all[index + 1]?.description.startsWith('Running') === true,
      );
      return at < 0 ? undefined : all.slice(at, at + 2);
    });
    const [first = '', second = ''] = rows.map(({ label }) => label);
    assert.deepEqual(await selectTwo(first), [first, second]);
    await page.keyboard.press('Shift+F10');
    const menu = page.locator('.monaco-menu .action-item');
    const focused = page.locator('.monaco-menu .action-item.focused .action-label');
    await menu.first().waitFor();
    await eventually(
      'Stop in the menu',
      async () => {
        if ((await focused.allTextContents()).at(-1)?.trim() === 'Stop') return true;
        await page.keyboard.press('ArrowDown');
        return false;
      },
      { intervalMs: 50 },
    );
    await page.keyboard.press('Enter');
    const dialog = await notifications.waitForDialog(/Stop: 2 workspaces/);
    assert.ok(dialog.detail.startsWith(`${first}, ${second}`), dialog.detail);
    assert.match(dialog.detail, /Running processes end/);
    await confirm(workbench, /Stop: 2 workspaces/, 'Stop');
    await notifications.waitFor(/^Stopped 2 workspaces\.$/);
    for (const name of [first, second]) await rowThatReads(workbench, name, /^Stopped/);
    await notifications.dismissAll();

    const doomed = await selectTwo(first);
    await page.keyboard.press('Delete');
    await quickInput.waitFor(/Delete: 2 workspaces/);
    await quickInput.waitFor(/Type 2 to confirm/);
    await quickInput.type('2');
    await quickInput.accept();
    await notifications.waitFor(/^Deleted 2 workspaces\.$/);
    for (const name of doomed) {
      await eventually(`${name} to be gone`, async () => (await tree.row(name)) === undefined);
    }
    await notifications.dismissAll();
  });

  scenario(
    'any workspace is opened by its name: a listed one in its row, another one with what it allows',
    'settings-open',
    async () => {
      const { quickInput, tree } = workbench;
      await workbench.command(command('Open Workspace…'));
      await quickInput.waitFor(/Open Workspace/);
      await quickInput.type(`${coder.url}/@owner/attic`);
      await quickInput.accept();
      await eventually('the row to be selected', async () => (await tree.row('attic'))?.selected === true);
      await workbench.command(command('Open Workspace…'));
      await quickInput.waitFor(/Open Workspace/);
      await quickInput.type('dana/api-server');
      await quickInput.accept();
      await quickInput.waitFor(/^dana\/api-server$/);
      const labels = (await quickInput.rows()).map(({ label }) => label);
      assert.ok(labels.includes('Start'), labels.join());
      await quickInput.cancel();
    },
  );
});
