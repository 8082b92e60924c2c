import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as workspacesApi from '../../src/api/workspaces.ts';
import type { Deployment } from '../deployment/index.ts';
import { ages, clientOf, createWorkspace, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  idOf,
  LIST,
  passUntil,
  readyState,
  sessionFor,
  SIX_STREAMS,
  statusOf,
  until,
  untilQuiet,
  WATCH,
  type SessionFixture,
} from './session-fixture.ts';

const streams = (deployment: Deployment): number => deployment.openSockets().total;

const outageOf = ({ session }: SessionFixture) => {
  const state = session.state.value;
  if (state.kind === 'unreachable') return state;
  return state.kind === 'ready' ? state.stale : undefined;
};

/** A session that has its rows and all its streams. */
const settled = async (
  deployment: Deployment,
  options: Parameters<typeof sessionFor>[1] = {},
): Promise<SessionFixture> => {
  const fixture = sessionFor(deployment, options);
  await readyState(fixture.session);
  await until('streams are open', () => streams(deployment) >= 5);
  await untilQuiet(deployment);
  return fixture;
};

for (const age of ages) {
  describe(`outages on ${age}`, () => {
    test('a server that is down at the start is unreachable, and its rows come when it is back', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      await deployment.misbehave('down');
      const fixture = sessionFor(deployment);
      await until('it is unreachable', () => fixture.session.state.value.kind === 'unreachable');
      const outage = outageOf(fixture);
      assert.equal(outage?.error.kind, 'refused');
      assert.ok(outage.retryAt > outage.since);
      await deployment.heal();
      await fixture.timing.advance(30_000);
      await readyState(fixture.session);
    });

    test('a server that goes away keeps its rows, says since when, and is asked less and less often', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment, SIX_STREAMS);
      const { workspaces } = await readyState(fixture.session);
      await deployment.misbehave('down');
      await fixture.session.refresh();
      const first = outageOf(fixture);
      assert.ok(first !== undefined);
      const pauses = [first.retryAt - fixture.timing.now()];
      for (let round = 0; round < 7; round += 1) {
        const before = outageOf(fixture)?.retryAt ?? 0;
        await fixture.timing.advance(before - fixture.timing.now());
        await until('it was tried again', () => (outageOf(fixture)?.retryAt ?? 0) > before);
        pauses.push((outageOf(fixture)?.retryAt ?? 0) - fixture.timing.now());
      }
      assert.equal(outageOf(fixture)?.since, first.since, 'since the first failure');
      assert.equal((await readyState(fixture.session)).workspaces.size, workspaces.size);
      assert.ok(
        pauses.every((each) => each >= 1_000 && each <= 30_000),
        String(pauses),
      );
      assert.ok((pauses.at(-1) ?? 0) > 20_000 && (pauses[0] ?? 0) < 2_000, String(pauses));
      await deployment.heal();
      await fixture.timing.advance(30_000);
      await until('it is back', () => outageOf(fixture) === undefined);
      await fixture.timing.advance(40_000);
      await until('its streams are back', () => streams(deployment) >= 5);
    });

    test('while the server is away one list asks for all streams', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment, SIX_STREAMS);
      await fixture.timing.advance(6_000);
      await deployment.misbehave('502');
      const before = deployment.requests.length;
      deployment.cutStreams();
      await until('no stream is open', () => streams(deployment) === 0);
      await passUntil(fixture.timing, 'it is known', () => outageOf(fixture) !== undefined);
      const attempts = asked(deployment, WATCH, before);
      for (let round = 0; round < 10; round += 1) {
        await fixture.timing.advance(30_000);
        await deployment.whenQuiet();
      }
      assert.equal(asked(deployment, WATCH, before), attempts, 'no stream tried again meanwhile');
      await deployment.heal();
      await fixture.timing.advance(30_000);
      await until('it is back', () => outageOf(fixture) === undefined);
      await fixture.timing.advance(30_000);
      await until('its streams are back', () => streams(deployment) >= 5);
    });

    test('too many requests: rows stay, nothing is asked before the server’s time, then all is well', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment, SIX_STREAMS);
      await deployment.misbehave('429', { path: LIST, retryAfterSeconds: 45, times: 1 });
      await fixture.session.refresh();
      const outage = outageOf(fixture);
      assert.equal(outage?.error.kind, 'rateLimited');
      assert.ok(outage.retryAt - fixture.timing.now() >= 44_000);
      const lists = asked(deployment, LIST);
      await fixture.timing.advance(40_000);
      assert.equal(asked(deployment, LIST), lists);
      assert.equal(fixture.log.filter((line) => line.startsWith('list:')).length, 1, 'one line in the log');
      assert.ok(statusOf(fixture.session, 'docs-site') !== undefined);
    });

    test('too many requests without a time: half a minute', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment, SIX_STREAMS);
      await deployment.misbehave('429', { path: LIST, times: 1 });
      await fixture.session.refresh();
      assert.ok((outageOf(fixture)?.retryAt ?? 0) - fixture.timing.now() >= 29_000);
    });

    test('a connection that is reset and an answer that breaks off are outages that pass', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment, SIX_STREAMS);
      for (const [name, kind] of [
        ['reset', 'unreachable'],
        ['truncated', 'unreachable'],
        ['html', 'notCoder'],
        ['500', 'server'],
      ] as const) {
        await deployment.misbehave(name, { path: LIST });
        await fixture.session.refresh();
        assert.equal(outageOf(fixture)?.error.kind, kind, name);
        await deployment.heal();
        await fixture.session.refresh();
        assert.equal(outageOf(fixture), undefined, name);
      }
    });

    test('a cut stream comes back and misses nothing', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment);
      const lists = asked(deployment, LIST);
      const before = asked(deployment, WATCH);
      const open = streams(deployment);
      assert.equal(deployment.cutStreams(), open);
      await until('the loss is noticed', () => streams(deployment) === 0);
      await workspacesApi.createBuild(
        clientOf(deployment).calls,
        idOf(fixture.session, 'docs-site'),
        { transition: 'stop' },
        soon(),
      );
      await until('it is gone on', () => asked(deployment, /builds$/) > 0);
      await fixture.timing.advance(2_000);
      await until('all are back', () => asked(deployment, WATCH) - before >= open);
      await until('what happened meanwhile is known', () => statusOf(fixture.session, 'docs-site') === 'stopped');
      assert.equal(asked(deployment, LIST), lists, 'no list was needed');
      assert.equal(outageOf(fixture), undefined);
    });

    test('where streams stay silent, what is in transition is asked for every five seconds', async () => {
      const deployment = await deploymentFor({ age });
      await deployment.misbehave('silent-stream');
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      const created = await createWorkspace(clientOf(deployment), 'slow', 'unheard');
      session.adopt(created);
      for (let round = 0; round < 3; round += 1) {
        const lists = asked(deployment, LIST);
        await timing.advance(5_000);
        await until('the list is asked for', () => asked(deployment, LIST) > lists);
        await session.refresh();
      }
      await until('it runs at the server', () => {
        const builds = deployment.store.workspaces.get(created.id)?.builds ?? [];
        return builds.at(-1)?.job.completedAt !== undefined;
      });
      await timing.advance(5_000);
      await until('it runs here', () => statusOf(session, 'unheard') === 'running');
    });

    test('a failure that no stream tells of is known ten seconds later', async () => {
      const deployment = await deploymentFor({ age });
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      const created = await createWorkspace(clientOf(deployment), 'failing', 'doomed');
      session.adopt(created);
      await until('it failed at the server', () => {
        const builds = deployment.store.workspaces.get(created.id)?.builds ?? [];
        return builds.at(-1)?.job.completedAt !== undefined;
      });
      await untilQuiet(deployment);
      await timing.advance(10_000);
      await until('it is known', () => statusOf(session, 'doomed') === 'failed');
    });

    test('an error frame keeps the last good workspace and is logged with its detail', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment);
      const before = fixture.session.state.value;
      deployment.sendErrorFrame('owner/docs-site', 'Internal error fetching workspace.', 'database is away');
      await until('it is logged', () => fixture.log.some((line) => line.includes('database is away')));
      assert.ok(fixture.log.some((line) => line.includes('Internal error fetching workspace.')));
      assert.equal(fixture.session.state.value, before);
    });

    test('a deployment that knows neither form of the stream is asked regularly instead, and not for streams again', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      await deployment.misbehave('watch-404');
      await deployment.misbehave('watch-ws-404');
      const { session, timing, log } = sessionFor(deployment);
      await readyState(session);
      await until('that is known', () => log.some((line) => line.includes('Reading regularly instead')));
      await untilQuiet(deployment);
      const tries = asked(deployment, WATCH);
      const lists = asked(deployment, LIST);
      for (let round = 0; round < 6; round += 1) {
        await timing.advance(10_000);
        await session.refresh();
      }
      assert.equal(asked(deployment, WATCH), tries);
      assert.ok(asked(deployment, LIST) > lists);
    });

    test('a workspace that cannot be read in the background is no failure, and stays as it is', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = await settled(deployment);
      const before = session.state.value;
      const id = idOf(session, 'docs-site');
      assert.equal((await session.tryRefetch(id))?.name, 'docs-site');
      await deployment.misbehave('500', { path: new RegExp(id) });
      assert.equal(await session.tryRefetch(id), undefined);
      assert.equal(session.state.value, before);
    });

    test('a clock that is off by an hour changes nothing but what the server’s clock says', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      await deployment.misbehave('skewed-clock', { byMs: 3_600_000 });
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      const ahead = session.now() - Date.now();
      assert.ok(Math.abs(ahead - 3_600_000) < 2_500, `${ahead} ms ahead`);
      const lists = asked(deployment, LIST);
      await timing.advance(1_000);
      assert.equal(asked(deployment, LIST), lists);
    });

    test('after a night’s sleep the list is read and the streams are opened anew at once', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment, SIX_STREAMS);
      const before = deployment.requests.length;
      const open = streams(deployment);
      fixture.timing.sleepMachine(9 * 3_600_000);
      await fixture.timing.advance(10_000);
      await until('the list is read', () => asked(deployment, LIST, before) >= 1);
      await until('all streams are opened', () => asked(deployment, WATCH, before) >= open);
      await until('and the old ones are gone', () => streams(deployment) <= open);
      assert.equal(outageOf(fixture), undefined);
    });
  });
}
