import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ages } from './client-fixture.ts';
import { asked, LIST, until, untilQuiet } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn } from './verb-fixture.ts';

for (const age of ages) {
  describe(`refresh (${age})`, () => {
    test('on a server that accepts and says nothing it shows that it waits, and for whom, until the answer comes', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { deployment, ui } = verbs;
      await deployment.misbehave('slow', { path: LIST, delayMs: 1_500 });
      const lists = asked(deployment, LIST);
      const refreshed = verbs.run('refresh');
      await until('the list is asked for', () => asked(deployment, LIST) > lists);
      const [waiting, ...others] = ui.waiting;
      assert.deepEqual(others, []);
      assert.equal(waiting?.message, `Loading workspaces from ${new URL(deployment.url).host}…`);
      assert.equal(waiting.isOver, false);
      await refreshed;
      assert.equal(waiting.isOver, true);
      assert.deepEqual(ui.said, [], 'how it ended is the tree’s to say');
    });

    test('the output says what is read next, and while the deployment is away why and when it tries again', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await untilQuiet(verbs.deployment);
      await verbs.run('showOutput');
      const host = new URL(verbs.deployment.url).host;
      assert.match(verbs.lines[0] ?? '', new RegExp(`^${host}: workspaces: (\\d+), live streams: \\1 of \\1`));
      assert.match(verbs.lines[0] ?? '', /Next read: \w+, in \d/);
      await verbs.deployment.misbehave('502');
      await verbs.run('refresh');
      await verbs.run('showOutput');
      assert.match(verbs.lines[1] ?? '', /Not up to date since .*: .* Next attempt in \d+ s\.$/);
      assert.ok(!verbs.lines.join().includes(verbs.deployment.token), 'no token');
    });

    test('it ends also when the deployment is away', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { deployment, session, ui } = verbs;
      await deployment.misbehave('reset');
      await verbs.run('refresh');
      assert.equal(ui.waiting[0]?.isOver, true);
      assert.ok(session.state.value.kind === 'ready' && session.state.value.stale !== undefined);
    });
  });
}
