import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { ages, soon } from './client-fixture.ts';
import { until } from './session-fixture.ts';
import { verbsOn } from './verb-fixture.ts';

for (const age of ages) {
  describe(`the log of a build on a deployment of age ${age}`, () => {
    test('of one that is over and was not followed here opens as a document, from its first line to its last', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('showLog', verbs.id('archive'));
      const [document] = verbs.ui.texts;
      assert.ok(document, 'nothing was opened');
      const { latest_build: build } = verbs.known('archive');
      assert.equal(document.path.at(-1), `archive #${build.build_number}.log`);
      assert.match(document.text, /^──── stop #\d+ · /);
      assert.match(document.text, /\n──── stopped in .* ────\n$/);
      const entries = await builds.logs(verbs.other.calls, build.id, {}, soon());
      const outputs = entries.flatMap(({ output }) => (output === '' ? [] : output.split('\n')));
      assert.ok(outputs.length > 0, 'the log is empty');
      let from = 0;
      for (const output of outputs) {
        const at = document.text.indexOf(`  ${output}`.trimEnd(), from);
        assert.ok(at !== -1, `"${output}" is missing or not in its place`);
        from = at;
      }
      assert.equal(document.line, undefined);
      assert.deepEqual(verbs.shownLogs, []);
    });

    test('of one whose log comes and is of no use says so in a line, and where the dashboard shows it', async () => {
      const verbs = await verbsOn({ age });
      const { latest_build: build } = verbs.known('archive');
      const page = `${verbs.deployment.url}/@owner/archive/builds/${build.build_number}`;
      await verbs.deployment.misbehave('garbage', { path: /\/logs/ });
      await verbs.run('showLog', verbs.id('archive'));
      const lines = verbs.ui.texts[0]?.text.trimEnd().split('\n') ?? [];
      assert.equal(lines.length, 3, lines.join('\n'));
      assert.ok(lines[1]?.startsWith("──── couldn't read the log: ") && lines[1].includes(`: ${page} ─`), lines[1]);
      assert.match(lines[2] ?? '', /^──── stopped in /);
    });

    test('of one that failed is read from its first error on', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('showLog', verbs.id('broken'));
      const [document] = verbs.ui.texts;
      assert.ok(document, 'nothing was opened');
      assert.match(document.text.split('\n')[document.line ?? 0] ?? '', /^ {2}error /);
      assert.equal(
        document.line,
        document.text.split('\n').findIndex((line) => line.startsWith('  error ')),
      );
      assert.match(document.text, /──── start failed.* ────\n$/);
    });

    test('of one that was followed in this window is in its channel; after a failure its button leads to the error', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('start', verbs.id('broken'));
      assert.deepEqual(verbs.shownLogs, ['broken']);
      const failure = verbs.ui.toasts.at(-1);
      assert.deepEqual(
        failure?.buttons.map(({ label }) => label),
        ['Show Log'],
      );
      failure.buttons[0]?.run();
      const [command, ...args] = verbs.ui.executed.at(-1) ?? [];
      assert.equal(command, 'coderWorkspaces.showLog');
      await verbs.run('showLog', ...args);
      assert.match(verbs.ui.texts[0]?.text.split('\n')[verbs.ui.texts[0].line ?? 0] ?? '', /^ {2}error /);
      await verbs.run('showLog', verbs.id('broken'));
      assert.deepEqual(verbs.shownLogs, ['broken', 'broken']);
      assert.equal(verbs.ui.texts.length, 1);
    });

    test('shows what the settings say: times, and no line below the lowest level', async () => {
      const verbs = await verbsOn({ age });
      verbs.settings = { ...verbs.settings, buildLogTimestamps: true, buildLogLevel: 'error' };
      await verbs.run('showLog', verbs.id('broken'));
      const lines = verbs.ui.texts[0]?.text.trimEnd().split('\n') ?? [];
      const inner = lines.slice(
        1,
        lines.findIndex((line) => line.includes('repeated')),
      );
      assert.ok(inner.length > 1, 'nothing is left');
      for (const line of inner) assert.match(line, /^\d\d:\d\d:\d\d (▸ | {2}error )/);
    });

    test('ends with the session: its stream closes, and nothing is said', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('showLog', verbs.id('warming-up'));
      const { id } = verbs.known('warming-up').latest_build;
      await until('the log is written', () => (verbs.log.get(id)?.length ?? 0) > 0);
      const streams = () =>
        Object.entries(verbs.deployment.openSockets().byKind).filter(([kind]) => kind.includes('log'));
      await until('its stream is open', () => streams().length > 0);
      verbs.sessionFixture.end.abort();
      await until('no stream is open', () => verbs.deployment.openSockets().total === 0);
      assert.deepEqual([verbs.errors, verbs.ui.toasts], [[], []]);
    });

    test('of one whose workspace is deleted meanwhile is written to its end', async () => {
      const verbs = await verbsOn({ age, speed: 20 });
      const workspaceId = verbs.id('archive');
      const archived = verbs.deployment.workspace('owner/archive');
      const build = await workspaces.createBuild(verbs.other.calls, workspaceId, { transition: 'delete' }, soon());
      await verbs.session.refresh();
      await verbs.run('showLog', workspaceId);
      await until('it is deleted', () => archived.deleted);
      const entries = () => verbs.log.get(build.id) ?? [];
      await until('the end of the log', () => entries().at(-1)?.stage === 'Cleaning Up');
      assert.deepEqual([verbs.errors, verbs.ui.toasts], [[], []]);
    });

    test('of one that is gone says so', async () => {
      const verbs = await verbsOn({ age });
      await verbs.run('showLog', verbs.id('archive'), '00000000-0000-4000-8000-000000000000');
      assert.deepEqual([verbs.ui.texts, verbs.ui.toasts.map(({ kind }) => kind)], [[], ['error']]);
    });
  });
}
