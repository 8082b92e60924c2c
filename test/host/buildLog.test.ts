import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { followBuildLog } from '../../src/api/logs.ts';
import type { LogEntry } from '../../src/api/schemas/workspaces.ts';
import { BuildLogs, type BuildLogEvents } from '../../src/views/buildLogs.ts';
import { AGES, clientOf, eventually, named, withSession } from './scene.ts';

/** What stands in the channel that is open in the Output panel. */
const shownText = (): string =>
  vscode.workspace.textDocuments.find((document) => document.languageId === 'coderWorkspaces-build-log')?.getText() ??
  '';

const entry = (id: number, stage: string, output: string): LogEntry => ({
  id,
  created_at: undefined,
  log_source: 'provisioner',
  log_level: 'info',
  stage,
  output,
});

suite('The build log', () => {
  for (const age of AGES) {
    test(`holds a finished build from its first line to how it ended (${age})`, async () => {
      await withSession(clientOf(age), async ({ client, signal }, state) => {
        const logs = new BuildLogs(() => false);
        try {
          const workspace = named(state(), 'broken');
          const build = workspace.latest_build;
          const followed = logs.follow(workspace, build, () => followBuildLog(client.calls, build.id, { signal }));
          logs.show(workspace);
          await followed.written;
          const text = await eventually('the text to be shown', () => /start failed/.exec(shownText())?.input);
          assert.match(text, /^──── start #1 · failing/);
          assert.match(text, /^▸ Setting up/m);
          assert.match(text, /^ {2}error /m);
          assert.match(text, /──── start failed.* ────\n$/);
        } finally {
          logs.dispose();
        }
      });
    });
  }

  test('is written once, however often it is asked for', async () => {
    await withSession(clientOf('v2'), async ({ client, signal }, state) => {
      const logs = new BuildLogs(() => false);
      try {
        const workspace = named(state(), 'archive');
        const build = workspace.latest_build;
        const follow = () => logs.follow(workspace, build, () => followBuildLog(client.calls, build.id, { signal }));
        assert.equal(follow(), follow());
        await follow().written;
        logs.show(workspace);
        const text = await eventually('the text to be shown', () => /stopped/.exec(shownText())?.input);
        assert.equal(text.match(/^──── stop #/gm)?.length, 1);
      } finally {
        logs.dispose();
      }
    });
  });

  test('never takes the focus, and tells the stage as it goes', async () => {
    await withSession(clientOf('v2'), async (_, state) => {
      const logs = new BuildLogs(() => false);
      const document = await vscode.workspace.openTextDocument({ content: 'mine' });
      const editor = await vscode.window.showTextDocument(document);
      try {
        const workspace = named(state(), 'web');
        const stages: string[] = [];
        async function* events(): BuildLogEvents {
          await Promise.resolve();
          yield {
            kind: 'entries',
            entries: [entry(1, 'Setting up', '\u001b[31mred\u001b[0m\u202e'), entry(2, 'Starting workspace', 'up')],
          };
          yield { kind: 'lost', error: new Error('reset') };
          yield { kind: 'resumed' };
          yield { kind: 'ended', build: workspace.latest_build };
        }
        const followed = logs.follow(workspace, workspace.latest_build, events);
        followed.stage.subscribe((stage) => stages.push(stage));
        logs.show(workspace);
        await followed.written;
        const text = await eventually('the text to be shown', () => /running/.exec(shownText())?.input);
        assert.match(text, /^ {2}red$/m);
        assert.equal(text.match(/connection lost/g)?.length, 1);
        assert.deepEqual(stages, ['Starting workspace']);
        assert.equal(vscode.window.activeTextEditor, editor);
      } finally {
        logs.dispose();
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      }
    });
  });

  test('says so when it cannot be read, and can then be asked for again', async () => {
    await withSession(clientOf('v2'), async ({ client, signal }, state) => {
      const logs = new BuildLogs(() => false);
      try {
        const workspace = named(state(), 'abandoned');
        const build = workspace.latest_build;
        async function* fails(): BuildLogEvents {
          await Promise.reject(new Error('No [log](command:x) here.'));
          yield { kind: 'resumed' };
        }
        await logs.follow(workspace, build, fails).written;
        await logs.follow(workspace, build, () => followBuildLog(client.calls, build.id, { signal })).written;
        logs.show(workspace);
        const text = await eventually('the text to be shown', () => /canceled/.exec(shownText())?.input);
        assert.match(text, /the log cannot be read: No \[log\] \(command:x\) here\./);
      } finally {
        logs.dispose();
      }
    });
  });
});
