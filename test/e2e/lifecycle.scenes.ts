// A workspace's lifecycle after its creation, by keyboard alone: restart, update, delete.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { newId } from '../deployment/ids.ts';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { must } from '../deployment/store.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, confirm, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

let workbench: Workbench;
let coder: Deployment;
const scenario = scenariosIn(() => workbench);

/** A version like the active one, with one required parameter more, is active from now on. */
function publishWithTeam(ownerAndName: string): string {
  const { store } = coder;
  const workspace = coder.workspace(ownerAndName);
  const template = must(store.templates, workspace.templateId);
  const old = must(store.versions, template.activeVersionId);
  const [model] = old.spec.parameters;
  assert.ok(model, 'the template has parameters');
  const team = { ...model, name: 'team', displayName: 'Team', formType: 'input', options: [], defaultValue: '' };
  const parameters = [...old.spec.parameters, { ...team, required: true, mutable: true }];
  const newer = { ...old, id: newId(), name: 'with-team', spec: { ...old.spec, parameters } };
  store.versions.set(newer.id, newer);
  template.activeVersionId = newer.id;
  coder.changed(workspace);
  return newer.id;
}

describe('The lifecycle of a workspace, by keyboard', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true, speed: 5 });
    workbench = await sharedWindowSignedInTo(coder);
    await rowThatReads(workbench, 'web', /^Running/);
  });
  after(() => coder.close());

  scenario('a restart is asked about once, and is one act with one sentence', 'li-restart', async () => {
    const { notifications } = workbench;
    const before = coder.workspace('owner/web').builds.length;
    await chooseOnRow(workbench, 'web', 'Restart');
    await confirm(workbench, /^Restart web\?/, 'Restart');
    await notifications.waitFor(/^web restarted in /, { timeoutMs: 60_000 });
    assert.equal(coder.workspace('owner/web').builds.length, before + 2);
    await rowThatReads(workbench, 'web', /^Running/);
    await notifications.dismissAll();
  });

  scenario(
    'an update asks for the parameter that the new version requires, and keeps the others',
    'li-update',
    async () => {
      const { notifications, quickInput } = workbench;
      const versionId = publishWithTeam('owner/api-server');
      const valueOf = (name: string) =>
        coder
          .workspace('owner/api-server')
          .builds.at(-1)
          ?.parameters.find((each) => each.name === name)?.value;
      const repo = valueOf('repo');
      await chooseOnRow(workbench, 'api-server', 'Update');
      await confirm(workbench, /^Update and restart api-server\?/, 'Restart');
      await quickInput.waitFor(/^api-server: debug/);
      await quickInput.accept();
      await quickInput.waitFor(/^api-server: Team/);
      await quickInput.type('blue');
      await quickInput.accept();
      await notifications.waitFor(/^api-server started in .+ with the template version with-team\.$/, {
        timeoutMs: 60_000,
      });
      assert.equal(coder.workspace('owner/api-server').builds.at(-1)?.versionId, versionId);
      assert.deepEqual([valueOf('team'), valueOf('repo')], ['blue', repo]);
      await notifications.dismissAll();
    },
  );

  scenario('a deletion takes the name, and the row goes', 'li-delete', async () => {
    const { notifications, quickInput, tree } = workbench;
    await chooseOnRow(workbench, 'by-hand', 'Delete');
    await quickInput.waitFor(/^Delete by-hand/);
    await quickInput.type('by-hand');
    await quickInput.accept();
    await notifications.waitFor(/^by-hand was deleted in /, { timeoutMs: 60_000 });
    await eventually('the row to be gone', async () => (await tree.row('by-hand')) === undefined);
    await notifications.dismissAll();
  });
});
