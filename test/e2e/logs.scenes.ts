// Logs and history, end to end and by keyboard: a live build line by line through a restart of the server, the error of
// a failed build, an old build's document.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, command, confirm, documentNamed, logThat, openEditor, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

let workbench: Workbench;
let coder: Deployment;
const scenario = scenariosIn(() => workbench);

describe('Build logs', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true });
    workbench = await sharedWindowSignedInTo(coder);
  });
  after(() => coder.close());

  scenario(
    'a running build is seen line by line, with its stage in the status bar, through a restart of the server',
    'logs-live',
    async () => {
      await rowThatReads(workbench, 'docs-site', /^Running/);
      await chooseOnRow(workbench, 'docs-site', 'Stop');
      await confirm(workbench, /^Stop docs-site\?$/, 'Stop');
      await rowThatReads(workbench, 'docs-site', /^Stopped/);
      await workbench.notifications.dismissAll();
      await chooseOnRow(workbench, 'docs-site', 'Start');
      await rowThatReads(workbench, 'docs-site', /^Starting/);
      // However slow this machine is: the build goes on when its log has been seen.
      coder.hold('builds');
      await chooseOnRow(workbench, 'docs-site', 'Show Build Log');
      const early = await logThat(workbench, 'Coder: owner/docs-site', (text) => text.includes('[0s elapsed]'));
      assert.ok(!early.includes('──── started'), early);
      const item = await eventually('the stage in the status bar', async () =>
        workbench.statusItem('coderWorkspaces.build'),
      );
      assert.match(item.text, /^docs-site: /);
      const cancel = workbench.page.locator('.part.panel .action-label[aria-label^="Cancel Build"]:visible');
      await eventually('Cancel Build above the log', async () => (await cancel.count()) === 1);
      coder.release();
      await coder.stop();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await coder.start();
      const whole = await logThat(
        workbench,
        'Coder: owner/docs-site',
        (text) => /──── started in [\d.]+ s ────\s*$/.test(text),
        { timeoutMs: 40_000 },
      );
      const numbered = whole.match(/\[\d+s elapsed\]/g) ?? [];
      assert.deepEqual(numbered, [...new Set(numbered)], 'each line once');
      assert.equal(numbered.length, 34, 'all lines');
      await eventually('no stage', async () => (await workbench.statusItem('coderWorkspaces.build')) === undefined);
    },
  );

  scenario('a failed build leads to its error: in a document, at the line that says it', 'logs-failed', async () => {
    await workbench.notifications.dismissAll();
    await chooseOnRow(workbench, 'broken', 'Start');
    await workbench.notifications.waitFor(/^broken failed to start: /);
    await workbench.notifications.press(/^broken failed to start: /, 'Show Log');
    const { line } = await eventually('the document at its error', async () => {
      const editor = await openEditor(workbench);
      return editor.tab === 'broken #2.log' && editor.line > 1 ? editor : undefined;
    });
    const text = await documentNamed(workbench, 'broken #2.log');
    assert.match(text.split('\n')[line - 1] ?? '', /^ {2}error /);
    assert.match(text, /──── the errors in this log, repeated ────\n(?: {2}error.*\n)+──── start failed/);
  });

  scenario('an old build’s log is opened from the history, by keyboard', 'logs-history', async () => {
    const { quickInput } = workbench;
    await workbench.command(command('Show Build History'));
    await quickInput.waitFor(/Select a workspace/);
    await quickInput.pick('archive');
    await quickInput.waitFor(/Builds of archive/);
    const rows = await quickInput.rows();
    assert.deepEqual(
      rows.map(({ label }) => label),
      ['#2 stop', '#1 start'],
    );
    assert.match(rows[1]?.description ?? '', /^started in /);
    await quickInput.pick('#1 start');
    await quickInput.waitFor(/Build #1 of archive/);
    await quickInput.pick('Show Log');
    assert.match(await documentNamed(workbench, 'archive #1.log'), /^──── start #1 [^]*──── started in .* ────\n$/);
  });

  scenario('the provisioner state opens after a question, and cannot be changed', 'logs-state', async () => {
    const { quickInput } = workbench;
    await workbench.command(command('Show Provisioner State…'));
    await quickInput.waitFor(/Select a workspace/);
    await quickInput.pick('archive');
    const dialog = await workbench.notifications.waitForDialog(/can contain passwords and keys in plain text/);
    for (const button of ['Save As…', 'Open Read-Only'])
      assert.ok(dialog.buttons.includes(button), dialog.buttons.join());
    await workbench.notifications.pressInDialog('Open Read-Only');
    await eventually('the document', async () => (await openEditor(workbench)).tab === 'archive #2 state.json');
  });
});
