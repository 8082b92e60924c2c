import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import * as workspaces from '../../src/api/workspaces.ts';
import { eventually, named, shownClient, withSession } from './fixture.ts';

// The driver of the host's tests refuses dialogs and hides toasts: what is asked and said is end-to-end's to see.
suite('Commands', () => {
  const run = (id: string, ...args: unknown[]) => vscode.commands.executeCommand(`coderWorkspaces.${id}`, ...args);
  const settings = () => vscode.workspace.getConfiguration('coderWorkspaces');

  suiteSetup(() => settings().update('confirm.stop', false, vscode.ConfigurationTarget.Global));
  suiteTeardown(() => settings().update('confirm.stop', undefined, vscode.ConfigurationTarget.Global));

  test('stop and start, by id or by row, end when the server says that it is so', async () => {
    await withSession(shownClient(), async ({ calls, signal }, state) => {
      const { id } = named(state(), 'by-hand');
      await run('stop', id);
      assert.equal((await workspaces.get(calls, id, {}, signal)).latest_build.status, 'stopped');
      await run('start', { refs: { workspaceId: id } });
      assert.equal((await workspaces.get(calls, id, {}, signal)).latest_build.status, 'running');
    });
  });

  test('join a start that runs already instead of failing', async () => {
    await withSession(shownClient(), async ({ calls, signal }, state) => {
      const { id } = named(state(), 'abandoned');
      // Somebody else starts it in the same moment: whoever comes second finds a build under way.
      const [other] = await Promise.allSettled([
        workspaces.createBuild(calls, id, { transition: 'start' }, signal),
        run('start', id),
      ]);
      // Where the extension has heard of the other one first, the command says that a build is in progress, and ends.
      const latest = await eventually('it runs', async () => {
        const { latest_build: build } = await workspaces.get(calls, id, {}, signal);
        return build.status === 'running' && build;
      });
      if (other.status === 'fulfilled') assert.equal(latest.build_number, other.value.build_number);
    });
  });

  test('refuse without a word to the server what cannot be', async () => {
    await withSession(shownClient(), async ({ calls, signal }, state) => {
      const before = named(state(), 'notebook').latest_build.build_number;
      await run('start', named(state(), 'notebook').id);
      await run('extend', named(state(), 'by-hand').id, '1h');
      await run('stop', 'no-such-id');
      const after = await workspaces.get(calls, named(state(), 'notebook').id, {}, signal);
      assert.equal(after.latest_build.build_number, before);
    });
  });

  test('extend by an hour means an hour after the deadline, not after now', async () => {
    await withSession(shownClient(), async ({ calls, signal }, state) => {
      const workspace = named(state(), 'web');
      await run('extend', workspace.id, '1h');
      const after = await workspaces.get(calls, workspace.id, {}, signal);
      assert.equal(after.latest_build.deadline, (workspace.latest_build.deadline ?? 0) + 3_600_000);
    });
  });

  test('show log opens the log of the latest build', async () => {
    await withSession(shownClient(), async (_, state) => {
      await run('showLog', named(state(), 'broken').id);
      await eventually('the log', () =>
        vscode.workspace.textDocuments.some(
          (document) =>
            document.languageId === 'coderWorkspaces-build-log' && document.getText().includes('#1 · failing'),
        ),
      );
    });
  });

  test('refresh, and a retry, end', async () => {
    await run('refresh');
    await run('retry');
  });
});
