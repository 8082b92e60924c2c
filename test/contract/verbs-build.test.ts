import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { latestBuild } from '../deployment/store.ts';
import { escape, press, type as enter } from '../scriptedUi.ts';
import { ages, soon } from './client-fixture.ts';
import { outageOf } from './proxied-session.ts';
import { statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const BUILDS = /\/workspaces\/[0-9a-f-]{36}\/builds$/;
const ONE_WORKSPACE = /\/workspaces\/[0-9a-f-]{36}(\?|$)/;
const ONE_BUILD = ['POST /api/v2/workspaces/…/builds'];

/** The session hears of nothing but what it asks for. */
const deafen = async ({ deployment }: VerbFixture): Promise<void> => {
  await deployment.misbehave('silent-stream', { path: /\/watch/ });
  deployment.cutStreams({ kind: 'watch' });
  deployment.cutStreams({ kind: 'watch-ws' });
};

const startElsewhere = ({ other, id }: VerbFixture, name: string, transition: 'start' | 'stop' | 'delete' = 'start') =>
  workspaces.createBuild(other.calls, id(name), { transition }, soon());

for (const age of ages) {
  describe(`start, stop and delete (${age})`, () => {
    test('a start is followed to its end: its progress, its log, one sentence', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.run('start', verbs.id('archive'));
      assert.deepEqual(verbs.writes(), ONE_BUILD);
      assert.match(verbs.ui.said.join('\n'), /^archive started in /);
      assert.deepEqual(
        verbs.ui.builds.map(({ title, cancellable }) => [title, cancellable]),
        [['Starting archive', true]],
      );
      await until('the log is written', () => [...verbs.log.values()].some((entries) => entries.length > 0));
    });

    test('a double click sends one request', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await Promise.all([verbs.run('start', verbs.id('archive')), verbs.run('start', verbs.id('archive'))]);
      assert.deepEqual(verbs.writes(), ONE_BUILD);
      assert.equal(verbs.ui.said.length, 1);
    });

    test('where somebody else’s start is active (409), it is joined (coder/vscode-coder#217, coder/coder#13032)', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await deafen(verbs);
      verbs.deployment.hold('builds');
      await startElsewhere(verbs, 'archive');
      const done = verbs.run('start', verbs.id('archive'));
      await until('it is shown', () => verbs.ui.builds.length > 0);
      verbs.deployment.release();
      await done;
      assert.equal(verbs.ui.builds[0]?.title, 'archive is already starting');
      assert.match(verbs.ui.said.join('\n'), /^archive started in /);
    });

    test('a deletion that meets somebody else’s start follows it, and does not end as if it were done', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await deafen(verbs);
      verbs.deployment.hold('builds');
      await startElsewhere(verbs, 'archive');
      verbs.ui.answers(enter('archive'));
      const done = verbs.run('delete', verbs.id('archive'));
      await until('it is shown', () => verbs.ui.builds.length > 0);
      verbs.deployment.release();
      await done;
      assert.equal(verbs.ui.builds[0]?.title, 'archive is already starting');
      assert.match(verbs.ui.said.join('\n'), /^Another build of archive started first\. archive started in /);
    });

    test('where somebody else’s start has finished meanwhile, it is already running', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await deafen(verbs);
      verbs.deployment.hold('builds');
      await startElsewhere(verbs, 'archive');
      await verbs.deployment.misbehave('slow', { path: ONE_WORKSPACE, method: 'GET', delayMs: 1500, times: 1 });
      const done = verbs.run('start', verbs.id('archive'));
      await until('it was refused', () => verbs.deployment.requests.some(({ status }) => status === 409));
      verbs.deployment.release();
      await done;
      assert.deepEqual(verbs.ui.said, ['archive is already running.']);
      assert.equal(verbs.ui.toasts[0]?.kind, 'information');
    });

    test('where another kind of build has finished meanwhile, that is said', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await deafen(verbs);
      verbs.deployment.hold('builds');
      await startElsewhere(verbs, 'broken');
      await verbs.deployment.misbehave('slow', { path: ONE_WORKSPACE, method: 'GET', delayMs: 1500, times: 1 });
      verbs.ui.answers(enter('broken'));
      const done = verbs.run('delete', verbs.id('broken'));
      await until('it was refused', () => verbs.deployment.requests.some(({ status }) => status === 409));
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join('\n'), /^Another build of broken started first\. broken failed to start/);
    });

    test('a refusal that nothing has changed for is told in the server’s words', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('403', { path: BUILDS, method: 'POST' });
      await verbs.run('start', verbs.id('archive'));
      assert.match(
        verbs.ui.said.join('\n'),
        /^You don't have permission to create this build\. Coder says: Forbidden\.$/,
      );
      assert.equal(verbs.ui.toasts[0]?.kind, 'error');
    });

    test('an answer that is lost is read back, and the build followed', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: BUILDS });
      await verbs.run('start', verbs.id('archive'));
      assert.deepEqual(verbs.writes(), ONE_BUILD);
      assert.match(verbs.ui.said.join('\n'), /^archive started in /);
    });

    test('a start whose answer is lost while the deployment goes away is followed once it is back', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: BUILDS });
      await verbs.deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
      await verbs.deployment.misbehave('503', { path: /\/workspaces\?/, method: 'GET' });
      const done = verbs.run('start', verbs.id('archive'));
      await until('it is said', () => verbs.ui.said.length > 0);
      assert.deepEqual(verbs.ui.said, ["Coder was asked to start archive but hasn't confirmed it yet."]);
      await until('the outage is known', () => outageOf(verbs) !== undefined);
      await verbs.deployment.heal();
      await verbs.timing.advance(60_000);
      await done;
      assert.match(verbs.ui.said[1] ?? '', /^archive started in /);
      assert.deepEqual(verbs.writes(), ONE_BUILD);
    });

    test('a start that was lost on its way, and not made, is said not to be made', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('reset', { path: BUILDS });
      await verbs.deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
      await verbs.run('start', verbs.id('archive'));
      assert.match(verbs.ui.said[0] ?? '', /hasn't confirmed it yet/);
      assert.match(verbs.ui.said[1] ?? '', /^archive wasn't started\. The connection to .* was lost\.$/);
      assert.equal(statusOf(verbs.session, 'archive'), 'stopped');
    });

    test('a delete whose end cannot be read at once is no failure', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('503', { path: /\/workspacebuilds\/[0-9a-f-]{36}$/, method: 'GET', times: 3 });
      verbs.ui.answers(enter('archive'));
      await verbs.run('delete', verbs.id('archive'));
      assert.match(verbs.ui.said.join('\n'), /^archive was deleted in /);
      assert.equal(verbs.ui.toasts[0]?.kind, 'information');
    });

    test('Escape at the name sends nothing, and only the name itself is taken', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers((question) => {
        assert.ok(question.kind === 'enter');
        assert.notEqual(question.validate?.('archiv'), undefined);
        return escape(question);
      });
      await verbs.run('delete', verbs.id('archive'));
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('a stop is sent also where "don’t ask again" cannot be kept', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const context = { ...verbs.context, stopAskingBeforeStop: () => Promise.reject(new Error('read-only settings')) };
      verbs.ui.answers(press("Stop and Don't Ask Again"));
      await COMMANDS.stop?.(context, verbs.id('web'));
      assert.equal(verbs.writes().length, 1);
      assert.deepEqual(verbs.errors.map(String), ['Error: read-only settings']);
    });

    test('a stop asks once; closing the question sends nothing', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(press());
      await verbs.run('stop', verbs.id('web'));
      assert.deepEqual(verbs.writes(), []);
      verbs.ui.answers(press("Stop and Don't Ask Again"));
      await verbs.run('stop', verbs.id('web'));
      await verbs.run('stop', verbs.id('notebook'));
      assert.equal(verbs.ui.questions.length, 2);
      assert.equal(verbs.ui.said.length, 2);
    });

    for (const [open, shown] of [
      ['never', { good: [], bad: [] }],
      ['onFailure', { good: [], bad: ['broken'] }],
      ['always', { good: ['archive'], bad: ['broken'] }],
    ] as const) {
      test(`buildLog.open ${open}: the log opens ${shown.bad.length === 0 ? 'not' : 'then'}`, async () => {
        const verbs = await verbsOn({ age }, ALL_STREAMS);
        verbs.settings = { ...verbs.settings, buildLogOpen: open };
        await verbs.run('start', verbs.id('archive'));
        assert.deepEqual(verbs.shownLogs, shown.good);
        verbs.shownLogs.length = 0;
        await verbs.run('start', verbs.id('broken'));
        assert.deepEqual(verbs.shownLogs, shown.bad);
        const failure = verbs.ui.toasts.at(-1);
        assert.equal(failure?.kind, 'error');
        failure.buttons[0]?.run();
        assert.deepEqual(verbs.ui.executed, [
          ['coderWorkspaces.showLog', verbs.id('broken'), verbs.known('broken').latest_build.id],
        ]);
      });
    }

    test('a build that is canceled is no failure: its log does not open', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.deployment.hold('builds');
      const done = verbs.run('start', verbs.id('archive'));
      await until('it is shown', () => verbs.ui.builds.length > 0);
      await builds.cancel(
        verbs.other.calls,
        latestBuild(verbs.deployment.workspace('owner/archive')).id as never,
        {},
        soon(),
      );
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join('\n'), /^The start of archive was canceled/);
      assert.equal(verbs.ui.toasts[0]?.kind, 'information');
      assert.deepEqual(verbs.shownLogs, []);
    });
  });
}

// V0 starts a deleted workspace (contract 2.1).
test('what was deleted meanwhile is said to be deleted', async () => {
  const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
  await deafen(verbs);
  await startElsewhere(verbs, 'archive', 'delete');
  await until('it is deleted', () => {
    const owner = verbs.deployment.users.owner.id;
    const found = [...verbs.deployment.store.workspaces.values()].filter(({ ownerId }) => ownerId === owner);
    return found.some(({ name, deleted }) => name === 'archive' && deleted);
  });
  await verbs.run('start', verbs.id('archive'));
  assert.deepEqual(verbs.ui.said, ['archive is deleted.']);
});
