import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRestarts, type Restarts } from '../../src/host/restarts.ts';
import { allows } from '../../src/model/actions.ts';
import { restartedStop } from '../../src/model/restartedStop.ts';
import { statusDescription } from '../../src/model/statusText.ts';
import { latestBuild, must } from '../deployment/store.ts';
import { sharedNames } from '../sharedNames.ts';
import { ages, clientOf } from './client-fixture.ts';
import { stored } from './newer-version.ts';
import { idOf, readyState, sessionFor, statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

// A restart whose window closes in the middle, up to where VS Code begins: what `deactivate` aborts, and what the next
// window's `activate` reads from the folder that both have.

const BUILDS = /\/builds(\?|$)/;
const ONE_WORKSPACE = /\/workspaces\/[0-9a-f-]{36}(\?|$)/;

const noError = (error: unknown): never => assert.fail(String(error));

/** A restart whose stop is under way, in a window that keeps it in `kept`. */
const restarting = async (
  options: Parameters<typeof verbsOn>[0],
): Promise<{ verbs: VerbFixture; done: Promise<void>; kept: ReturnType<typeof sharedNames> }> => {
  const verbs = await verbsOn(options, ALL_STREAMS);
  const kept = sharedNames();
  Object.assign(verbs.context.restarts, createRestarts(kept, noError));
  verbs.settings = { ...verbs.settings, confirmStop: false };
  verbs.deployment.hold('builds');
  const done = verbs.run('restart', verbs.id('web'));
  await until('the stop is shown', () => verbs.ui.builds.length > 0);
  return { verbs, done, kept };
};

/** What the row of `web` says in a window with a session of its own. */
const rowIn = async ({ deployment }: VerbFixture, { left }: Restarts) => {
  const { session } = sessionFor(deployment, { client: clientOf(deployment) });
  const { user, workspaces: known } = await readyState(session);
  const web = known.get(idOf(session, 'web'));
  assert.ok(web, 'web is known');
  const locale = { locale: 'en', typedLocale: 'en', timeZone: 'UTC', hourCycle: 'h23', showsZone: false } as const;
  const options = { displayLocale: locale, interruptedRestarts: left.value };
  return { says: statusDescription(web, options, session.now(), user), start: allows('start', web, user) };
};

/** Another person starts `web`; the query tells the request from ours. Gives the build's id. */
const startByDana = async ({ deployment, id }: VerbFixture): Promise<string> => {
  const { dana } = deployment.users;
  must(deployment.store.users, dana.id).siteOwner = true;
  const response = await fetch(`${deployment.url}/api/v2/workspaces/${id('web')}/builds?by=dana`, {
    method: 'POST',
    headers: { 'coder-session-token': dana.token, 'content-type': 'application/json' },
    body: JSON.stringify({ transition: 'start' }),
  });
  assert.equal(response.status, 201);
  return latestBuild(deployment.workspace('owner/web')).id;
};

for (const age of ages) {
  describe(`a restart and its windows (${age})`, () => {
    test('where its window closes in the middle nothing is started, and the next window offers Start at “restart interrupted”', async () => {
      const { verbs, done, kept } = await restarting({ age });
      const { id } = latestBuild(stored(verbs, 'web'));
      verbs.sessionFixture.end.abort();
      await done;
      verbs.deployment.release();
      await until('it is stopped', () => latestBuild(stored(verbs, 'web')).job.completedAt !== undefined);
      const next = createRestarts(kept, noError);
      await kept.settled();
      assert.deepEqual(await rowIn(verbs, next), {
        says: 'Stopped · restart interrupted',
        start: true,
      });
      assert.equal(latestBuild(stored(verbs, 'web')).id, id, 'nothing was started');
      assert.equal(verbs.writes().length, 1);
    });

    test('where its window closes before the stop’s answer has come, the next window tells of the restart, too', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const kept = sharedNames();
      Object.assign(verbs.context.restarts, createRestarts(kept, noError));
      verbs.settings = { ...verbs.settings, confirmStop: false };
      const running = latestBuild(stored(verbs, 'web')).id;
      await verbs.deployment.misbehave('lost-answer', { path: BUILDS, method: 'POST' });
      await verbs.deployment.misbehave('half-open', { path: ONE_WORKSPACE, method: 'GET' });
      const done = verbs.run('restart', verbs.id('web'));
      await until('the stop is made', () => latestBuild(stored(verbs, 'web')).id !== running);
      verbs.sessionFixture.end.abort();
      await done;
      await verbs.deployment.heal();
      await until('it is stopped', () => latestBuild(stored(verbs, 'web')).job.completedAt !== undefined);
      const next = createRestarts(kept, noError);
      await kept.settled();
      assert.equal((await rowIn(verbs, next)).says, 'Stopped · restart interrupted');
      assert.equal(latestBuild(stored(verbs, 'web')).transition, 'stop', 'nothing was started');
    });

    test('a restart whose stop is refused, or whose workspace somebody else was quicker to build, leaves nothing on record', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const kept = sharedNames();
      Object.assign(verbs.context.restarts, createRestarts(kept, noError));
      verbs.settings = { ...verbs.settings, confirmStop: false };
      await verbs.deployment.misbehave('403', { path: BUILDS, method: 'POST' });
      await verbs.run('restart', verbs.id('web'));
      assert.deepEqual(await kept.read(), []);
      await verbs.deployment.heal();
      verbs.deployment.hold('builds');
      // Theirs is made while ours is on its way.
      const { calls } = verbs.session;
      const write = calls.write.bind(calls);
      let [isOnItsWay, goOn] = [false, (): void => undefined];
      const held = new Promise<void>((resolve) => (goOn = resolve));
      Object.assign(calls, {
        write: async (...request: Parameters<typeof write>) => {
          isOnItsWay = true;
          await held;
          return write(...request);
        },
      });
      const done = verbs.run('restart', verbs.id('web'));
      await until('ours is on its way', () => isOnItsWay);
      assert.equal((await kept.read()).length, 1, 'it is on record');
      await startByDana(verbs);
      goOn();
      await until('theirs is followed', () => verbs.ui.builds.length > 0);
      assert.deepEqual(await kept.read(), []);
      verbs.deployment.release();
      await done;
      assert.deepEqual(await kept.read(), []);
    });

    test('a window that was opened meanwhile says so only until it hears that the restart was called off', async () => {
      const { verbs, done, kept } = await restarting({ age });
      const second = createRestarts(kept, noError);
      await kept.settled();
      assert.deepEqual(second.left.value, [restartedStop(verbs.known('web').latest_build)]);
      await verbs.deployment.misbehave('slow', { path: /\/builds$/, method: 'POST', delayMs: 300 });
      verbs.deployment.release();
      await until('it is stopped', () => statusOf(verbs.session, 'web') === 'stopped');
      verbs.ui.builds.at(-1)?.pressCancel();
      await done;
      second.reread();
      await kept.settled();
      assert.deepEqual(second.left.value, []);
      if (latestBuild(stored(verbs, 'web')).transition === 'stop') {
        assert.match((await rowIn(verbs, second)).says, /^Stopped · (?!restart)/);
      }
    });

    test('a window that was open before tells it once it is come back to, and never of its own', async () => {
      const kept = sharedNames();
      const before = createRestarts(kept, noError);
      const { verbs, done } = await restarting({ age });
      Object.assign(verbs.context.restarts, createRestarts(kept, noError));
      const stop = restartedStop(verbs.known('web').latest_build);
      await verbs.context.restarts.begun(stop);
      (verbs.context.restarts as Restarts).reread();
      await kept.settled();
      assert.deepEqual((verbs.context.restarts as Restarts).left.value, [], 'it goes on there');
      assert.deepEqual(before.left.value, []);
      before.reread();
      await kept.settled();
      assert.deepEqual(before.left.value, [stop]);
      verbs.sessionFixture.end.abort();
      await done;
    });

    test('somebody else’s start right after the stop is told as their start, not as a restart of ours', async () => {
      const { verbs, done } = await restarting({ age });
      const { deployment } = verbs;
      // Ours is slower than theirs.
      await deployment.misbehave('slow', { path: /\/builds$/, method: 'POST', delayMs: 1_000 });
      deployment.release();
      await until('it is stopped', () => latestBuild(stored(verbs, 'web')).job.completedAt !== undefined);
      deployment.hold('builds');
      const made = await startByDana(verbs);
      await until('theirs is followed', () => verbs.log.has(made));
      deployment.release();
      await done;
      assert.match(verbs.ui.said.at(-1) ?? '', /^web started in /);
      assert.equal(verbs.session.calls.features.restartsByItself === true, false, 'nothing is learned of the server');
    });
  });
}

test('somebody else’s start after a stop that the server was to go on after is told as theirs (v2.36)', async () => {
  const { verbs, done } = await restarting({ age: 'v2', release: '2.36' });
  latestBuild(stored(verbs, 'web')).onSuccess = undefined;
  verbs.deployment.release();
  await until('it is stopped', () => latestBuild(stored(verbs, 'web')).job.completedAt !== undefined);
  await startByDana(verbs);
  await done;
  assert.match(verbs.ui.said.at(-1) ?? '', /^web started in /);
  assert.equal(verbs.session.calls.features.restartsByItself, undefined);
});
