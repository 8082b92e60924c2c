// Reads of which a part fails: a look-up that is limited, rows that can't be decoded, and answers that are late.
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import { FIND_MINE } from '../../src/model/finding.ts';
import type { Session } from '../../src/model/session.ts';
import type { Outage } from '../../src/model/state.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import type { Deployment } from '../deployment/index.ts';
import { ages, clientOf, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  IN_UTC,
  LIST,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  untilQuiet,
} from './session-fixture.ts';

const staleOf = ({ state: { value: state } }: Session): Outage | undefined =>
  state.kind === 'ready' ? state.stale : state.kind === 'unreachable' ? state : undefined;

const idOf = (deployment: Deployment, name: string): WorkspaceId => deployment.workspace(name).id as WorkspaceId;

const namesIn = (session: Session): string[] => {
  const { value: state } = session.state;
  return state.kind === 'ready' ? [...state.workspaces.values()].map(({ name }) => name).sort() : [];
};

/** The client's own pause for a limited path, which is measured in real time, is over. */
const letThePausePass = ({ mock }: TestContext): void => {
  const now = Date.now.bind(Date);
  mock.method(Date, 'now', () => now() + 60_000);
};

const retries = (log: readonly string[]): number => log.filter((line) => line.includes('Trying again.')).length;

/** Rows of workspaces that are called so can't be decoded until the returned function is called; of all if left out. */
const unreadable = (deployment: Deployment, ...names: string[]): (() => void) => {
  const broken = [...deployment.store.workspaces.values()]
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((workspace) => ({ workspace, name: workspace.name }));
  for (const { workspace } of broken) workspace.name = '';
  return () => {
    for (const { workspace, name } of broken) workspace.name = name;
  };
};

for (const age of ages) {
  describe(`reads of which a part fails on ${age}`, () => {
    test('a list whose look-up is limited brings all other rows, keeps that one, and waits as the server asks', async (t) => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, log, end } = sessionFor(deployment, {
        finding: { ...FIND_MINE, scope: 'all' },
        maxStreams: 0,
      });
      await readyState(session);
      await untilQuiet(deployment);
      const id = idOf(deployment, 'dana/api-server');
      // A command follows its build, so it stays known where others' aren't shown.
      const followed = session.waitFor(id, () => false, end.signal).catch(() => undefined);
      const path = new RegExp(`/workspaces/${id}(\\?|$)`);
      await deployment.misbehave('429', { path, retryAfterSeconds: 45 });
      deployment.workspace('owner/archive').name = 'renamed';
      await session.find(FIND_MINE);
      const state = await readyState(session);
      assert.equal(state.finding?.scope, 'mine', 'what was asked for is shown');
      assert.ok(namesIn(session).includes('renamed'), 'the other rows are new');
      assert.ok(state.workspaces.has(id), 'the row is kept');
      assert.equal(state.stale?.error.kind, 'rateLimited');
      assert.ok(state.stale.retryAt - timing.now() >= 44_000, 'as long as the server asks');
      await deployment.heal();
      const before = deployment.requests.length;
      await timing.advance(40_000);
      await deployment.whenQuiet();
      assert.equal(asked(deployment, LIST, before), 0, 'nothing is asked for before');
      letThePausePass(t);
      await passUntil(timing, 'it is whole', () => staleOf(session) === undefined, 15);
      assert.ok((await readyState(session)).workspaces.has(id));
      assert.equal(retries(log), 1, 'one line in the log');
      end.abort();
      await followed;
    });

    test('a search for changes of which one look-up is limited brings the other changes', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const finding = { ...FIND_MINE, scope: 'all', filter: { owner: 'dana' } } as const;
      const { session, timing } = sessionFor(deployment, { finding, maxStreams: 0 });
      await readyState(session);
      await untilQuiet(deployment);
      for (let reads = 0; reads < 2; reads += 1) {
        await timing.advance(4_000);
        await deployment.whenQuiet();
      }
      const { calls } = clientOf(deployment);
      const gone = idOf(deployment, 'owner/archive');
      await workspacesApi.createBuild(calls, gone, { transition: 'delete' }, soon());
      await until('it is deleted', () => deployment.store.workspaces.get(gone)?.deleted !== false);
      deployment.hold('builds');
      const started = idOf(deployment, 'dana/api-server');
      await workspacesApi.createBuild(calls, started, { transition: 'start' }, soon());
      await deployment.misbehave('429', { path: new RegExp(`/workspaces/${gone}(\\?|$)`), retryAfterSeconds: 45 });
      const statusAt = (id: WorkspaceId): string | undefined => {
        const { value: state } = session.state;
        return state.kind === 'ready' ? state.workspaces.get(id)?.latest_build.status : undefined;
      };
      await passUntil(timing, 'it was limited', () => staleOf(session)?.error.kind === 'rateLimited', 10);
      assert.ok(['pending', 'starting'].includes(statusAt(started) ?? ''), 'the other change is here');
      assert.equal(statusAt(gone), 'stopped', 'what couldn’t be looked up is kept');
      await deployment.heal();
      await passUntil(timing, 'it is gone', () => statusAt(gone) === undefined, 300);
      assert.equal(staleOf(session), undefined);
    });

    test('a filter whose search is limited keeps the rows, and is applied when the server allows it', async (t) => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, log } = sessionFor(deployment, { maxStreams: 0 });
      await readyState(session);
      const before = namesIn(session);
      await deployment.misbehave('429', { path: /\/workspaces\?q=owner%3Adana/, retryAfterSeconds: 20, times: 1 });
      await session.find({ ...FIND_MINE, scope: 'all', filter: { owner: 'dana' } });
      assert.deepEqual(namesIn(session), before);
      assert.equal(staleOf(session)?.error.kind, 'rateLimited');
      await timing.advance(15_000);
      await deployment.whenQuiet();
      assert.deepEqual(namesIn(session), before);
      letThePausePass(t);
      await passUntil(timing, 'the filter is applied', () => staleOf(session) === undefined, 15);
      assert.ok(
        namesIn(session).includes('api-server') && (await readyState(session)).finding?.filter.owner === 'dana',
      );
      assert.equal(retries(log), 1);
    });

    test('a list of which no row can be read keeps the rows with their age, and says what is wrong', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, log } = sessionFor(deployment, { maxStreams: 0 });
      const { readAt } = await readyState(session);
      const names = namesIn(session);
      await untilQuiet(deployment);
      const mend = unreadable(deployment);
      await timing.advance(1_000);
      await session.refresh();
      assert.deepEqual(namesIn(session), names);
      const state = await readyState(session);
      assert.equal(state.stale?.error.kind, 'unreadable');
      assert.equal(state.readAt, readAt);
      assert.match(
        treeMessage(state, timing.now(), IN_UTC) ?? '',
        /^Not updated since .*, retrying.* · Couldn't understand the response from 127\.0\.0\.1:\d+\.$/,
      );
      // Searches for changes succeed meanwhile, and don't end it.
      const before = deployment.requests.length;
      await passUntil(timing, 'it was tried again', () => asked(deployment, LIST, before) > 1, 300);
      session.attend({ isVisible: false });
      await timing.advance(120_000);
      await deployment.whenQuiet();
      assert.equal(staleOf(session)?.error.kind, 'unreadable');
      session.attend({ isVisible: true });
      assert.equal(retries(log), 1, log.join('\n'));
      mend();
      await passUntil(timing, 'it is read again', () => staleOf(session) === undefined, 300);
      assert.deepEqual(namesIn(session), names);
    });

    test('a first list of which no row can be read isn’t an empty deployment', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const mend = unreadable(deployment);
      const { session, timing, states } = sessionFor(deployment);
      await until('it is known', () => session.state.value.kind === 'unreachable');
      assert.equal(staleOf(session)?.error.kind, 'unreadable');
      mend();
      await passUntil(timing, 'it is read', () => session.state.value.kind === 'ready', 300);
      assert.ok(
        states.every((state) => state.kind !== 'ready' || state.workspaces.size > 0),
        'it never looked empty',
      );
    });

    test('a list of which some rows can’t be read shows the others, and says how many are missing', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment, { maxStreams: 0 });
      await readyState(session);
      const names = namesIn(session);
      unreadable(deployment, 'web', 'archive');
      await session.refresh();
      const state = await readyState(session);
      assert.equal(state.stale, undefined);
      assert.deepEqual(
        namesIn(session),
        names.filter((name) => name !== 'web' && name !== 'archive'),
      );
      assert.equal(treeMessage(state, timing.now(), IN_UTC), "2 workspaces couldn't be read.");
    });

    test('an answer to what was asked before an outage began doesn’t end it', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const client = clientOf(deployment);
      const { calls } = client;
      const read = calls.read.bind(calls);
      const held: { until?: Promise<void> } = {};
      Object.assign(calls, {
        read: async (...request: Parameters<typeof read>) => {
          const late = request[1] === '/workspaces' ? held.until : undefined;
          const answer = await read(...request);
          await late;
          return answer;
        },
      });
      const { session, timing, log } = sessionFor(deployment, { client });
      await readyState(session);
      await untilQuiet(deployment);
      await timing.advance(6_000);
      await untilQuiet(deployment);
      const settled = log.length;
      // The list is on its way while the streams find that the deployment is away.
      let arrive = (): void => undefined;
      held.until = new Promise((resolve) => (arrive = resolve));
      await deployment.misbehave('502', { path: /\/(buildinfo|watch)/ });
      const before = deployment.requests.length;
      deployment.workspace('owner/archive').name = 'renamed';
      const late = session.refresh();
      await until('the list was asked for', () => asked(deployment, LIST, before) > 0);
      await deployment.whenQuiet();
      await deployment.misbehave('502', { path: LIST });
      deployment.cutStreams();
      await passUntil(timing, 'the outage is known', () => staleOf(session) !== undefined, 300);
      const { since } = staleOf(session) ?? { since: 0 };
      arrive();
      await late;
      await until('the late list is here', () => namesIn(session).includes('renamed'));
      assert.equal(staleOf(session)?.since, since, 'the outage goes on');
      await timing.advance(10_000);
      await deployment.whenQuiet();
      assert.equal(staleOf(session)?.since, since);
      assert.equal(retries(log.slice(settled)), 1, log.join('\n'));
      await deployment.heal();
      await passUntil(timing, 'it is back', () => staleOf(session) === undefined, 300);
      assert.ok(statusOf(session, 'renamed') !== undefined, 'and its rows are there');
    });
  });
}
