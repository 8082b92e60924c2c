import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import type { BuildId } from '../../src/api/units.ts';
import { latestBuild, must } from '../deployment/store.ts';
import { choose, press, type Answer } from '../scriptedUi.ts';
import { ages, soon } from './client-fixture.ts';
import { outageOf } from './proxied-session.ts';
import { passUntil, statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const ONE_BUILD = /\/workspacebuilds\/[0-9a-f-]{36}$/;
const CANCEL = /\/workspacebuilds\/[0-9a-f-]{36}\/cancel/;

const buildOf = ({ deployment }: VerbFixture, name: string): BuildId =>
  latestBuild(deployment.workspace(`owner/${name}`)).id as BuildId;

const cancelsOf = (verbs: VerbFixture): string[] => verbs.writes().filter((write) => write.includes('/cancel'));

/** Presses *Cancel Build* after something has happened. */
const pressAfter =
  (meanwhile: () => Promise<unknown>): Answer =>
  async (question) => {
    await meanwhile();
    return press('Cancel Build')(question);
  };

/** What a modal question said. */
const detailOf = ({ ui }: VerbFixture, index: number): string => {
  const question = ui.questions[index];
  return question?.kind === 'confirm' ? question.detail : '';
};

for (const age of ages) {
  describe(`cancel (${age})`, () => {
    test('a running build is canceled after a question that says what stays behind, and followed to its end', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(press('Cancel Build'));
      await verbs.run('cancel', verbs.id('warming-up'));
      assert.match(detailOf(verbs, 0), /may keep running and incurring cost/);
      assert.match(verbs.ui.said.join('\n'), /^The start of warming-up was canceled/);
      assert.equal(cancelsOf(verbs).length, 1);
    });

    test('Escape at the question sends nothing and says nothing', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(press());
      await verbs.run('cancel', verbs.id('warming-up'));
      assert.deepEqual(verbs.writes(), []);
      assert.deepEqual(verbs.ui.said, []);
    });

    test('of a queued build nobody says that nothing was made, before or after', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(press('Cancel Build'));
      await verbs.run('cancel', verbs.id('queued'));
      const all = [detailOf(verbs, 0), ...verbs.ui.said].join('\n');
      assert.match(all, /still run it after it shows Canceled/);
      assert.doesNotMatch(all, /nothing|never/);
      assert.match(verbs.ui.said.join('\n'), /^The start of queued was canceled/);
    });

    test('a build that has ended while the question stood there is told, not canceled', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.deployment.hold('builds');
      const started = verbs.run('start', verbs.id('archive'));
      await until('it starts', () => statusOf(verbs.session, 'archive') === 'starting');
      verbs.ui.answers(
        pressAfter(async () => {
          verbs.deployment.release();
          await started;
        }),
      );
      await verbs.run('cancel', verbs.id('archive'));
      assert.deepEqual(cancelsOf(verbs), []);
      assert.match(verbs.ui.said[1] ?? '', /^The build has already finished\. archive started/);
    });

    test('a queued build that has begun while the question stood there is asked about anew', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const workspace = verbs.deployment.workspace('owner/queued');
      verbs.ui.answers(
        pressAfter(async () => {
          latestBuild(workspace).job.startedAt = verbs.deployment.store.clock.now();
          verbs.deployment.changed(workspace);
          await until('it has begun', () => statusOf(verbs.session, 'queued') === 'starting');
        }),
        press(),
      );
      await verbs.run('cancel', verbs.id('queued'));
      assert.match(detailOf(verbs, 1), /^The build has moved on since you were asked\./);
      assert.deepEqual(cancelsOf(verbs), []);
    });

    test('a refusal is judged by what is so then: somebody else’s cancel is joined', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('silent-stream', { path: /\/watch/ });
      verbs.deployment.cutStreams();
      verbs.ui.answers(pressAfter(() => builds.cancel(verbs.other.calls, buildOf(verbs, 'warming-up'), {}, soon())));
      verbs.deployment.hold('builds');
      const done = verbs.run('cancel', verbs.id('warming-up'));
      await until('it is followed', () => verbs.ui.builds.length > 0);
      assert.equal(verbs.ui.builds[0]?.title, 'Canceling the build of warming-up');
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join('\n'), /^The start of warming-up was canceled/);
      assert.equal(verbs.ui.toasts[0]?.kind, 'information');
    });

    test('a read that fails after the cancel is no failure: it is not confirmed yet, and told in the end', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('503', { path: ONE_BUILD, method: 'GET', times: 3 });
      verbs.ui.answers(press('Cancel Build'));
      await verbs.run('cancel', verbs.id('warming-up'));
      assert.equal(verbs.ui.said[0], "Coder was asked to cancel the build of warming-up but hasn't confirmed it yet.");
      assert.match(verbs.ui.said[1] ?? '', /^The start of warming-up was canceled/);
      assert.ok(verbs.ui.toasts.every(({ kind }) => kind === 'information'));
    });

    test('an answer that is lost is read back, and the build followed', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('lost-answer', { path: CANCEL });
      verbs.ui.answers(press('Cancel Build'));
      await verbs.run('cancel', verbs.id('warming-up'));
      assert.match(verbs.ui.said.join('\n'), /^The start of warming-up was canceled/);
      assert.equal(cancelsOf(verbs).length, 1);
    });

    for (const [fault, endings] of [
      ['reset', [/^The build of archive wasn't canceled\. The connection to .* was lost\.$/, /^archive started in /]],
      ['lost-answer', [/^The start of archive was canceled/]],
    ] as const) {
      test(`a cancel whose answer does not come (${fault}) while the deployment goes away is told as what came of it`, async () => {
        const verbs = await verbsOn({ age });
        verbs.deployment.hold('builds');
        const done = verbs.run('start', verbs.id('archive'));
        // One that is queued is canceled only if it still is (412 otherwise).
        await until('it starts', () => statusOf(verbs.session, 'archive') === 'starting');
        await verbs.deployment.misbehave(fault, { path: CANCEL });
        for (const path of [ONE_BUILD, /\/workspaces\/[0-9a-f-]{36}(\?|$)/, /\/workspaces\?/])
          await verbs.deployment.misbehave('503', { path, method: 'GET' });
        verbs.ui.standing.set('Cancel the start of archive?', press('Cancel Build'));
        await verbs.run('cancel', verbs.id('archive'));
        await until('the outage is known', () => outageOf(verbs) !== undefined);
        await verbs.deployment.heal();
        await passUntil(verbs.timing, 'it is back', () => outageOf(verbs) === undefined);
        if (fault === 'reset') await until('it is told', () => verbs.ui.said.length > 1);
        verbs.deployment.release();
        await passUntil(verbs.timing, 'its end is told', () => verbs.ui.said.length > endings.length);
        await done;
        const [first, ...others] = verbs.ui.said;
        assert.equal(first, "Coder was asked to cancel the build of archive but hasn't confirmed it yet.");
        assert.equal(others.length, endings.length, others.join('\n'));
        endings.forEach((ending, index) => assert.match(others[index] ?? '', ending));
        assert.equal(cancelsOf(verbs).length, 1);
      });
    }

    test('a cancel at the row is one at the progress of that build, too, where it is not offered again', async () => {
      const verbs = await verbsOn({ age });
      verbs.deployment.hold('builds');
      verbs.ui.standing.set('Cancel the start of archive?', press('Cancel Build'));
      const done = verbs.run('start', verbs.id('archive'));
      await until('it is shown', () => verbs.ui.builds.length === 1);
      await verbs.run('cancel', verbs.id('archive'));
      await until('it is shown again', () => verbs.ui.builds.length === 2);
      assert.deepEqual(
        [verbs.ui.builds[1]?.title, verbs.ui.builds[1]?.cancellable],
        ['Canceling the build of archive', false],
      );
      verbs.deployment.release();
      await done;
      assert.equal(verbs.ui.builds.length, 2);
      assert.match(verbs.ui.said.join('\n'), /^The start of archive was canceled/);
    });

    test('Cancel at the progress asks, and the progress stays when the person lets it run', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.deployment.hold('builds');
      // Asked once more where it went on from queued to starting meanwhile.
      verbs.ui.answers(press(), press('Cancel Build'), press('Cancel Build'));
      const done = verbs.run('start', verbs.id('archive'));
      await until('it is shown', () => verbs.ui.builds.length === 1);
      verbs.ui.builds[0]?.pressCancel();
      await until('it is shown again', () => verbs.ui.builds.length === 2);
      assert.deepEqual(cancelsOf(verbs), []);
      verbs.ui.builds[1]?.pressCancel();
      await until('it is being canceled', () => verbs.ui.builds.length === 3);
      assert.deepEqual(
        [verbs.ui.builds[2]?.title, verbs.ui.builds[2]?.cancellable],
        ['Canceling the build of archive', false],
      );
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join('\n'), /^The start of archive was canceled/);
      for (let again = 2; again < verbs.ui.questions.length; again += 1)
        assert.match(detailOf(verbs, again), /^The build has moved on since you were asked\./);
    });

    test('without a row one chooses among the builds that can be canceled', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(choose('winding-down'), press('Cancel Build'));
      await verbs.run('cancel');
      const [first] = verbs.ui.questions;
      assert.ok(first !== undefined && 'rows' in first);
      assert.deepEqual(first.rows.map(({ label }) => label).sort(), ['fading', 'queued', 'warming-up', 'winding-down']);
      assert.match(verbs.ui.said.join('\n'), /^The stop of winding-down was canceled/);
    });
  });
}

describe('cancel in V2', () => {
  test('a build that has begun where a queued one was to be canceled (412) is asked about anew (coder/coder#17791)', async () => {
    const verbs = await verbsOn({ age: 'v2' }, ALL_STREAMS);
    await verbs.deployment.misbehave('silent-stream', { path: /\/watch/ });
    verbs.deployment.cutStreams();
    const { job } = latestBuild(verbs.deployment.workspace('owner/queued'));
    verbs.ui.answers(
      pressAfter(() => {
        // The session does not hear of it.
        job.startedAt = verbs.deployment.store.clock.now();
        return Promise.resolve();
      }),
      press(),
    );
    await verbs.run('cancel', verbs.id('queued'));
    assert.ok(
      verbs.deployment.requests.some(({ path, status }) => path.endsWith('?expect_status=pending') && status === 412),
    );
    assert.equal(job.canceledAt, undefined);
    assert.match(
      detailOf(verbs, 1),
      /^The build has moved on since you were asked\.\nResources that were already created/,
    );
  });
});

test('a queued build whose template forbids cancels by then is told as such, though V2 calls it an internal error', async () => {
  const verbs = await verbsOn({ age: 'v2' }, { as: 'dana', ...ALL_STREAMS });
  verbs.deployment.hold('queue');
  const done = verbs.run('start', verbs.id('api-server'));
  await until('it is queued', () => statusOf(verbs.session, 'api-server') === 'pending');
  verbs.ui.answers((question) => {
    must(verbs.deployment.store.templates, verbs.deployment.workspace('dana/api-server').templateId).allowUserCancel =
      false;
    return press('Cancel Build')(question);
  });
  await verbs.run('cancel', verbs.id('api-server'));
  assert.equal(verbs.ui.said.at(-1), "This template doesn't let its users cancel builds.");
  assert.equal(statusOf(verbs.session, 'api-server'), 'pending');
  verbs.deployment.release();
  await done;
});
