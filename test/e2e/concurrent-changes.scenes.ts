// Changes made elsewhere while a question is open, and changes the deployment makes by itself: each is told in one sentence,
// and no input is lost.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CoderClient } from '../../src/api/client.ts';
import * as templates from '../../src/api/templates.ts';
import type { EpochMs, WorkspaceId } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { command, confirm, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

const MINUTE_MS = 60_000;

let workbench: Workbench;
let coder: Deployment;
const scenario = scenariosIn(() => workbench);

/** Somebody else, on the same deployment. */
const other = () => new CoderClient({ url: coder.url, token: coder.token });
const forever = new AbortController().signal;

/** Whether no workspace of that name is left. */
function isGone(name: string): boolean {
  try {
    coder.workspace(name);
    return false;
  } catch {
    return true;
  }
}

/** The files below `folder` that have `text` in them. */
async function filesWith(text: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => ((await readFile(file).catch(() => Buffer.of())).includes(text) ? [file] : [])),
  );
  return found.flat();
}

async function chooseTemplate(template: string): Promise<void> {
  const { quickInput } = workbench;
  await workbench.command(command('Create Workspace'));
  await quickInput.waitFor(/Create Workspace: Template/);
  await quickInput.pick(template);
}

describe('A change made elsewhere', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true, speed: 2 });
    workbench = await sharedWindowSignedInTo(coder);
    await rowThatReads(workbench, 'web', /^Running/);
  });
  after(() => coder.close());

  scenario('before a stop: one warning, whose button extends by an hour', 'su-warning', async () => {
    const { notifications } = workbench;
    const toast = await notifications.waitFor(/^notebook stops .+, in \d+ min/, { timeoutMs: 30_000 });
    assert.deepEqual(toast.buttons, ['Extend 1 h', 'Choose…', 'Not for This One']);
    await notifications.press(/^notebook stops/, 'Extend 1 h');
    await notifications.waitFor(/^notebook now stops at .+ \(1 h later\)\.$/);
    await notifications.dismissAll();
  });

  scenario(
    'a queued build has begun while one was asked: one is asked again, and it says why',
    'su-begun',
    async () => {
      const { notifications, tree } = workbench;
      coder.hold('queue');
      await tree.clickInlineAction('abandoned', 'Start');
      await rowThatReads(workbench, 'abandoned', /^Queued/);
      await tree.clickInlineAction('abandoned', 'Cancel Build');
      const first = await notifications.waitForDialog(/^Cancel the start of abandoned\?$/);
      assert.match(first.detail, /^The build is queued\. Some versions of Coder still run it/);
      coder.hold('builds');
      coder.release();
      coder.hold('builds');
      await rowThatReads(workbench, 'abandoned', /^Starting/);
      await notifications.pressInDialog('Cancel Build');
      await eventually('the second question', async () =>
        ((await notifications.dialog())?.detail ?? '').includes('moved on since you were asked'),
      );
      await notifications.pressInDialog('Keep Running');
      coder.release();
      await notifications.waitFor(/^abandoned started in /, { timeoutMs: 30_000 });
      await notifications.dismissAll();
    },
  );

  scenario('a workspace is started by two at once: the second joins the first', 'su-joined', async () => {
    const { notifications, quickInput } = workbench;
    coder.hold('builds');
    await workbench.command(command('Start'));
    await quickInput.waitFor(/Select a workspace/);
    // The picker shows what was so when it was opened.
    const { id } = coder.workspace('owner/broken');
    const theirs = await workspaces.createBuild(other().calls, id as WorkspaceId, { transition: 'start' }, forever);
    await quickInput.pick('broken');
    await notifications.waitFor(/^broken is already starting/);
    coder.release();
    await notifications.waitFor(/^broken failed to start: /, { timeoutMs: 30_000 });
    assert.equal(coder.workspace('owner/broken').builds.at(-1)?.id, theirs.id);
  });

  scenario('the stop moves while one chooses: one is asked again, from where it is now', 'su-moved', async () => {
    const { quickInput, notifications, tree } = workbench;
    const web = coder.workspace('owner/web');
    const hourLater = (hours: number) => Math.floor(web.builds.at(-1)?.deadline ?? 0) + hours * 60 * MINUTE_MS;
    const [moved, expected] = [hourLater(1), hourLater(2)];
    await tree.clickInlineAction('web', 'Extend Deadline');
    await quickInput.waitFor(/^Currently stops /);
    const before = await quickInput.placeholder();
    const row = await rowThatReads(workbench, 'web', /^Running · stops /);
    await workspaceSettings.extend(other().calls, web.id as WorkspaceId, moved as EpochMs, forever);
    await eventually('the row to read otherwise', async () => {
      return (await tree.row('web'))?.description !== row.description;
    });
    await quickInput.pick('+1 h');
    await eventually('the second question', async () => (await quickInput.placeholder()) !== before);
    await quickInput.pick('+1 h');
    await notifications.waitFor(/^web now stops at .+ \(1 h later\)\.$/);
    assert.equal(coder.workspace('owner/web').builds.at(-1)?.deadline, expected);
    await notifications.dismissAll();
  });

  scenario('somebody else has deleted it: that is said, and the row is gone at once', 'su-gone', async () => {
    const { notifications, quickInput, tree } = workbench;
    await notifications.dismissAll();
    await workbench.command(command('Start'));
    await quickInput.waitFor(/Select a workspace/);
    const { id } = coder.workspace('owner/archive');
    await workspaces.createBuild(other().calls, id as WorkspaceId, { transition: 'delete' }, forever);
    await eventually('the deletion', () => isGone('owner/archive'));
    await quickInput.pick('archive');
    await notifications.waitFor(/deleted|no longer exists/);
    await eventually('the row to be gone', async () => (await tree.row('archive')) === undefined, { timeoutMs: 5_000 });
    await notifications.dismissAll();
  });

  scenario('a name is taken between the question and the answer: the chain goes back to it', 'su-taken', async () => {
    const { quickInput } = workbench;
    await chooseTemplate('slow');
    await quickInput.waitFor(/Create Workspace: Name/);
    await quickInput.type('contested');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Summary/);
    const client = other();
    const [organization] = await users.organizations(client.calls, 'me', forever);
    assert.ok(organization);
    const slow = (await templates.list(client.calls, organization.id, forever)).find(({ name }) => name === 'slow');
    assert.ok(slow);
    await workspaces.create(
      client.calls,
      {
        organizationId: organization.id,
        templateId: slow.id,
        name: 'contested',
        parameters: { kind: 'rich', values: [] },
      },
      forever,
    );
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Name/);
    assert.equal(await quickInput.value(), 'contested', 'what was typed is still there');
    assert.notEqual(await quickInput.message(), '');
    await quickInput.cancel();
    await confirm(workbench, /^Discard the new workspace\?$/, 'Discard');
    await quickInput.waitUntilClosed();
  });

  scenario('one answer brings another question', 'su-dynamic', async () => {
    const { quickInput, notifications } = workbench;
    await chooseTemplate('dynamic');
    await quickInput.waitFor(/Create Workspace: Name/);
    await quickInput.type('depends');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: size/);
    await quickInput.pick('Large');
    await quickInput.waitFor(/Create Workspace: gpus/);
    await quickInput.type('9');
    await quickInput.waitFor(/from 1 to 4/);
    await quickInput.type('2');
    await quickInput.accept();
    await quickInput.waitFor(/Create Workspace: Summary/);
    await quickInput.accept();
    await notifications.waitFor(/^depends started in /, { timeoutMs: 30_000 });
    await notifications.dismissAll();
  });

  scenario(
    'a list is added to and a text edited by the keyboard alone; neither is ever on disk',
    'su-answers',
    async () => {
      const { quickInput, notifications, page } = workbench;
      const slow = [...coder.store.templates.values()].find(({ name }) => name === 'slow');
      const version = coder.store.versions.get(slow?.activeVersionId ?? '');
      assert.ok(version);
      const asked = { description: '', descriptionPlain: '', mutable: false, icon: '', options: [], required: false };
      version.spec = {
        ...version.spec,
        parameters: [
          {
            ...asked,
            name: 'people',
            type: 'list(string)',
            formType: 'tag-select',
            defaultValue: '["Doe, Jane"]',
            ephemeral: false,
          },
          { ...asked, name: 'script', type: 'string', formType: 'textarea', defaultValue: 'one  ', ephemeral: false },
        ],
      };
      await chooseTemplate('slow');
      await quickInput.waitFor(/Create Workspace: Name/);
      await quickInput.type('edited');
      await quickInput.accept();
      await quickInput.waitFor(/Create Workspace: people/);
      await quickInput.pick('Add an entry…');
      await quickInput.type('x, y');
      await quickInput.accept();
      await eventually('the entry', async () => (await quickInput.rows()).some(({ label }) => label === 'x, y'));
      await quickInput.pick('Use these entries');

      await quickInput.waitFor(/Create Workspace: script/);
      await quickInput.pick('Edit in the editor…');
      const editor = page.locator('.editor-instance .monaco-editor.focused');
      await editor.waitFor();
      const mark = `mark-${Date.now().toString(36)}`;
      await page.keyboard.press('Control+End');
      await page.keyboard.press('Enter');
      // A word that begins like another one: what VS Code would suggest there would take the Escape below.
      await page.keyboard.type(`${mark} on`);
      // VS Code keeps what is unsaved for a second or two on disk.
      await pause(3_000);
      assert.deepEqual(await filesWith(mark, workbench.server.userDataDir), []);
      await page.keyboard.press('Escape');
      await confirm(workbench, /^Use the edited text for script\?$/, 'Discard Changes');
      await quickInput.waitFor(/Create Workspace: script/);
      await quickInput.pick('Edit in the editor…');
      await editor.waitFor();
      await page.keyboard.press('Control+End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('two');
      await page.keyboard.press('Control+Enter');

      await quickInput.waitFor(/Create Workspace: Summary/);
      await quickInput.accept();
      await notifications.waitFor(/^edited started in /, { timeoutMs: 30_000 });
      await notifications.dismissAll();
      const { parameters } = coder.workspace('owner/edited').builds[0] ?? assert.fail('nothing was built');
      assert.deepEqual(Object.fromEntries(parameters.map(({ name, value }) => [name, value])), {
        people: '["Doe, Jane","x, y"]',
        script: 'one  \ntwo',
      });
      version.spec = { ...version.spec, parameters: [] };
    },
  );

  scenario('what a template asks for cannot be read: the dashboard is offered', 'su-unreadable', async () => {
    const { quickInput } = workbench;
    await coder.misbehave('500', { path: /rich-parameters/ });
    await chooseTemplate('slow');
    await quickInput.waitFor(/Couldn't load the parameters/);
    const labels = (await quickInput.rows()).map(({ label }) => label);
    assert.deepEqual(labels, ['Select another template', 'Create in the dashboard']);
    await coder.heal();
    await quickInput.pick('Select another template');
    await quickInput.waitFor(/Create Workspace: Template/);
    assert.match(await quickInput.placeholder(), /Couldn't load the parameters/);
    await quickInput.cancel();
    await quickInput.waitUntilClosed();
  });

  scenario('autostop: the row says so, and one notice that nothing else follows', 'su-autostop', async () => {
    const { notifications } = workbench;
    await notifications.dismissAll();
    coder.advance(55 * MINUTE_MS);
    await workbench.command(command('Refresh'));
    const notice = await notifications.waitFor(/^must-stop was stopped by autostop\.$/, { timeoutMs: 30_000 });
    assert.deepEqual(notice.buttons, ['Start', "Don't Show Again"]);
    await rowThatReads(workbench, 'must-stop', /^Stopped · autostop, /);
    assert.equal(coder.workspace('owner/must-stop').builds.at(-1)?.transition, 'stop', 'nobody started it again');
  });
});
