// A server whose every word tries to be more than a word: links that run commands, pictures, text that turns around.
// Wherever it is drawn, it is text.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { makeHostile } from './hostileTexts.ts';
import { chooseOnRow, command, confirm, goToRow, logThat, openEditor, rowThatReads, signIn } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindow } from './sharedWindow.ts';

let coder: Deployment;
let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

describe('A hostile text', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true, allowRenames: true });
    makeHostile(coder);
    workbench = await sharedWindow();
  });
  after(() => coder.close());

  scenario('is text in the greeting, in rows and below them', 'hostile-rows', async () => {
    await signIn(workbench, coder.url);
    await workbench.notifications.waitFor(/^Signed in to .* as \[x\] /);
    await nothingLives('the greeting');
    const row = await hostileRow();
    assert.match(row.label, /^\[x\]/);
    await goToRow(workbench, row.label);
    await workbench.page.keyboard.press('ArrowRight');
    await eventually('what is below', async () => {
      const rows = await workbench.tree.rows();
      return rows.some(({ level, label }) => level > 1 && label.startsWith('[x]'));
    });
    await nothingLives('the tree');
  });

  scenario('is text in tooltips and in the status bar', 'hostile-hover', async () => {
    const tooltip = await workbench.tree.tooltip((await hostileRow()).label);
    assert.match(tooltip, /\[x\] ?\(command:workbench\.action\.toggleZenMode\)/);
    await nothingLives('the tooltip of a row');
    const item = await workbench.statusItem('coderWorkspaces.deadline');
    assert.match(item?.text ?? '', /^\[x\]/);
    const { page } = workbench;
    await page.locator('[id="coder-workspaces.coder-workspaces.coderWorkspaces.deadline"]').hover();
    const hover = page.locator('.workbench-hover:visible', { hasText: 'Extend' });
    await hover.first().waitFor();
    await nothingLives('the tooltip of the status bar');
    await page.mouse.move(0, 0);
  });

  scenario('is text in an app, whose address is not opened unless it is of the web', 'hostile-app', async () => {
    const tabs: unknown[] = [];
    workbench.page.context().on('page', (tab) => tabs.push(tab));
    await goToRow(workbench, 'evil app');
    await workbench.page.keyboard.press('Enter');
    await workbench.notifications.waitFor(/http and https|web address|browser/i);
    assert.deepEqual(tabs, []);
    assert.equal(await workbench.notifications.dialog(), undefined);
    await nothingLives('the word about the app');
  });

  scenario('is text in questions about a workspace, and in their outcome', 'hostile-questions', async () => {
    const { quickInput, notifications } = workbench;
    const { label } = await hostileRow();
    await chooseOnRow(workbench, label, 'Delete');
    await quickInput.waitFor(/^Delete \[x\]/);
    await nothingLives('the question before a deletion');
    await quickInput.cancel();
    await chooseOnRow(workbench, label, 'Extend Deadline');
    await quickInput.waitFor(/^Extend \[x\]/);
    await nothingLives('the choice of an extension');
    await quickInput.pick('+1 h');
    await notifications.waitFor(/^\[x\] .* now stops at .* \(1 h later\)\.$/);
    await nothingLives('the outcome of an extension');
    await chooseOnRow(workbench, label, 'Stop');
    await notifications.waitForDialog(/^Stop \[x\]/);
    await nothingLives('the question before a stop');
    await workbench.page.keyboard.press('Escape');
    await eventually('no dialog', async () => (await notifications.dialog()) === undefined);
    await workbench.command(command('Open App'));
    await quickInput.waitFor(/Select an app/);
    await nothingLives('the choice of an app');
    await quickInput.cancel();
  });

  scenario(
    'is text in history, resources, settings, and in what the tree is filtered and grouped by',
    'hostile-more',
    async () => {
      const { quickInput, page } = workbench;
      const { label } = await hostileRow();
      for (const [verb, title] of [
        ['Show Build History', /^Builds of \[x\]/],
        ['Show Resources', /^Resources of \[x\]/],
        ['Set Autostart', /\[x\]/],
        ['Set Time Before Autostop', /\[x\]/],
        ['Rename', /^Rename \[x\]/],
        ['Duplicate', /: /],
      ] as const) {
        await chooseOnRow(workbench, label, verb);
        await quickInput.waitFor(title);
        await nothingLives(verb);
        if (verb === 'Show Build History') {
          await quickInput.accept();
          await quickInput.waitFor(/./);
          await nothingLives('a build');
        }
        await quickInput.cancel();
        await quickInput.waitUntilClosed();
      }
      await chooseOnRow(workbench, label, 'Show Resources');
      await quickInput.pick('Open as Text');
      await eventually('the document', async () => (await openEditor(workbench)).tab.startsWith('[x]'));
      await nothingLives('the resources as text');
      await page.keyboard.press('Escape');
      await workbench.command(command('Filter'));
      await quickInput.pick('Owner');
      await quickInput.pick(/^\[x\]/);
      await eventually('what it is filtered by', async () => (await workbench.tree.message()).includes('[x]'));
      await nothingLives('the filter');
      await workbench.command(command('Clear Filter'));
      await workbench.command(command('Group'));
      await quickInput.pick('Owner');
      await eventually('the group', async () => (await workbench.tree.rows()).some(({ level }) => level > 1));
      await nothingLives('the groups');
      await workbench.command(command('Group'));
      await quickInput.pick(/^No/);
      await eventually('no group', async () => (await hostileRow()).level === 1);
    },
  );

  scenario('is text while a workspace is created, and when that fails', 'hostile-create', async () => {
    const { quickInput, notifications } = workbench;
    await workbench.command(command('Create Workspace'));
    await quickInput.waitFor(/Create Workspace: Template/);
    await nothingLives('the templates');
    await quickInput.pick(/^\[x\]/);
    await quickInput.waitFor(/Create Workspace: Preset/);
    await nothingLives('the presets');
    await quickInput.pick('No preset');
    await quickInput.waitFor(/Create Workspace: Name/);
    await quickInput.type('victim');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: \[x\]/);
    await nothingLives('a parameter');
    await quickInput.pick(/^\[x\]/);
    await quickInput.waitFor(/Create Workspace: Summary/);
    await nothingLives('the summary');
    await quickInput.accept();
    await notifications.waitFor(/^Starting victim: \[x\] .*Show Log$/);
    await nothingLives('the progress');
    const toast = await notifications.waitFor(/^victim failed to start: \[x\]/);
    assert.deepEqual(toast.links, []);
    await nothingLives('the failure');
    await rowThatReads(workbench, 'victim', /^Start failed: \[x\]/);
    const log = await logThat(workbench, /^Coder: \[x\] .*\/victim$/, (text) => text.includes('start failed after'));
    assert.match(log, /^▸ \[x\]\(command:workbench\.action\.toggleZenMode\) \$\(squirrel\)/m);

    assert.doesNotMatch(log, /[\u0007\u001b\u202a-\u202e\u2066-\u2069]/);
    await nothingLives('the log');
  });

  scenario('is text when a build is canceled', 'hostile-cancel', async () => {
    coder.hold('builds');
    await chooseOnRow(workbench, 'victim', 'Start');
    await rowThatReads(workbench, 'victim', /^Starting/);
    await chooseOnRow(workbench, 'victim', 'Cancel Build');
    await confirm(workbench, /^Cancel the start of victim\?$/, 'Cancel Build');
    coder.release();
    await rowThatReads(workbench, 'victim', /^Start (canceled|failed)/);
    await nothingLives('the row of what was canceled');
  });
});

async function hostileRow() {
  return eventually('the hostile row', () => workbench.tree.row(/^\[x\]/));
}

/** Looks at everything that is drawn. The commands of this extension are the only ones that a link may run. */
async function nothingLives(where: string): Promise<void> {
  const found = await workbench.page.evaluate(`(() => {
    const hrefs = [...document.querySelectorAll('a, [data-href]')].map(
      (each) => each.getAttribute('data-href') || each.getAttribute('href') || '',
    );
    const text = document.body.innerText;
    return [
      ...hrefs.filter((href) => /^(command|javascript|data|vscode|file):/i.test(href) && !/^command:coderWorkspaces[.]/.test(href)),
      ...(document.querySelector('.codicon-squirrel') ? ['an icon'] : []),
      ...(document.querySelector('img[src="x"]') ? ['an image'] : []),
      ...(/[\\u202a-\\u202e\\u2066-\\u2069]/.test(text) ? ['a bidirectional control'] : []),
      ...(/[\\u0007\\u001b]/.test(text) ? ['a control character'] : []),
    ];
  })()`);
  assert.deepEqual(found, [], where);
}
