import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AsyncQueue } from '../../src/api/asyncQueue.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import type { LogEntry, Workspace } from '../../src/api/schemas/workspaces.ts';
import type { BuildId, EpochMs, WorkspaceId } from '../../src/api/units.ts';
import { AGENT } from '../../src/model/buildLog.ts';
import type { Session } from '../../src/model/session.ts';
import type { Ready } from '../../src/model/state.ts';
import { BuildLogs, type LogSettings } from '../../src/views/buildLogs.ts';
import type { LogRecord } from '../../src/model/logRecords.ts';
import { AGES, clientOf, eventually, named, withSession, type Age } from './fixture.ts';

/** The channel that is open in the Output panel. */
const shown = (): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find((document) => document.languageId === 'coderWorkspaces-build-log');

const shownText = (): string => shown()?.getText() ?? '';

const SETTINGS: LogSettings = { buildLogTimestamps: false, buildLogLevel: 'trace' };

const entry = (id: number, stage: string, output: string): LogEntry => ({
  id,
  created_at: undefined,
  log_source: 'provisioner',
  log_level: 'info',
  stage,
  output,
});

const at = 0 as EpochMs;

/** Events that are told one by one, and no end. */
function spoken(): { readonly events: () => AsyncIterable<LogRecord>; readonly say: (event: LogRecord) => void } {
  const queue = new AsyncQueue<LogRecord>();
  async function* events(): AsyncIterable<LogRecord> {
    for (;;) {
      for (const event of await queue.take()) {
        yield event;
        if (event.kind === 'ended') return;
      }
    }
  }
  return { events, say: (event) => queue.push(event) };
}

type LogsBody = (logs: BuildLogs, state: () => Ready, session: Session) => Promise<void>;

/** Runs `body` with a session and logs of its own, which end with it. */
const withLogs = (age: Age, body: LogsBody, settings: () => LogSettings = () => SETTINGS): Promise<void> =>
  withSession(clientOf(age), async (session, state) => {
    const logs = new BuildLogs(settings);
    try {
      await body(logs, state, session);
    } finally {
      logs.dispose();
    }
  });

suite('The build log', () => {
  for (const age of AGES) {
    test(`holds a finished build from its first line to how it ended (${age})`, async () => {
      await withLogs(age, async (logs, state, { calls, signal }) => {
        const workspace = named(state(), 'broken');
        const build = workspace.latest_build;
        const followed = logs.follow(workspace, build, () => followBuildLog(calls, build.id, { signal }));
        logs.show(workspace);
        await followed.written;
        const text = await eventually('the text to be shown', () => /start failed/.exec(shownText())?.input);
        assert.match(text, /^──── start #1 · failing/);
        assert.match(text, /^▸ Setting up/m);
        assert.match(text, /^ {2}error /m);
        assert.match(text, /──── start failed.* ────\n$/);
      });
    });
  }

  test('is written once, however often it is asked for', async () => {
    await withLogs('v2', async (logs, state, { calls, signal }) => {
      const workspace = named(state(), 'archive');
      const build = workspace.latest_build;
      const follow = () => logs.follow(workspace, build, () => followBuildLog(calls, build.id, { signal }));
      assert.equal(follow(), follow());
      await follow().written;
      logs.show(workspace);
      const text = await eventually('the text to be shown', () => /stopped/.exec(shownText())?.input);
      assert.equal(text.match(/^──── stop #/gm)?.length, 1);
    });
  });

  test('never takes the focus, and tells the stage as it goes', async () => {
    await withLogs('v2', async (logs, state) => {
      const document = await vscode.workspace.openTextDocument({ content: 'mine' });
      const editor = await vscode.window.showTextDocument(document);
      try {
        const workspace = named(state(), 'web');
        const stages: string[] = [];
        async function* events(): AsyncIterable<LogRecord> {
          await Promise.resolve();
          yield {
            kind: 'entries',
            entries: [entry(1, 'Setting up', '\u001b[31mred\u001b[0m\u202e'), entry(2, 'Starting workspace', 'up')],
          };
          yield { kind: 'lost', at };
          yield { kind: 'resumed', at };
          yield { kind: 'ended', build: workspace.latest_build };
        }
        const followed = logs.follow(workspace, workspace.latest_build, events);
        followed.stage.subscribe((stage) => stages.push(stage));
        logs.show(workspace);
        await followed.written;
        const text = await eventually('the text to be shown', () => /──── started/.exec(shownText())?.input);
        assert.match(text, /^ {2}red$/m);
        assert.equal(text.match(/connection lost/g)?.length, 1);
        assert.deepEqual(stages, ['Starting workspace']);
        assert.equal(vscode.window.activeTextEditor, editor);
      } finally {
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      }
    });
  });

  test('says so when it cannot be read, and can then be asked for again', async () => {
    await withLogs('v2', async (logs, state, { calls, signal }) => {
      const workspace = named(state(), 'abandoned');
      const build = workspace.latest_build;
      async function* fails(): AsyncIterable<LogRecord> {
        await Promise.reject(new Error('No [log](command:x) here.'));
        yield { kind: 'resumed', at };
      }
      await logs.follow(workspace, build, fails).written;
      logs.show(workspace);
      await eventually('the reason', () => shownText().includes("couldn't read the log: No [log] (command:x) here."));
      assert.ok(!logs.has(workspace, build), 'it counts as written');
      await logs.follow(workspace, build, () => followBuildLog(calls, build.id, { signal })).written;
      logs.show(workspace);
      const text = await eventually('the text to be shown', () => /canceled/.exec(shownText())?.input);
      assert.equal(text.match(/^──── start #/gm)?.length, 1);
    });
  });

  test('is written anew when it is shown after its output was cleared, also while it goes on', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const { events, say } = spoken();
      logs.follow(workspace, workspace.latest_build, events);
      say({ kind: 'entries', entries: [entry(1, 'Setting up', 'first')] });
      logs.show(workspace);
      await eventually('the first line', () => /^ {2}first$/m.test(shownText()));

      await vscode.commands.executeCommand('workbench.output.action.clearOutput');
      await eventually('nothing', () => shownText() === '');
      logs.show(workspace);
      await eventually('the first line again', () => /^ {2}first$/m.test(shownText()));
      say({ kind: 'entries', entries: [entry(2, 'Setting up', 'second')] });
      const text = await eventually('what came later', () => /second/.exec(shownText())?.input);
      assert.match(text, /^──── start #1 .*\n▸ Setting up\n {2}first\n {2}second\n$/);
    });
  });

  test('tells the stage of a running build while it is open, that it is lost, and nothing once the build has ended', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const { events, say } = spoken();
      logs.follow(workspace, workspace.latest_build, events);
      logs.show(workspace);
      say({ kind: 'entries', entries: [entry(1, 'Setting up', 'first')] });
      await eventually('the stage', () => logs.onScreen()?.stage === 'Setting up');
      assert.equal(logs.onScreen()?.workspaceId, workspace.id);
      say({ kind: 'lost', at });
      await eventually('that it is lost', () => logs.onScreen()?.stage === 'connection lost');
      say({ kind: 'resumed', at });
      say({ kind: 'entries', entries: [entry(2, 'Starting workspace', 'second')] });
      await eventually('the next stage', () => logs.onScreen()?.stage === 'Starting workspace');
      say({ kind: 'ended', build: workspace.latest_build });
      await eventually('nothing', () => logs.onScreen() === undefined);
    });
  });

  test('tells those who follow it whether it is open, so that later scripts are followed only then', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const { events, say } = spoken();
      const told: boolean[] = [];
      logs.follow(workspace, workspace.latest_build, (isShown) => {
        isShown.subscribe((now) => told.push(now));
        return events();
      });
      say({ kind: 'entries', entries: [entry(1, 'Setting up', 'first')] });
      logs.show(workspace);
      await eventually('that it is open', () => told.at(-1) === true);
      await vscode.commands.executeCommand('workbench.action.closePanel');
      await eventually('that it is closed', () => told.at(-1) === false);
      logs.show(workspace);
      await eventually('that it is open again', () => told.at(-1) === true);
    });
  });

  test('is in order soon after its lines came out of order, although nothing more comes', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const { events, say } = spoken();
      logs.follow(workspace, workspace.latest_build, events);
      logs.show(workspace);
      for (const id of [2, 6, 4, 8, 5, 9, 7, 3, 1])
        say({ kind: 'entries', entries: [entry(id, 'Setting up', `line ${id}`)] });
      const inOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => `  line ${id}\n`).join('');
      await eventually('all lines in order', () => shownText().endsWith(`▸ Setting up\n${inOrder}`));
    });
  });

  test('of a stop has what the machine says while it is shut down', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const start = spoken();
      logs.follow(workspace, workspace.latest_build, start.events);
      start.say({ kind: 'entries', entries: [entry(1, 'Starting workspace', 'up')] });
      const stopping = { ...workspace.latest_build, id: 'stop' as BuildId, transition: 'stop' as const };
      const stop = spoken();
      logs.follow(workspace, stopping, stop.events);
      stop.say({ kind: 'entries', entries: [entry(2, 'Stopping workspace', 'down')] });
      logs.show(workspace);
      await eventually('the stop', () => shownText().includes('down'));
      start.say({
        kind: 'agentEntries',
        entries: [{ ...entry(1, 'agent main: Shutdown', 'saved'), log_source: AGENT }],
      });
      stop.say({ kind: 'entries', entries: [entry(3, 'Stopping workspace', 'gone')] });
      await eventually('both', () => shownText().includes('gone') && shownText().includes('saved'));
      logs.show(workspace);
      const lines = ['▸ Stopping workspace', '  down', '▸ agent main: Shutdown', '  saved', '▸ Stopping workspace'];
      await eventually('the log of the stop alone', () =>
        new RegExp(`^──── stop #.*\n${lines.join('.*\n')}.*\n {2}gone\n$`).test(shownText()),
      );
    });
  });

  test('is written anew in other words when a setting about it changes', async () => {
    let settings = SETTINGS;
    const body: LogsBody = async (logs, state) => {
      const workspace = named(state(), 'web');
      const { events, say } = spoken();
      logs.follow(workspace, workspace.latest_build, events);
      const detail = { ...entry(1, 'Setting up', 'detail'), log_level: 'debug' as const };
      say({ kind: 'entries', entries: [detail, entry(2, 'Setting up', 'shown')] });
      logs.show(workspace);
      await eventually('both lines', () => /debug detail\n {2}shown/.test(shownText()));
      settings = { ...SETTINGS, buildLogLevel: 'info' };
      logs.redraw();
      await eventually('one line', () => /▸ Setting up\n {2}shown\n$/.test(shownText()));
    };
    await withLogs('v2', body, () => settings);
  });

  test('is that of the latest build alone once it is asked for', async () => {
    await withLogs('v2', async (logs, state, { calls, signal }) => {
      const workspace = named(state(), 'archive');
      const earlier = { ...workspace.latest_build, id: 'earlier' as BuildId, build_number: 1 };
      const { events, say } = spoken();
      const ended = logs.follow(workspace, earlier, events);
      say({ kind: 'ended', build: earlier });
      await ended.written;
      const { id } = workspace.latest_build;
      const latest = logs.follow(workspace, workspace.latest_build, () => followBuildLog(calls, id, { signal }));
      await latest.written;
      assert.ok(!logs.has(workspace, earlier), 'the earlier one is to be opened as a document');
      assert.ok(logs.has(workspace, workspace.latest_build));
      logs.show(workspace);
      const text = await eventually('the log', () => /^──── stopped/m.exec(shownText())?.input);
      assert.equal(text.match(/^──── (start|stop) #/gm)?.length, 1);
    });
  });

  test('goes on under the new name of its workspace, with all that was written', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const { events, say } = spoken();
      logs.follow(workspace, workspace.latest_build, events);
      say({ kind: 'entries', entries: [entry(1, 'Setting up', 'before')] });
      logs.show(workspace);
      const before = await eventually('the first line', () => shownText().includes('before') && shown());

      logs.rename(new Map([[workspace.id, { ...workspace, name: 'renamed' }]]));
      // A command still holds the workspace as it was.
      logs.show(workspace);
      say({ kind: 'entries', entries: [entry(2, 'Setting up', 'after')] });
      const after = await eventually('what came later', () => /before\n {2}after\n$/.test(shownText()) && shown());
      assert.notEqual(after.uri.toString(), before.uri.toString());
    });
  });

  test('stays open under each new name of its workspace', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const other = named(state(), 'archive');
      const seen: string[] = [];
      for (const each of [other, workspace]) {
        const { events, say } = spoken();
        logs.follow(each, each.latest_build, (isShown) => {
          if (each === workspace) isShown.subscribe((now) => now && seen.push('shown'));
          return events();
        });
        say({ kind: 'entries', entries: [entry(1, 'Setting up', `of ${each.name}`)] });
      }
      logs.show(workspace);
      let last = await eventually('the log', () => seen.length > 0 && shownText().includes('of web') && shown());
      for (const name of ['renamed', 'renamed-again']) {
        const before = last.uri.toString();
        logs.rename(new Map([other, { ...workspace, name }].map((each) => [each.id, each])));
        last = await eventually(
          `the log under the name ${name}`,
          () => shown()?.uri.toString() !== before && shownText().includes('of web') && shown(),
        );
        assert.ok(last.uri.path.endsWith(`/${name}`), last.uri.path);
        await eventually('VS Code tells that it is open', () => logs.onScreen()?.workspaceId === workspace.id);
      }
    });
  });

  test('of two workspaces that swapped their names goes on under the name of each', async () => {
    await withLogs('v2', async (logs, state) => {
      const [web, archive] = [named(state(), 'web'), named(state(), 'archive')];
      const lines = [web, archive].map((workspace) => {
        const { events, say } = spoken();
        logs.follow(workspace, workspace.latest_build, events);
        say({ kind: 'entries', entries: [entry(1, 'Setting up', `of ${workspace.name}`)] });
        return say;
      });
      // The new name of one is heard before that of the other.
      const renamed = { ...archive, name: web.name };
      const names: [Workspace, Workspace][] = [
        [web, renamed],
        [{ ...web, name: archive.name }, renamed],
      ];
      for (const pair of names) logs.rename(new Map(pair.map((each) => [each.id, each])));
      for (const [index, workspace] of [web, archive].entries()) {
        lines[index]?.({ kind: 'entries', entries: [entry(2, 'Setting up', `still of ${workspace.name}`)] });
        logs.show(workspace);
        const whole = new RegExp(`  of ${workspace.name}\n  still of ${workspace.name}\n$`);
        await eventually(`the log of ${workspace.name}`, () => whole.test(shownText()));
      }
    });
  });

  test('of a workspace made under the name of a deleted one goes on in the same channel', async () => {
    await withLogs('v2', async (logs, state) => {
      const deleted = named(state(), 'web');
      const made = {
        ...deleted,
        id: 'made' as WorkspaceId,
        latest_build: { ...deleted.latest_build, id: 'new' as BuildId },
      };
      const write = async (workspace: Workspace, line: string) => {
        const { events, say } = spoken();
        logs.follow(workspace, workspace.latest_build, events);
        say({ kind: 'entries', entries: [entry(1, 'Setting up', line)] });
        logs.show(workspace);
        return eventually('the line', () => shownText().includes(line) && shown());
      };
      const first = await write(deleted, 'of the first');
      const second = await write(made, 'of the second');
      assert.equal(second.uri.toString(), first.uri.toString());
    });
  });

  test('of a deleted workspace is gone once it is known that another one has its name', async () => {
    await withLogs('v2', async (logs, state) => {
      const deleted = named(state(), 'web');
      const made = { ...deleted, id: 'made' as WorkspaceId };
      // It was deleted elsewhere, and the list has not told yet.
      logs.rename(new Map([[deleted.id, deleted]]));
      for (const each of [deleted, made]) logs.follow(each, each.latest_build, spoken().events);
      await eventually('both logs', () => [deleted, made].every((each) => logs.has(each, each.latest_build)));
      logs.rename(new Map([[made.id, made]]));
      assert.deepEqual(
        [deleted, made].map((each) => logs.has(each, each.latest_build)),
        [false, true],
      );
    });
  });

  test('goes when its user signs out, and begins anew in the channel of the next sign-in', async () => {
    await withLogs('v2', async (logs, state) => {
      const workspace = named(state(), 'web');
      const first = spoken();
      logs.follow(workspace, workspace.latest_build, first.events);
      first.say({ kind: 'entries', entries: [entry(1, 'Setting up', 'of the first user')] });
      logs.show(workspace);
      await eventually('the first line', () => shownText().includes('of the first user'));

      logs.clear();
      assert.equal(logs.onScreen(), undefined);
      // What is still followed writes nowhere.
      first.say({ kind: 'entries', entries: [entry(2, 'Setting up', 'too late')] });
      const second = spoken();
      logs.follow(workspace, workspace.latest_build, second.events);
      second.say({ kind: 'entries', entries: [entry(1, 'Setting up', 'of the second user')] });
      logs.show(workspace);
      await eventually('the line of the second', () => shownText().includes('of the second user'));
      assert.doesNotMatch(shownText(), /of the first user|too late/);
    });
  });
});
