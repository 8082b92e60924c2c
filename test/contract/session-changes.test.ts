// What is changed elsewhere beyond the streams arrives within five seconds while it is shown, whoever owns it, over real
// sockets: any scope, any filter, a query of one's own, refusals, and large scopes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { FIND_MINE, type Finding } from '../../src/model/finding.ts';
import { foundIn, nameFor } from '../../src/model/found.ts';
import type { Session } from '../../src/model/session.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import type { Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { ages, clientOf, createWorkspace, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  passUntil,
  readyState,
  sessionFor,
  until,
  untilQuiet,
  WATCH,
  type SessionFixture,
} from './session-fixture.ts';

const finding = (changes: Partial<Finding>): Finding => ({ ...FIND_MINE, ...changes });

/** Rows that are shown, with their status. */
const shown = (session: Session): Map<string, string> => {
  const state = session.state.value;
  assert.ok(state.kind === 'ready', 'the session is ready');
  return new Map(
    [...state.workspaces.values()]
      .filter(foundIn(state))
      .map((each) => [nameFor(each, state.user), each.latest_build.status]),
  );
};

/** A session that shows `changes`, without streams unless told otherwise, and has counted everything twice. */
const showing = async (deployment: Deployment, changes: Partial<Finding>, maxStreams = 0): Promise<SessionFixture> => {
  const fixture = sessionFor(deployment, { maxStreams, finding: finding(changes) });
  await readyState(fixture.session);
  await untilQuiet(deployment);
  for (let reads = 0; reads < 2; reads += 1) {
    await fixture.timing.advance(4_000);
    await deployment.whenQuiet();
  }
  return fixture;
};

type Showing = Pick<SessionFixture, 'session' | 'timing'>;

const arrives = ({ session, timing }: Showing, name: string, isSo: (status: string | undefined) => boolean) =>
  passUntil(timing, `the change of ${name} is here`, () => isSo(shown(session).get(name)), 5);

const becomes = (fixture: Showing, name: string, wanted: string | undefined): Promise<void> =>
  arrives(fixture, name, (status) => status === wanted);

const build = async (deployment: Deployment, name: string, transition: 'start' | 'stop' | 'delete'): Promise<void> => {
  const id = deployment.workspace(name).id as WorkspaceId;
  await workspaces.createBuild(clientOf(deployment).calls, id, { transition }, soon());
};

const isOver = (deployment: Deployment, name: string): Promise<void> =>
  until(
    `${name} is at rest at the server`,
    () => latestBuild(deployment.workspace(name)).job.completedAt !== undefined,
  );

const deletedAtServer = (deployment: Deployment, name: string): boolean => {
  try {
    return deployment.workspace(name).deleted;
  } catch {
    return true;
  }
};

const share = (deployment: Deployment, name: string): void =>
  void deployment.workspace(name).sharedWith.set(deployment.users.dana.id, 'use');

interface Scene {
  readonly what: string;
  readonly shows: Partial<Finding>;
  /** A stopped workspace that is shown. */
  readonly stopped: string;
  /** Whether what is created as `dana/fresh` of the template `failing` is shown. */
  readonly showsNew: boolean;
}

const SCENES: readonly Scene[] = [
  { what: 'of one’s own', shows: {}, stopped: 'owner/archive', showsNew: false },
  { what: 'of others', shows: { scope: 'all' }, stopped: 'dana/api-server', showsNew: true },
  {
    what: 'of others, with a filter',
    shows: { scope: 'all', filter: { owner: 'dana' } },
    stopped: 'dana/api-server',
    showsNew: true,
  },
  {
    what: 'of others, with a text and a template',
    shows: { scope: 'all', filter: { text: 'server api', template: 'dev' } },
    stopped: 'dana/api-server',
    showsNew: false,
  },
  {
    what: 'found by a query of one’s own among one’s own',
    shows: { filter: { query: 'name:arch' } },
    stopped: 'owner/archive',
    showsNew: false,
  },
  {
    what: 'found by a query of one’s own among all',
    shows: { scope: 'all', filter: { query: 'owner:dana' } },
    stopped: 'dana/api-server',
    showsNew: true,
  },
];

for (const age of ages) {
  for (const { what, shows, stopped, showsNew } of SCENES) {
    describe(`changes elsewhere beyond the streams on ${age}, ${what}`, () => {
      const row = stopped.replace('owner/', '');

      test('a start and a stop are seen while they last and when they are over', async () => {
        const deployment = await deploymentFor({ age, seed: true });
        const fixture = await showing(deployment, shows);
        assert.equal(shown(fixture.session).get(row), 'stopped');
        deployment.hold('builds');
        await build(deployment, stopped, 'start');
        await arrives(fixture, row, (status) => status === 'pending' || status === 'starting');
        deployment.release();
        await isOver(deployment, stopped);
        await becomes(fixture, row, 'running');
        await build(deployment, stopped, 'stop');
        await isOver(deployment, stopped);
        await becomes(fixture, row, 'stopped');
        assert.equal(asked(deployment, WATCH), 0, 'no stream was open');
      });

      test('a deletion is seen', async () => {
        const deployment = await deploymentFor({ age, seed: true });
        const fixture = await showing(deployment, shows);
        await build(deployment, stopped, 'delete');
        await until('it is deleted at the server', () => deletedAtServer(deployment, stopped));
        await becomes(fixture, row, undefined);
      });

      if (!showsNew) return;
      test('a creation and a failure are seen', async () => {
        const deployment = await deploymentFor({ age, seed: true });
        const fixture = await showing(deployment, shows);
        const dana = clientOf(deployment, deployment.users.dana.token);
        deployment.hold('builds');
        await createWorkspace(dana, 'failing', 'fresh');
        await arrives(fixture, 'dana/fresh', (status) => status === 'pending' || status === 'starting');
        deployment.release();
        await isOver(deployment, 'dana/fresh');
        await becomes(fixture, 'dana/fresh', 'failed');
        const failed = { ...latestBuild(deployment.workspace('dana/fresh')) };
        await build(deployment, 'dana/fresh', 'start');
        await isOver(deployment, 'dana/fresh');
        assert.notEqual(latestBuild(deployment.workspace('dana/fresh')).id, failed.id);
      });
    });
  }

  describe(`changes elsewhere on ${age}`, () => {
    test('a failure that was over before anybody looked is seen', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await showing(deployment, { scope: 'all' });
      latestBuild(deployment.workspace('dana/api-server')).job.error = 'it broke';
      await becomes(fixture, 'dana/api-server', 'failed');
    });

    test('what comes into a filtered status is seen, and what leaves it', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await showing(deployment, { scope: 'all', filter: { status: 'running' } });
      assert.equal(shown(fixture.session).has('dana/api-server'), false);
      await build(deployment, 'dana/api-server', 'start');
      await isOver(deployment, 'dana/api-server');
      await becomes(fixture, 'dana/api-server', 'running');
      deployment.hold('builds');
      await build(deployment, 'dana/mine', 'stop');
      await becomes(fixture, 'dana/mine', undefined);
    });

    test('what a query with a status begins and ceases to find is seen', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await showing(deployment, { scope: 'all', filter: { query: 'owner:dana status:running' } });
      assert.deepEqual([...shown(fixture.session).keys()], ['dana/mine']);
      await build(deployment, 'dana/api-server', 'start');
      await isOver(deployment, 'dana/api-server');
      await becomes(fixture, 'dana/api-server', 'running');
      await build(deployment, 'dana/mine', 'stop');
      await isOver(deployment, 'dana/mine');
      await becomes(fixture, 'dana/mine', undefined);
    });

    test('with streams for some, all that they do not report is found, and nothing else is asked for', async () => {
      const deployment = await deploymentFor({ age, workspaces: 12, running: 4 });
      const fixture = await showing(deployment, {}, 4);
      const from = deployment.requests.length;
      await fixture.timing.advance(4_000);
      await deployment.whenQuiet();
      const queries = deployment.requests
        .slice(from)
        .map(({ path }) => new URL(path, 'http://x').searchParams.get('q'));
      assert.deepEqual(queries.sort(), ['owner:me', 'owner:me status:stopped'], 'streams report what stops');
    });

    test('a refused narrow search is not repeated: the list does instead, and one’s own are searched for as before', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, log } = sessionFor(deployment, {
        maxStreams: 0,
        finding: finding({ scope: 'all', filter: { owner: 'dana' } }),
      });
      await readyState(session);
      await untilQuiet(deployment);
      await deployment.misbehave('400', { path: /dana(\+|%20)status/ });
      await passUntil(timing, 'it was refused', () => log.some((line) => line.startsWith('search:')), 10);
      await deployment.whenQuiet();
      const from = deployment.requests.length;
      await timing.advance(31_000);
      await until('the list is read', () => asked(deployment, /limit=100/, from) > 0);
      await deployment.whenQuiet();
      assert.equal(asked(deployment, /dana(\+|%20)status/, from), 0);
      assert.ok(asked(deployment, /owner%3Ame(\+|%20)status/, from) > 0);
      assert.equal(log.filter((line) => line.startsWith('search:')).length, 1, 'logged once');
      assert.ok(session.state.value.kind === 'ready' && session.state.value.stale === undefined);
    });

    test('numbers that differ for a reason that stays are looked into once', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { timing } = await showing(deployment, {});
      const from = deployment.requests.length;
      for (let reads = 0; reads < 5; reads += 1) {
        await timing.advance(4_000);
        await deployment.whenQuiet();
      }
      assert.equal(asked(deployment, /limit=100/, from), 0);
    });
  });
}

describe('changes elsewhere on v2.36', () => {
  test('what others share is searched for, too: a start, and what is shared or not any more', async () => {
    const deployment = await deploymentFor({ age: 'v2', release: '2.36', seed: true });
    share(deployment, 'owner/archive');
    const { session, timing } = sessionFor(deployment, {
      client: clientOf(deployment, deployment.users.dana.token),
      maxStreams: 0,
      finding: finding({ scope: 'shared' }),
    });
    await readyState(session);
    await untilQuiet(deployment);
    const fixture = { session, timing };
    assert.deepEqual([...shown(session)], [['owner/archive', 'stopped']]);
    deployment.hold('builds');
    await build(deployment, 'owner/archive', 'start');
    await arrives(fixture, 'owner/archive', (status) => status === 'pending' || status === 'starting');
    share(deployment, 'owner/web');
    await becomes(fixture, 'owner/web', 'running');
    deployment.workspace('owner/web').sharedWith.clear();
    await becomes(fixture, 'owner/web', undefined);
  });
});

test('in a scope of thousands a change is found without reading them', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true, workspaces: 1_200, running: 600, template: 'slow' });
  const fixture = await showing(deployment, { scope: 'all' });
  const from = deployment.requests.length;
  deployment.hold('builds');
  await build(deployment, 'dana/api-server', 'start');
  await arrives(fixture, 'dana/api-server', (status) => status !== 'stopped');
  deployment.release();
  await isOver(deployment, 'dana/api-server');
  await becomes(fixture, 'dana/api-server', 'running');
  const rows = deployment.requests
    .slice(from)
    .filter(({ path }) => /limit=100(&|$)/.test(path) && !path.includes('status'));
  assert.deepEqual(rows, []);
});
