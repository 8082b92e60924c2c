import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as users from '../../src/api/users.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import { isOn } from '../../src/model/status.ts';
import { diffTrees } from '../../src/model/treeDiff.ts';
import type { TreeOptions } from '../../src/model/treeNode.ts';
import { PLACE } from '../unit/model-fixture.ts';
import { must } from '../deployment/store.ts';
import { ages, clientOf, createWorkspace, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  idOf,
  LIST,
  ME,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  untilQuiet,
  WATCH,
} from './session-fixture.ts';
import { toNodes } from '../toNodes.ts';

const OPTIONS: TreeOptions = {
  deploymentKey: 'd',
  host: 'd',
  displayLocale: PLACE,
  flattenAgents: true,
  showHiddenResources: false,
};

for (const age of ages) {
  describe(`session on ${age}`, () => {
    test('the first rows need one list, and nothing is opened for a workspace before them', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      assert.equal(session.state.value.kind, 'loading');
      const askedBefore = new Promise<number>((resolve) => {
        session.state.subscribe(() => resolve(deployment.requests.length));
      });
      assert.equal(await askedBefore, 2);
      assert.equal(asked(deployment, LIST), 1);
      assert.equal(asked(deployment, ME), 1);
    });

    test('a known user is not asked for', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const user = await users.me(clientOf(deployment).calls, soon());
      const before = deployment.requests.length;
      const { session } = sessionFor(deployment, { user });
      assert.equal((await readyState(session)).user, user);
      assert.equal(asked(deployment, ME, before), 0);
    });

    test('a server whose database was restored, and a person who was renamed and lost a role, are believed', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      await workspacesApi.createBuild(clientOf(deployment).calls, idOf(session, 'web'), { transition: 'stop' }, soon());
      await until('web is stopped', () => statusOf(session, 'web') === 'stopped');
      await deployment.stop();
      const gone = deployment.workspace('owner/web').builds.pop();
      deployment.store.builds.delete(gone?.id ?? '');
      Object.assign(must(deployment.store.users, deployment.users.owner.id), { username: 'olivia', siteOwner: false });
      await deployment.start();
      await timing.advance(5 * 60_000);
      await session.refresh();
      assert.equal(statusOf(session, 'web'), 'running');
      const { user } = await readyState(session);
      assert.deepEqual([user.username, user.roles], ['olivia', []]);
    });

    test('only one’s own workspaces are listed', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      const { workspaces } = await readyState(session);
      assert.deepEqual([...new Set([...workspaces.values()].map((each) => each.owner_name))], ['owner']);
    });

    test('a build is followed to its end without anybody asking again', async () => {
      const deployment = await deploymentFor({ age });
      const { session } = sessionFor(deployment);
      await readyState(session);
      const created = await createWorkspace(clientOf(deployment), 'slow', 'followed');
      session.adopt(created);
      assert.ok(statusOf(session, 'followed') !== undefined, 'it is there at once');
      const lists = asked(deployment, LIST);
      const ended = await session.waitFor(created.id, (each) => each !== undefined && isOn(each), soon());
      assert.equal(ended?.latest_build.status, 'running');
      assert.equal(asked(deployment, LIST), lists, 'the stream told, no list');
    });

    test('stop, start and delete arrive as facts, and a deleted workspace vanishes', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, states } = sessionFor(deployment);
      await readyState(session);
      const id = idOf(session, 'docs-site');
      const act = async (transition: 'start' | 'stop' | 'delete', status: string | undefined): Promise<void> => {
        session.adopt(await workspacesApi.createBuild(session.calls, id, { transition }, soon()));
        await session.waitFor(id, (each) => each?.latest_build.status === status, soon());
      };
      await act('stop', 'stopped');
      await act('start', 'running');
      await act('delete', undefined);
      assert.equal(statusOf(session, 'docs-site'), undefined);
      assert.ok(states.length > 3);
    });

    test('what somebody else does is seen', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      await until('the stream is open', () => (deployment.openSockets().byKind.watch ?? 0) > 3);
      const id = idOf(session, 'by-hand');
      await workspacesApi.createBuild(clientOf(deployment).calls, id, { transition: 'stop' }, soon());
      await until('it is stopped here, too', () => statusOf(session, 'by-hand') === 'stopped');
    });

    test('twenty lists that say the same change nothing: not the state, not a row', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      deployment.hold('builds');
      const { session, states, timing } = sessionFor(deployment);
      await readyState(session);
      await until('all streams are open', () => deployment.openSockets().total >= 10);
      await untilQuiet(deployment);
      const before = session.state.value;
      const rows = toNodes(before, OPTIONS, timing.now());
      const count = states.length;
      for (let round = 0; round < 20; round += 1) await session.refresh();
      assert.equal(session.state.value, before);
      assert.equal(states.length, count);
      assert.deepEqual(diffTrees(rows, toNodes(session.state.value, OPTIONS, timing.now())), []);
    });

    test('one agent that changes keeps the objects of all other workspaces', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      deployment.hold('builds');
      const { session } = sessionFor(deployment);
      const before = (await readyState(session)).workspaces;
      const [ownerAndAgent] = [...before.values()].flatMap((each) =>
        each.latest_build.resources.flatMap((r) =>
          r.agents.filter((a) => a.status === 'connected').map((a) => [each, a] as const),
        ),
      );
      assert.ok(ownerAndAgent !== undefined);
      const [owner, agent] = ownerAndAgent;
      deployment.loseAgent(`owner/${owner.name}`, agent.name);
      deployment.advance(60_000);
      await session.refresh();
      const after = (await readyState(session)).workspaces;
      assert.notEqual(after.get(owner.id), owner);
      const others = [...after.values()].filter((each) => before.get(each.id) === each);
      assert.ok(others.length >= 3, `${others.length} of ${after.size} kept`);
    });

    test('a hundred and more are read page by page, the first page is shown at once', async () => {
      const deployment = await deploymentFor({ age, workspaces: 250, template: 'slow' });
      const { session, states } = sessionFor(deployment, { maxStreams: 0 });
      await until('all are there', () => {
        const state = session.state.value;
        return state.kind === 'ready' && state.workspaces.size === 250;
      });
      const [first] = states;
      assert.ok(first?.kind === 'ready');
      assert.equal(first.workspaces.size, 100);
      assert.equal(asked(deployment, LIST), 3);
    });

    test('autostart and time to live are read back, for no stream tells of them', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      const id = idOf(session, 'docs-site');
      await workspaceSettings.updateAutostart(clientOf(deployment).calls, id, 'CRON_TZ=UTC 30 9 * * 1-5', soon());
      const read = await session.refetch(id);
      assert.equal(read?.autostart_schedule, 'CRON_TZ=UTC 30 9 * * 1-5');
      assert.equal((await readyState(session)).workspaces.get(id), read);
    });

    test('a workspace that is gone when it is asked for vanishes', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment, { maxStreams: 0 });
      await readyState(session);
      const id = idOf(session, 'archive');
      await deployment.misbehave('404', { path: new RegExp(`workspaces/${id}$`) });
      // A route that is unknown is no answer about the workspace.
      await assert.rejects(session.refetch(id));
      assert.ok(statusOf(session, 'archive') !== undefined);
      await deployment.heal();
      await workspacesApi.createBuild(clientOf(deployment).calls, id, { transition: 'delete' }, soon());
      await until('it is deleted', () => deployment.store.builds.size > 0 && isDeleted(deployment, id));
      assert.equal(await session.refetch(id), undefined);
      assert.equal(statusOf(session, 'archive'), undefined);
    });

    test('a workspace that is listed, and refused alone, keeps its row instead of coming and going', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      await untilQuiet(deployment);
      const id = idOf(session, 'archive');
      let [has, flips] = [true, 0];
      session.state.subscribe((state) => {
        const hasNow = state.kind === 'ready' && state.workspaces.has(id);
        if (hasNow !== has) flips += 1;
        has = hasNow;
      });
      await deployment.misbehave('403', { path: new RegExp(`workspaces/${id}`) });
      deployment.cutStreams();
      await passUntil(timing, 'it is gone, and back with a list', () => flips === 2);
      const tries = asked(deployment, new RegExp(`${id}$`));
      await passUntil(timing, 'it was asked for again', () => asked(deployment, new RegExp(`${id}$`)) > tries + 1, 120);
      await deployment.whenQuiet();
      assert.deepEqual([has, flips], [true, 2]);
      // Once no list has it either, it is gone.
      await deployment.heal();
      await workspacesApi.createBuild(clientOf(deployment).calls, id, { transition: 'delete' }, soon());
      await passUntil(timing, 'it is gone', () => !has);
    });

    test('no more streams than allowed, those in transition first', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      deployment.hold('builds');
      const { session } = sessionFor(deployment, { maxStreams: 2 });
      await readyState(session);
      await until('two are open', () => deployment.openSockets().total === 2);
      const watched = deployment.requests.filter((request) => WATCH.test(request.path));
      assert.equal(watched.length, 2);
      const active = ['queued', 'warming-up', 'winding-down', 'fading', 'undecided'].map((name) => idOf(session, name));
      for (const { path } of watched) assert.ok(active.some((id) => path.includes(id)));
      session.attend({ maxStreams: 0 });
      await until('none is open', () => deployment.openSockets().total === 0);
    });
  });
}

const isDeleted = (deployment: Awaited<ReturnType<typeof deploymentFor>>, id: string): boolean =>
  deployment.store.workspaces.get(id)?.deleted === true;
