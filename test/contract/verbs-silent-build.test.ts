import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { press } from '../scriptedUi.ts';
import { statusOf, until } from './session-fixture.ts';
import { verbsOn, type VerbFixture } from './verb-fixture.ts';

/** A start that stands still, of which V0 has heard nothing for 30 seconds; the session knows. */
async function silentStart(): Promise<{ readonly verbs: VerbFixture; readonly done: Promise<void> }> {
  const verbs = await verbsOn({ age: 'v0' });
  verbs.deployment.hold('builds');
  const done = verbs.run('start', verbs.id('archive'));
  await until('it starts', () => statusOf(verbs.session, 'archive') === 'starting');
  await verbs.deployment.misbehave('heartbeat-lapse');
  await verbs.session.refetch(verbs.id('archive'));
  assert.equal(statusOf(verbs.session, 'archive'), 'failed');
  return { verbs, done };
}

describe('a build of which V0 hears nothing for a while', () => {
  test('goes on: its progress says since when, and its end is told once it has ended', async () => {
    const { verbs, done } = await silentStart();
    const [progress] = verbs.ui.builds;
    assert.match(progress?.message.value ?? '', /^no word from the provisioner since \d\d:\d\d$/);
    assert.deepEqual(verbs.ui.said, []);
    await verbs.deployment.heal('heartbeat-lapse');
    await verbs.session.refetch(verbs.id('archive'));
    assert.equal(statusOf(verbs.session, 'archive'), 'starting');
    assert.doesNotMatch(progress?.message.value ?? '', /no word/);
    verbs.deployment.release();
    await done;
    assert.equal(verbs.ui.builds.length, 1);
    assert.match(verbs.ui.said.join('\n'), /^archive started in /);
    assert.deepEqual(verbs.shownLogs, []);
  });

  test('can be canceled all the same, also where nothing is heard of it since the question was asked', async () => {
    const verbs = await verbsOn({ age: 'v0' });
    const { deployment, session } = verbs;
    deployment.hold('builds');
    const done = verbs.run('start', verbs.id('archive'));
    await until('it starts', () => statusOf(session, 'archive') === 'starting');
    verbs.ui.answers(async (question) => {
      await deployment.misbehave('heartbeat-lapse');
      await session.refetch(verbs.id('archive'));
      return press('Cancel Build')(question);
    });
    await verbs.run('cancel', verbs.id('archive'));
    assert.deepEqual(verbs.ui.said, []);
    assert.match(verbs.writes().join(), /PATCH .*cancel$/);
    await deployment.heal('heartbeat-lapse');
    deployment.release();
    await done;
    assert.deepEqual(verbs.ui.said, ['The start of archive was canceled.']);
  });

  test('can be started over, should the provisioner never come back', async () => {
    const { verbs, done } = await silentStart();
    const again = verbs.run('start', verbs.id('archive'));
    await until('both are asked for', () => verbs.writes().length === 2);
    await done;
    assert.deepEqual(verbs.ui.said, ['The provisioner that builds archive has stopped reporting.']);
    assert.equal(verbs.ui.toasts[0]?.kind, 'information');
    verbs.deployment.release();
    await again;
    assert.match(verbs.ui.said[1] ?? '', /^archive started in /);
  });
});
