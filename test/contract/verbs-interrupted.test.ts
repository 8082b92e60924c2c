import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '../../src/api/errors.ts';
import { createBuild } from '../../src/api/operations.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { restartedStop } from '../../src/model/restartedStop.ts';
import { latestBuild } from '../deployment/store.ts';
import { press, type as enter } from '../scriptedUi.ts';
import { ages, soon } from './client-fixture.ts';
import { publishFor, stored, withTeam } from './newer-version.ts';
import { outageOf } from './proxied-session.ts';
import { passUntil, statusOf, until } from './session-fixture.ts';
import { ALL_STREAMS, verbsOn, type VerbFixture } from './verb-fixture.ts';

const BUILDS = /\/workspaces\/[0-9a-f-]{36}\/builds$/;
const ONE_WORKSPACE = /\/workspaces\/[0-9a-f-]{36}(\?|$)/;
const ONE_BUILD_READ = /\/workspacebuilds\/[0-9a-f-]{36}(\?|$)/;
const ONE_BUILD = 'POST /api/v2/workspaces/…/builds';

/** A restart whose stop is under way. */
const restarting = async (
  options: Parameters<typeof verbsOn>[0],
): Promise<{ verbs: VerbFixture; done: Promise<void>; stop: string; record: string }> => {
  const verbs = await verbsOn(options, ALL_STREAMS);
  verbs.settings = { ...verbs.settings, confirmStop: false };
  verbs.deployment.hold('builds');
  const done = verbs.run('restart', verbs.id('web'));
  await until('the stop is shown', () => verbs.ui.builds.length > 0);
  return {
    verbs,
    done,
    stop: latestBuild(stored(verbs, 'web')).id,
    record: restartedStop(verbs.known('web').latest_build),
  };
};

/** The first build is made as asked, and its answer never comes: nobody waits for it any longer after `whenMade`. */
const loseAnswer = ({ session }: VerbFixture, whenMade: () => Promise<void>): void => {
  const { transport } = session.calls;
  const open = transport.open.bind(transport);
  transport.open = async (request, signal) => {
    const opened = await open(request, signal);
    const { operation } = request;
    if (request.method !== 'POST' || operation !== createBuild) return opened;
    transport.open = open;
    opened.body.resume();
    await whenMade();
    throw new ApiError({ kind: 'timeout', operation, host: 'example.com', maybeDone: true });
  };
};

/** The restart of `web` that the server goes on with by itself, whose start is over before its answer would have come. */
const restartOf = async (whenOver: (verbs: VerbFixture) => Promise<void>): Promise<VerbFixture> => {
  const verbs = await verbsOn({ age: 'v2', release: '2.36' }, ALL_STREAMS);
  verbs.settings = { ...verbs.settings, confirmStop: false };
  const { number } = latestBuild(stored(verbs, 'web'));
  loseAnswer(verbs, async () => {
    const latest = () => latestBuild(stored(verbs, 'web'));
    await until('it is restarted', () => latest().number === number + 2 && latest().job.completedAt !== undefined);
    await whenOver(verbs);
  });
  return verbs;
};

test('a restart whose answer is lost until the server has made its start, too, is told as restarted (v2.36)', async () => {
  const verbs = await restartOf(() => Promise.resolve());
  await verbs.run('restart', verbs.id('web'));
  assert.match(verbs.ui.said.join(), /^web restarted in /);
  assert.deepEqual(verbs.writes(), [ONE_BUILD]);
});

test('a restart whose answer is lost, of a deployment that is away until the start is made, too, is told as restarted (v2.36)', async () => {
  const verbs = await restartOf(async ({ deployment }) => {
    await deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
    await deployment.misbehave('503', { path: /\/workspaces\?/, method: 'GET' });
  });
  const done = verbs.run('restart', verbs.id('web'));
  await until('it is said', () => verbs.ui.said.length > 0);
  assert.deepEqual(verbs.ui.said, ["Coder was asked to stop web but hasn't confirmed it yet."]);
  await until('the outage is known', () => outageOf(verbs) !== undefined);
  await verbs.deployment.heal();
  await verbs.timing.advance(60_000);
  await done;
  assert.match(verbs.ui.said.at(-1) ?? '', /^web restarted in /);
  assert.deepEqual(verbs.writes(), [ONE_BUILD]);
});

for (const age of ages) {
  describe(`verbs, interrupted (${age})`, () => {
    test('a token that expires between stop and start starts nothing, and the restart counts as interrupted', async () => {
      const { verbs, done, stop } = await restarting({ age });
      verbs.deployment.store.keys.clear();
      verbs.deployment.release();
      await done;
      await until('the session has ended', () => verbs.session.signal.aborted);
      assert.deepEqual(verbs.ui.said, []);
      assert.equal(latestBuild(verbs.deployment.workspace('owner/web')).id, stop);
      assert.deepEqual(
        verbs.restarts.filter((each) => each.startsWith('ended')),
        [],
      );
    });

    test('signing out between stop and start starts nothing later, and leaves it on record', async () => {
      const { verbs, done, record } = await restarting({ age });
      verbs.sessionFixture.end.abort();
      verbs.deployment.release();
      await done;
      assert.deepEqual(verbs.restarts, [`begun ${record}`]);
      assert.deepEqual(verbs.ui.said, []);
      assert.deepEqual(verbs.writes(), [ONE_BUILD]);
    });

    test('a start that is refused after the stop says that it was stopped, and the row tells the restart', async () => {
      const { verbs, done, record } = await restarting({ age });
      await verbs.deployment.misbehave('403', { path: BUILDS, method: 'POST' });
      verbs.deployment.release();
      await done;
      assert.match(verbs.ui.said.join(), /^web was stopped, but not started again\. You don't have permission/);
      assert.deepEqual(verbs.restarts, [`begun ${record}`, `interrupted ${record}`]);
    });

    test('Cancel between stop and start starts nothing', async () => {
      const { verbs, done } = await restarting({ age });
      await verbs.deployment.misbehave('slow', { path: BUILDS, method: 'POST', delayMs: 300 });
      verbs.deployment.release();
      await until('it is stopped', () => statusOf(verbs.session, 'web') === 'stopped');
      verbs.ui.builds.at(-1)?.pressCancel();
      await done;
      const { transition } = latestBuild(stored(verbs, 'web'));
      // In V0 the start may have been sent already: then it is shown, and can be canceled.
      if (transition === 'stop') assert.equal(verbs.ui.said.at(-1), 'web was stopped, but not started again.');
      else assert.match(verbs.ui.said.at(-1) ?? '', /^web (re)?started in /);
    });

    test('somebody else’s start after the stop is joined', async () => {
      const { verbs, done } = await restarting({ age });
      const { deployment } = verbs;
      // Ours is slow: somebody else's, which a query tells from it, comes first and lasts until it is followed.
      await deployment.misbehave('slow', { path: BUILDS, method: 'POST', delayMs: 1_000 });
      deployment.release();
      await until('it is stopped', () => latestBuild(stored(verbs, 'web')).job.completedAt !== undefined);
      deployment.hold('builds');
      const response = await fetch(`${deployment.url}/api/v2/workspaces/${verbs.id('web')}/builds?by=other`, {
        method: 'POST',
        headers: { 'coder-session-token': deployment.token, 'content-type': 'application/json' },
        body: JSON.stringify({ transition: 'start' }),
      });
      assert.equal(response.status, 201);
      const { id } = latestBuild(stored(verbs, 'web'));
      // Whether ours is refused, or theirs was heard of before ours was sent.
      await until('theirs is followed', () => verbs.log.has(id));
      deployment.release();
      await done;
      assert.match(verbs.ui.said.at(-1) ?? '', /^web (?:re)?started in /);
      assert.equal(latestBuild(stored(verbs, 'web')).id, id, 'nothing else was started');
      assert.equal(statusOf(verbs.session, 'web'), 'running');
    });

    test('a stop whose answer is lost is read back, and the restart goes on', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.settings = { ...verbs.settings, confirmStop: false };
      await verbs.deployment.misbehave('lost-answer', { path: BUILDS, times: 1 });
      await verbs.run('restart', verbs.id('web'));
      assert.match(verbs.ui.said.at(-1) ?? '', /^web restarted in /);
      assert.equal(statusOf(verbs.session, 'web'), 'running');
    });

    test('a start whose answer is lost, and that somebody has stopped again since, is told as started', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { deployment } = verbs;
      loseAnswer(verbs, async () => {
        await until('it runs', () => statusOf(verbs.session, 'archive') === 'running');
        const { id } = stored(verbs, 'archive');
        const { status } = await fetch(`${deployment.url}/api/v2/workspaces/${id}/builds?by=other`, {
          method: 'POST',
          headers: { 'coder-session-token': deployment.token, 'content-type': 'application/json' },
          body: JSON.stringify({ transition: 'stop' }),
        });
        assert.equal(status, 201);
        await until('it is stopped', () => statusOf(verbs.session, 'archive') === 'stopped');
      });
      await verbs.run('start', verbs.id('archive'));
      assert.match(verbs.ui.said.join(), /^archive started in /);
    });

    test('a stop whose answer is lost, while autostop stops it, starts nothing afterwards', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.settings = { ...verbs.settings, confirmStop: false };
      const { transport } = verbs.session.calls;
      const open = transport.open.bind(transport);
      let isLost = false;
      transport.open = (request, signal) => {
        if (isLost || request.method !== 'POST' || request.operation !== createBuild) return open(request, signal);
        isLost = true;
        latestBuild(stored(verbs, 'web')).deadline = verbs.session.now();
        verbs.deployment.advance(0);
        const { operation } = request;
        return Promise.reject(new ApiError({ kind: 'unreachable', operation, host: 'example.com', maybeDone: true }));
      };
      await verbs.run('restart', verbs.id('web'));
      assert.match(verbs.ui.said.at(-1) ?? '', /^Another build of web started first\. web stopped in /);
      assert.equal(latestBuild(stored(verbs, 'web')).reason, 'autostop');
      assert.equal(isLost, true);
    });

    for (const refusal of ['403', 'not-found'] as const) {
      test(`a deletion whose end cannot be read (${refusal}) is not confirmed yet, and no failure`, async () => {
        const verbs = await verbsOn({ age }, ALL_STREAMS);
        verbs.ui.answers(enter('archive'));
        verbs.deployment.hold('builds');
        const done = verbs.run('delete', verbs.id('archive'));
        await until('it is followed', () => verbs.ui.builds.length > 0);
        await verbs.deployment.misbehave(refusal, { path: ONE_BUILD_READ });
        verbs.deployment.release();
        await passUntil(verbs.timing, 'it is gone', () => statusOf(verbs.session, 'archive') === undefined);
        await done;
        assert.deepEqual(verbs.ui.said, ["Coder was asked to delete archive but hasn't confirmed it yet."]);
        assert.equal(verbs.ui.toasts[0]?.kind, 'information');
      });
    }

    test('a deletion that has ended by the time its lost answer is read back is told as that, without another read', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(enter('archive'));
      await verbs.deployment.misbehave('500', { path: ONE_BUILD_READ });
      await verbs.deployment.misbehave('503', { path: ONE_WORKSPACE, method: 'GET' });
      const archive = stored(verbs, 'archive');
      loseAnswer(verbs, () =>
        until('it is deleted', () => {
          const { transition, job } = latestBuild(archive);
          return transition === 'delete' && job.completedAt !== undefined;
        }),
      );
      const done = verbs.run('delete', verbs.id('archive'));
      await until('it is said', () => verbs.ui.said.length > 0);
      await verbs.deployment.heal();
      await verbs.deployment.misbehave('500', { path: ONE_BUILD_READ });
      await passUntil(verbs.timing, 'its end is told', () => verbs.ui.said.length > 1);
      await done;
      assert.equal(verbs.ui.said[0], "Coder was asked to delete archive but hasn't confirmed it yet.");
      assert.match(verbs.ui.said.slice(1).join(), /^archive was deleted in /);
    });

    test('a deletion whose end cannot be read for a moment is told once it can', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(enter('archive'));
      verbs.deployment.hold('builds');
      const done = verbs.run('delete', verbs.id('archive'));
      await until('it is followed', () => verbs.ui.builds.length > 0);
      await verbs.deployment.misbehave('500', { path: ONE_BUILD_READ });
      verbs.deployment.release();
      await passUntil(verbs.timing, 'it is gone', () => statusOf(verbs.session, 'archive') === undefined);
      await verbs.deployment.heal();
      await done;
      assert.match(verbs.ui.said.join(), /^archive was deleted in /);
    });

    test('a template that is deleted while it is asked for is told in the server’s words', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const newer = await publishFor(verbs, 'archive', withTeam());
      verbs.ui.answers((question) => {
        verbs.deployment.store.versions.delete(newer.id);
        return enter('blue')(question);
      });
      await verbs.run('update', verbs.id('archive'));
      assert.match(verbs.ui.said.join(), /Coder says: Template version does not exist/);
      assert.equal(statusOf(verbs.session, 'archive'), 'stopped');
    });

    test('an outage while the parameters are read does not keep the same version from being started', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await verbs.deployment.misbehave('503', { path: /parameters/, method: 'GET' });
      await verbs.run('start', verbs.id('archive'));
      assert.match(verbs.ui.said.at(-1) ?? '', /^archive started in /);
    });

    test('what somebody else did while the question stood there is told, and nothing is sent', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      verbs.ui.answers(async (question) => {
        await workspaces.createBuild(verbs.other.calls, verbs.id('web'), { transition: 'stop' }, soon());
        await until('it is stopped', () => statusOf(verbs.session, 'web') === 'stopped');
        return press('Restart')(question);
      });
      const before = verbs.writes().length;
      await verbs.run('restart', verbs.id('web'));
      assert.deepEqual(verbs.ui.said, ["web isn't running."]);
      assert.equal(verbs.writes().length, before + 1, 'the stop of the other client');
    });

    test('a workspace that was replaced by another of its name while it was asked about is not touched', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      const { id } = stored(verbs, 'archive');
      verbs.ui.answers(async (question) => {
        await workspaces.createBuild(verbs.other.calls, id as never, { transition: 'delete' }, soon());
        await passUntil(verbs.timing, 'it is gone', () => statusOf(verbs.session, 'archive') === undefined);
        return enter('archive')(question);
      });
      await verbs.run('delete', id);
      assert.deepEqual(verbs.ui.said, ['archive is deleted.']);
      assert.equal(statusOf(verbs.session, 'archive'), undefined);
    });

    test('a stop that autostop made is never followed by a start of ours (coder/vscode-coder#309)', async () => {
      const verbs = await verbsOn({ age }, ALL_STREAMS);
      await workspaces.createBuild(verbs.other.calls, verbs.id('web'), { transition: 'stop' }, soon());
      await until('it is stopped', () => statusOf(verbs.session, 'web') === 'stopped');
      assert.deepEqual(verbs.writes(), [ONE_BUILD]);
    });
  });
}

describe('somebody else’s workspace (v2.36)', () => {
  const shared = async (role: 'use' | 'admin'): Promise<VerbFixture> => {
    const verbs = await verbsOn({ age: 'v2', release: '2.36' }, { as: 'dana', ...ALL_STREAMS });
    const { deployment, session } = verbs;
    const workspace = deployment.workspace('owner/web');
    workspace.sharedWith.set(deployment.users.dana.id, role);
    session.adopt(await workspaces.get(session.calls, workspace.id as never, {}, soon()));
    return verbs;
  };

  test('shared to use, it is restarted, and what that role does not allow says so without asking the server', async () => {
    const verbs = await shared('use');
    verbs.settings = { ...verbs.settings, confirmStop: false };
    await verbs.run('restart', verbs.id('web'));
    assert.match(verbs.ui.said.join(), /^owner\/web restarted in /);
    const sent = verbs.writes().length;
    await verbs.run('delete', verbs.id('web'));
    await verbs.run('extend', verbs.id('web'), '1h');
    assert.deepEqual(verbs.ui.said.slice(1), [
      "owner/web is shared with you, but your role “use” doesn't allow this.",
      "owner/web is shared with you, but your role “use” doesn't allow this.",
    ]);
    assert.equal(verbs.writes().length, sent);
  });

  test('a 500 to a write on it is a missing permission', async () => {
    const verbs = await shared('admin');
    // The role was taken back to `use` in the meantime.
    verbs.deployment.workspace('owner/web').sharedWith.set(verbs.deployment.users.dana.id, 'use');
    await verbs.run('extend', verbs.id('web'), '1h');
    assert.deepEqual(verbs.ui.said, ["You don't have permission to do this with owner/web."]);
  });
});
