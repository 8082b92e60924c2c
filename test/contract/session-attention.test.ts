import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { CoderClient } from '../../src/api/client.ts';
import type { Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { startFaultProxy } from '../faultProxy.ts';
import { ages, clientOf, createWorkspace, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  hide,
  idOf,
  LIST,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  untilQuiet,
  WATCH,
  type FixtureOptions,
  type SessionFixture,
} from './session-fixture.ts';

const MINUTE = 60_000;
const WHOLE_LIST = /\/workspaces\?.*limit=100/;

/** A session whose rows nobody ever looks at. */
const closed = async (deployment: Deployment, options: FixtureOptions = {}): Promise<SessionFixture> => {
  const fixture = sessionFor(deployment, options, { isSeen: false });
  await readyState(fixture.session);
  await untilQuiet(deployment);
  return fixture;
};

/** A session whose rows are looked at, with all its streams. */
const open = async (deployment: Deployment, options: FixtureOptions = {}): Promise<SessionFixture> => {
  const fixture = sessionFor(deployment, options);
  await readyState(fixture.session);
  await untilQuiet(deployment);
  return fixture;
};

const startElsewhere = async (deployment: Deployment, id: WorkspaceId): Promise<void> => {
  await workspaces.createBuild(clientOf(deployment).calls, id, { transition: 'start' }, soon());
};

const runsAtServer = (deployment: Deployment, name: string): Promise<void> =>
  until('it runs at the server', () => {
    const { transition, job } = latestBuild(deployment.workspace(`owner/${name}`));
    return transition === 'start' && job.completedAt !== undefined;
  });

for (const age of ages) {
  describe(`with the side bar closed on ${age}`, () => {
    test('an autostop is followed from its begin to its end', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, states } = await closed(deployment);
      const on = [...(await readyState(session)).workspaces.values()].find(
        (each) => each.latest_build.status === 'running' && each.latest_build.deadline !== undefined,
      );
      assert.ok(on?.latest_build.deadline !== undefined);
      const name = on.name;
      deployment.advance(on.latest_build.deadline - session.now() + 2 * MINUTE);
      await until('it is stopped here', () => statusOf(session, name) === 'stopped');
      const builds = states.flatMap((state) =>
        state.kind === 'ready' ? (state.workspaces.get(on.id)?.latest_build ?? []) : [],
      );
      assert.equal(builds.at(-1)?.reason, 'autostop');
      assert.equal(asked(deployment, /workspaces\/[^/]+\/builds/), 0);
    });

    test('a workspace that is started elsewhere is known to run within a minute', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await closed(deployment);
      await startElsewhere(deployment, idOf(session, 'archive'));
      await runsAtServer(deployment, 'archive');
      await passUntil(timing, 'it runs here', () => statusOf(session, 'archive') === 'running', 58);
      await until(
        'its changes are heard',
        () => asked(deployment, new RegExp(`${idOf(session, 'archive')}/watch`)) > 0,
      );
    });

    test('in a window that is not focused it is known within five minutes, and searched for no more often', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await closed(deployment);
      session.attend({ isFocused: false });
      await startElsewhere(deployment, idOf(session, 'archive'));
      await runsAtServer(deployment, 'archive');
      const lists = asked(deployment, LIST);
      await timing.advance(4 * MINUTE);
      await deployment.whenQuiet();
      assert.equal(asked(deployment, LIST), lists);
      await passUntil(timing, 'it runs here', () => statusOf(session, 'archive') === 'running', 58);
    });

    test('coming back to the window reads at once', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await closed(deployment);
      session.attend({ isFocused: false });
      await startElsewhere(deployment, idOf(session, 'archive'));
      await runsAtServer(deployment, 'archive');
      await timing.advance(10_000);
      assert.equal(statusOf(session, 'archive'), 'stopped');
      session.attend({ isFocused: true });
      await until('it runs here', () => statusOf(session, 'archive') === 'running');
    });

    test('an hour with ten running workspaces of two hundred costs at most 5 MB', async () => {
      const deployment = await deploymentFor({ age, workspaces: 200 });
      const ids = [...deployment.store.workspaces.values()].map(({ name }) => `owner/${name}`);
      deployment.hold('builds');
      for (const name of ids.slice(10)) {
        const stopped = latestBuild(deployment.workspace(name));
        stopped.transition = 'stop';
      }
      const proxy = await startFaultProxy(deployment.url);
      after(() => proxy.close());
      const client = new CoderClient({ url: proxy.url, token: deployment.token });
      const { session, timing } = await closed(deployment, { client });
      const on = [...(await readyState(session)).workspaces.values()].filter(
        (each) => each.latest_build.status === 'running',
      );
      assert.equal(on.length, 10);
      const [from, bytesBefore] = [deployment.requests.length, proxy.bytes];
      for (let minute = 0; minute < 60; minute += 1) {
        await timing.advance(MINUTE);
        await deployment.whenQuiet();
      }
      const searches = deployment.requests.slice(from);
      assert.ok(searches.length >= 60, `${searches.length} requests`);
      for (const { path } of searches) assert.match(path, /status(:|%3A)running/);
      const bytes = proxy.bytes - bytesBefore;
      assert.ok(bytes > 100_000 && bytes <= 5e6, `${bytes} bytes beside the streams`);
    });

    test('with nothing to be told nothing is asked, however long that lasts', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await closed(deployment);
      session.attend({ isTold: false });
      await until('no stream is open', () => deployment.openSockets().total === 0);
      await deployment.whenQuiet();
      const from = deployment.requests.length;
      await timing.advance(8 * 60 * MINUTE);
      session.attend({ isFocused: false });
      session.attend({ isFocused: true });
      timing.sleepMachine(60 * MINUTE);
      await timing.advance(MINUTE);
      await deployment.whenQuiet();
      assert.equal(deployment.requests.length, from);
    });

    test('hiding the rows for a moment leaves every stream as it is', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await open(deployment);
      const streams = deployment.openSockets().total;
      const from = deployment.requests.length;
      session.attend({ isVisible: false });
      await timing.advance(3_000);
      session.attend({ isVisible: true });
      await timing.advance(20_000);
      await deployment.whenQuiet();
      assert.equal(deployment.openSockets().total, streams);
      assert.equal(asked(deployment, WATCH, from), 0);
      await hide({ session, timing });
      await until('what is at rest is not watched any more', () => deployment.openSockets().total < streams);
    });
  });

  describe(`with the rows in sight on ${age}`, () => {
    test('all of up to thirty workspaces are watched, and a start made elsewhere is heard without a read', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, states } = await open(deployment);
      const { workspaces: held } = await readyState(session);
      assert.equal(deployment.openSockets().total, held.size);
      const lists = asked(deployment, LIST);
      const id = idOf(session, 'archive');
      await startElsewhere(deployment, id);
      await until('it runs here', () => statusOf(session, 'archive') === 'running');
      const seen = states.map((state) => state.kind === 'ready' && state.workspaces.get(id)?.latest_build.status);
      assert.ok(
        seen.some((status) => status === 'pending' || status === 'starting'),
        `it was not seen to start: ${seen.join(', ')}`,
      );
      assert.equal(asked(deployment, LIST), lists);
    });

    test('what is watched whole is listed every five minutes', async () => {
      const deployment = await deploymentFor({ age, workspaces: 5 });
      const { timing } = await open(deployment);
      const lists = asked(deployment, WHOLE_LIST);
      // Answers come in real time: in one leap of five minutes they would come minutes late.
      for (let passed = 0; passed < 4 * MINUTE + 55_000; passed += 5_000) {
        await timing.advance(5_000);
        await deployment.whenQuiet();
      }
      assert.equal(asked(deployment, WHOLE_LIST), lists);
      await timing.advance(10_000);
      await until('the list is read', () => asked(deployment, WHOLE_LIST) === lists + 1);
    });

    test('where all is watched a workspace that is created elsewhere is seen within five seconds, for a number each time', async () => {
      const deployment = await deploymentFor({ age, workspaces: 5 });
      const { session, timing } = await open(deployment);
      const created = await createWorkspace(clientOf(deployment), 'dev', 'from-elsewhere');
      await passUntil(timing, 'it is seen', () => statusOf(session, created.name) !== undefined, 5);
      await untilQuiet(deployment);
      // It may have been searched for before its own stream was open.
      await passUntil(timing, 'all are watched', () => session.activity.openStreams === 6);
      await untilQuiet(deployment);
      const from = deployment.requests.length;
      await timing.advance(60_000);
      await deployment.whenQuiet();
      const lists = deployment.requests.slice(from).filter(({ path }) => LIST.test(path));
      assert.ok(
        lists.length > 0 && lists.every(({ path }) => path.endsWith('limit=1&offset=6')),
        JSON.stringify(lists),
      );
      session.attend({ isFocused: false });
      const unfocused = asked(deployment, LIST);
      await timing.advance(60_000);
      await deployment.whenQuiet();
      assert.equal(asked(deployment, LIST), unfocused, 'nobody works here');
    });

    test('a window that gets the focus back is up to date at once, and one that loses it asks for nothing', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await open(deployment, { maxStreams: 0 });
      session.attend({ isFocused: false });
      await timing.advance(10_000);
      await deployment.whenQuiet();
      const unfocused = deployment.requests.length;
      session.attend({ isFocused: true });
      await until('it is read', () => asked(deployment, LIST, unfocused) > 0);
      await untilQuiet(deployment);
      // Long enough that a focus would be reason enough to read.
      await timing.advance(3_000);
      await deployment.whenQuiet();
      const focused = deployment.requests.length;
      session.attend({ isFocused: false });
      await deployment.whenQuiet();
      assert.equal(deployment.requests.length, focused);
    });

    test('beyond the streams a start made elsewhere is seen within five seconds, while it starts', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await open(deployment, { maxStreams: 2 });
      deployment.hold('builds');
      await startElsewhere(deployment, idOf(session, 'archive'));
      const starting = (): boolean => ['pending', 'starting'].includes(statusOf(session, 'archive') ?? '');
      await passUntil(timing, 'it starts here', starting, 5);
    });

    test('without streams the reads find what starts and what stops elsewhere', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = await open(deployment, { maxStreams: 0 });
      await startElsewhere(deployment, idOf(session, 'archive'));
      await runsAtServer(deployment, 'archive');
      await passUntil(timing, 'it runs here', () => statusOf(session, 'archive') === 'running', 5);
      const id = idOf(session, 'docs-site');
      await workspaces.createBuild(clientOf(deployment).calls, id, { transition: 'stop' }, soon());
      await until('it is stopped at the server', () => {
        const { transition, job } = latestBuild(deployment.workspace('owner/docs-site'));
        return transition === 'stop' && job.completedAt !== undefined;
      });
      await passUntil(timing, 'it is stopped here', () => statusOf(session, 'docs-site') === 'stopped', 6);
      assert.equal(asked(deployment, WATCH), 0);
    });

    test('no stream is opened before the whole list is there', async () => {
      const deployment = await deploymentFor({ age, workspaces: 250, template: 'slow' });
      await deployment.misbehave('slow', { path: /offset=200/, delayMs: 500 });
      const { session } = sessionFor(deployment);
      await readyState(session);
      await pause(200);
      assert.equal(asked(deployment, WATCH), 0, 'nothing is opened while the rest is read');
      await until('streams are opened', () => asked(deployment, WATCH) === 30);
      const state = session.state.value;
      assert.ok(state.kind === 'ready' && state.workspaces.size === 250);
    });

    test('a search that the server does not understand is not repeated: the list does instead', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, log } = await open(deployment, { maxStreams: 0 });
      await deployment.misbehave('400', { path: /status(:|%3A)/ });
      await passUntil(timing, 'it was refused', () => log.some((line) => line.startsWith('search:')), 10);
      const from = deployment.requests.length;
      await timing.advance(31_000);
      await until('the list is read', () => asked(deployment, LIST, from) > 0);
      assert.equal(asked(deployment, /status(:|%3A)/, from), 0);
      assert.ok(session.state.value.kind === 'ready' && session.state.value.stale === undefined);
    });
  });
}
