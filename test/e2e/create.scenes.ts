// New workspaces with all that templates ask for, and duplicates, by keyboard alone, on a deployment of today and on one
// of the first.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { rich } from '../deployment/richParameter.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, command, confirm, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

let workbench: Workbench;
const scenario = scenariosIn(() => workbench);

const asked = (what: string, verb = 'Create Workspace') => workbench.quickInput.waitFor(new RegExp(`${verb}: ${what}`));
const enter = async (text: string): Promise<void> => {
  await workbench.quickInput.type(text);
  await workbench.quickInput.accept();
};
const begin = async (template: string): Promise<void> => {
  await workbench.notifications.dismissAll();
  await workbench.command(command('Create Workspace'));
  await asked('Template');
  await workbench.quickInput.pick(template);
};
const made = (coder: Deployment, name: string) => {
  const [build] = coder.workspace(`owner/${name}`).builds;
  return Object.fromEntries(build?.parameters.map((each) => [each.name, each.value]) ?? []);
};

const options = ['a', 'b', 'c'].map((value) => ({ name: `Option ${value}`, value, description: '', icon: '' }));

describe('On a deployment of today', () => {
  let coder: Deployment;
  before(async () => {
    coder = await startDeployment({ age: 'v2', speed: 20 });
    coder.store.quota = 100;
    const template = [...coder.store.templates.values()].find(({ name }) => name === 'slow');
    const version = coder.store.versions.get(template?.activeVersionId ?? '');
    assert.ok(version, 'there is no template');
    version.spec = {
      ...version.spec,
      parameters: [
        rich('radio', { formType: 'radio', options }),
        rich('dropdown', { formType: 'dropdown', options }),
        rich('multi', { type: 'list(string)', formType: 'multi-select', options }),
        rich('tags', { type: 'list(string)', formType: 'tag-select' }),
        rich('slider', { type: 'number', formType: 'slider', validationMin: 1, validationMax: 9 }),
        rich('switch', { type: 'bool', formType: 'switch' }),
        rich('checkbox', { type: 'bool', formType: 'checkbox' }),
        rich('textarea', { formType: 'textarea' }),
        rich('input', { mutable: false, validationRegex: '^[a-z]+$', validationError: 'Small letters, please' }),
      ],
    };
    workbench = await sharedWindowSignedInTo(coder);
  });
  after(() => coder.close());

  scenario('every form type is asked for in its way, and sent as it was answered', 'create-form-types', async () => {
    const { quickInput, page } = workbench;
    await begin('slow');
    await asked('Name');
    await enter('kinds');
    await asked('radio');
    await quickInput.pick('Option b');
    await asked('dropdown');
    await quickInput.pick('Option c');
    await asked('multi');
    await quickInput.tick('Option a');
    await quickInput.tick('Option c');
    await quickInput.accept();
    await asked('tags');
    await quickInput.pick('Add an entry…');
    await quickInput.waitFor(/Entry/);
    await enter('one');
    await asked('tags');
    await quickInput.pick('Use these entries');
    await asked('slider');
    await quickInput.type('10');
    await quickInput.waitFor(/from 1 to 9/);
    await enter('7');
    await asked('switch');
    await quickInput.pick('Yes');
    await asked('checkbox');
    await quickInput.pick('No');
    await asked('textarea');
    await quickInput.pick('Edit in the editor…');
    const lines = page.locator('.editor-instance .view-line');
    // Keys are lost until the new editor listens.
    await eventually('what is typed in the editor', async () => {
      await page.keyboard.press('Control+A');
      await page.keyboard.type('first');
      return (await lines.allTextContents()).join() === 'first';
    });
    await eventually('a second line', async () => {
      if ((await lines.count()) > 1) return true;
      await page.keyboard.press('Enter');
      return false;
    });
    await page.keyboard.type('second');
    await page.keyboard.press('Control+Enter');
    await asked('input');
    assert.match(await quickInput.message(), /Can't be changed later/);
    await quickInput.type('ABC');
    await quickInput.waitFor(/Small letters, please/);
    await enter('abc');
    await asked('Summary');
    await quickInput.accept();
    await workbench.notifications.waitFor(/^kinds started in /);
    assert.deepEqual(made(coder, 'kinds'), {
      radio: 'b',
      dropdown: 'c',
      multi: '["a","c"]',
      tags: '["one"]',
      slider: '7',
      switch: 'true',
      checkbox: 'false',
      textarea: 'first\nsecond',
      input: 'abc',
    });
  });

  scenario(
    'a form follows its answers: what one brings is asked, what it takes away is not',
    'create-dynamic',
    async () => {
      const { quickInput } = workbench;
      await begin('dynamic');
      await asked('Name');
      await enter('follows');
      await asked('size');
      await quickInput.pick('Large');
      await asked('gpus');
      await enter('2');
      await asked('Summary');
      await quickInput.pick('size');
      await asked('size');
      await quickInput.pick('Small');
      await asked('Summary');
      const rows = (await quickInput.rows()).map(({ label }) => label);
      assert.ok(!rows.includes('gpus'), rows.join());
      await quickInput.pick(/^Create follows/);
      await workbench.notifications.waitFor(/^follows started in /);
      assert.deepEqual(made(coder, 'follows'), { size: 's', secret: '' });
    },
  );

  scenario('Escape asks before what was typed is lost, and the box has it still', 'create-escape', async () => {
    const { quickInput } = workbench;
    await begin('dynamic');
    await asked('Name');
    await quickInput.type('half-a-na');
    await quickInput.cancel();
    await confirm(workbench, /^Discard the new workspace\?$/, 'Keep Editing');
    await asked('Name');
    assert.equal(await quickInput.value(), 'half-a-na');
    await quickInput.cancel();
    await confirm(workbench, /^Discard the new workspace\?$/, 'Discard');
    await quickInput.waitUntilClosed();
  });

  scenario(
    'a duplicate is asked for its name alone; the rest is as in the other workspace',
    'create-duplicate',
    async () => {
      const { quickInput } = workbench;
      await workbench.notifications.dismissAll();
      await rowThatReads(workbench, 'kinds', /^Running/);
      await chooseOnRow(workbench, 'kinds', 'Duplicate');
      await asked('Name', 'Duplicate kinds');
      assert.equal(await quickInput.value(), 'kinds-2');
      await quickInput.accept();
      await asked('Summary', 'Duplicate kinds');
      const rows = await quickInput.rows();
      const first = rows.find(({ label }) => label.startsWith('Create kinds-2'));
      assert.match(first?.detail ?? '', /of 100 (credits )?left/);
      await quickInput.pick('Change autostart…');
      await asked('Autostart', 'Duplicate kinds');
      await quickInput.type('weekdays 9:30');
      await quickInput.waitFor(/Next start: /);
      await quickInput.accept();
      await asked('Summary', 'Duplicate kinds');
      await quickInput.pick(/^Create kinds-2/);
      await workbench.notifications.waitFor(/^kinds-2 started in /);
      assert.deepEqual(made(coder, 'kinds-2'), made(coder, 'kinds'));
      assert.match(coder.workspace('owner/kinds-2').autostartSchedule ?? '', / 30 9 \* \* 1-5$/);
    },
  );
});

describe('On one of the first', () => {
  let coder: Deployment;
  before(async () => {
    coder = await startDeployment({ age: 'v0', speed: 20 });
    workbench = await sharedWindowSignedInTo(coder);
  });
  after(() => coder.close());

  scenario(
    'the parameters of the schema are asked for: what is required, and the rest on demand',
    'create-v0',
    async () => {
      const { quickInput } = workbench;
      await begin('Development');
      await asked('Name');
      await enter('early');
      await asked('size');
      await enter('large');
      await asked('Summary');
      await quickInput.pick('Change parameters with defaults…');
      await asked('region');
      await quickInput.pick('us');
      await asked('size');
      await quickInput.accept();
      await asked('token');
      assert.equal(await quickInput.isPassword(), true);
      await enter('hunter2');
      await asked('Summary');
      const rows = await quickInput.rows();
      assert.equal(rows.find(({ label }) => label === 'token')?.description, '•••');
      await quickInput.pick(/^Create early/);
      await workbench.notifications.waitFor(/^early started in /);
      assert.deepEqual(made(coder, 'early'), { region: 'us', size: 'large', token: 'hunter2' });
    },
  );
});
