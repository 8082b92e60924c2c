import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { press } from '../scriptedUi.ts';
import { ages, soon } from './client-fixture.ts';
import { statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const ONE_BUILD = 'POST /api/v2/workspaces/…/builds';

const running = async (options: Parameters<typeof verbsOn>[0]): Promise<VerbFixture> => {
  const verbs = await verbsOn(options, ALL_STREAMS);
  verbs.settings = { ...verbs.settings, confirmStop: false };
  return verbs;
};

for (const [age, options] of [
  ...ages.map((age) => [age, { age }] as const),
  ['v2.36', { age: 'v2', release: '2.36' }] as const,
]) {
  describe(`restart (${age})`, () => {
    test('a restart is one act: one notification, a stop, a start of the same version, one sentence', async () => {
      const verbs = await running(options);
      const before = verbs.known('web').latest_build;
      await verbs.run('restart', verbs.id('web'));
      const after = verbs.known('web').latest_build;
      assert.equal(after.build_number, before.build_number + 2);
      assert.equal(after.template_version_id, before.template_version_id);
      assert.equal(statusOf(verbs.session, 'web'), 'running');
      assert.deepEqual(
        verbs.ui.builds.map(({ title }) => title),
        ['Restarting web'],
      );
      assert.equal(verbs.ui.said.length, 1);
      assert.match(verbs.ui.said[0] ?? '', /^web restarted in /);
      // V2.36 makes the start itself; others get a second request.
      assert.deepEqual(verbs.writes(), age === 'v2.36' ? [ONE_BUILD] : [ONE_BUILD, ONE_BUILD]);
    });

    test('it is asked once, and with the answer kept not again', async () => {
      const verbs = await verbsOn(options, ALL_STREAMS);
      verbs.ui.answers(press("Restart and Don't Ask Again"));
      await verbs.run('restart', verbs.id('web'));
      await verbs.run('restart', verbs.id('web'));
      assert.deepEqual(
        verbs.ui.questions.map(({ title }) => title),
        ['Restart web?'],
      );
      assert.equal(verbs.ui.said.length, 2);
    });

    test('several are restarted with one question and one sentence', async () => {
      const verbs = await verbsOn(options, ALL_STREAMS);
      verbs.ui.answers(press('Restart'));
      const ids = ['web', 'by-hand'].map((name) => verbs.id(name));
      const rows = ids.map((workspaceId) => ({ refs: { workspaceId } }));
      await verbs.run('restart', rows[0], rows);
      assert.equal(verbs.ui.questions.length, 1);
      assert.deepEqual(verbs.ui.said, ['Restarted 2 workspaces.']);
      assert.deepEqual([statusOf(verbs.session, 'web'), statusOf(verbs.session, 'by-hand')], ['running', 'running']);
    });

    test('a double click restarts once', async () => {
      const verbs = await running(options);
      const { build_number: before } = verbs.known('web').latest_build;
      await Promise.all([verbs.run('restart', verbs.id('web')), verbs.run('restart', verbs.id('web'))]);
      assert.equal(verbs.known('web').latest_build.build_number, before + 2);
    });

    test('a stop that is canceled starts nothing', async () => {
      const verbs = await running(options);
      verbs.deployment.hold('builds');
      const done = verbs.run('restart', verbs.id('web'));
      await until('the stop is shown', () => verbs.ui.builds.length > 0);
      // Asked again where it went on from queued to stopping meanwhile.
      verbs.ui.answers(press('Cancel Build'), press('Cancel Build'));
      verbs.ui.builds[0]?.pressCancel();
      await until('it is canceled', () => verbs.known('web').latest_build.job.canceled_at !== undefined);
      verbs.deployment.release();
      await done;
      assert.equal(verbs.known('web').latest_build.transition, 'stop');
      assert.equal(verbs.ui.said.at(-1), 'The stop of web was canceled.');
      assert.deepEqual(
        verbs.writes().filter((write) => write === ONE_BUILD),
        [ONE_BUILD],
      );
    });

    test('somebody else’s stop is joined, and starts nothing', async () => {
      const verbs = await running(options);
      verbs.deployment.hold('builds');
      await workspaces.createBuild(verbs.other.calls, verbs.id('web'), { transition: 'stop' }, soon());
      const done = verbs.run('restart', verbs.id('web'));
      await until('it is shown or said', () => verbs.ui.builds.length + verbs.ui.said.length > 0);
      verbs.deployment.release();
      await done;
      assert.match(
        verbs.ui.said[0] ?? '',
        /^(Another build of web started first\. web stopped in|A build of web is in progress)/,
      );
      assert.equal(verbs.known('web').latest_build.transition, 'stop');
    });
  });
}

for (const verb of ['stop', 'restart']) {
  test(`a ${verb} that joins the stop of a restart shows the start as one, and tells what the workspace has become (v2.36)`, async () => {
    const verbs = await running({ age: 'v2', release: '2.36' });
    await verbs.deployment.misbehave('silent-stream', { path: /\/watch/ });
    verbs.deployment.cutStreams({ kind: 'watch' });
    verbs.deployment.cutStreams({ kind: 'watch-ws' });
    verbs.deployment.hold('builds');
    const request = { transition: 'stop', onSuccess: {} } as const;
    const { id } = await workspaces.createBuild(verbs.other.calls, verbs.id('web'), request, soon());
    const done = verbs.run(verb, verbs.id('web'));
    await until('it is joined', () => verbs.log.has(id));
    verbs.deployment.release();
    await done;
    assert.equal(statusOf(verbs.session, 'web'), 'running');
    assert.deepEqual(
      verbs.ui.builds.map(({ title }) => title),
      ['web is already stopping', 'web is already starting'],
    );
    assert.match(verbs.ui.said.join(), /^Another build of web started first\. web started in [^,]*$/);
    assert.deepEqual(verbs.errors, []);
  });
}
