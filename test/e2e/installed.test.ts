// The extension as people install it: packaged, installed, opened in a real VS Code.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../workbench/eventually.ts';
import { extensionVsix } from '../workbench/vsix.ts';
import { openWorkbench, type Workbench } from '../workbench/workbench.ts';

describe('The installed extension', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await openWorkbench({ vsix: await extensionVsix() });
  });
  after(() => workbench.close());

  test('has a place in the activity bar', async () => {
    const badge = await workbench.activityBadge();
    assert.match(badge.label, /^Coder Workspaces/);
  });

  test('greets whoever has not signed in, with one button', async () => {
    await workbench.openSideBar();
    const welcome = await eventually('the welcome', async () => {
      const { text, buttons } = await workbench.tree.welcome();
      return text === '' ? undefined : { text, buttons };
    });
    assert.deepEqual(welcome.buttons, ['Sign In']);
  });
});
