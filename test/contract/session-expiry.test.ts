import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import { Session } from '../../src/model/session.ts';
import { ManualTiming } from '../manualTiming.ts';
import { ages, clientOf, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  hide,
  idOf,
  LIST,
  ME,
  passUntil,
  readyState,
  sessionFor,
  SIX_STREAMS,
  until,
  untilQuiet,
} from './session-fixture.ts';

/** Running, with and without a deadline, stopped, starting, and failed. */
const ONE_OF_EACH = new Set(['api-server', 'by-hand', 'archive', 'warming-up', 'broken']);

for (const age of ages) {
  describe(`the end of a session on ${age}`, () => {
    test('a token that is revoked ends it once, however many calls are refused at once', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, states, log } = sessionFor(deployment, SIX_STREAMS);
      await readyState(session);
      await untilQuiet(deployment);
      await deployment.misbehave('401');
      const before = deployment.requests.length;
      const ids = Array.from({ length: 10 }, (_, index) => `w-${index}` as WorkspaceId);
      const refusals = await Promise.all(
        ids.map(async (id) => {
          try {
            await workspacesApi.get(session.calls, id, {}, soon());
            return undefined;
          } catch (error) {
            return error;
          }
        }),
      );
      const answers = await Promise.all(refusals.map((error) => session.noticed(error)));
      assert.deepEqual(
        answers,
        Array.from({ length: 10 }, () => true),
      );
      assert.equal(states.filter((state) => state.kind === 'signedOut').length, 1, 'told once');
      assert.equal(asked(deployment, ME, before), 1, 'asked once who one is');
      assert.deepEqual(session.state.value, { kind: 'signedOut', reason: 'expired', detail: 'API key is invalid.' });
      assert.ok(session.signal.aborted);
      assert.ok(log.some((line) => line.startsWith('session:') && line.includes('API key is invalid.')));
      await until('no socket is open', () => deployment.openSockets().total === 0);
    });

    test('a session that has ended asks nothing more and takes nothing in', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment, SIX_STREAMS);
      const { workspaces } = await readyState(session);
      await untilQuiet(deployment);
      await deployment.misbehave('401');
      await session.refresh();
      assert.equal(session.state.value.kind, 'signedOut');
      await deployment.heal();
      const before = deployment.requests.length;
      await timing.advance(300_000);
      await session.refresh();
      const [workspace] = workspaces.values();
      assert.ok(workspace !== undefined);
      session.adopt(workspace);
      await deployment.whenQuiet();
      assert.equal(deployment.requests.length, before);
      assert.equal(session.state.value.kind, 'signedOut');
    });

    test('a token that never worked is refused, not expired', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment, { client: clientOf(deployment, 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB') });
      await until('it has ended', () => session.state.value.kind === 'signedOut');
      const state = session.state.value;
      assert.ok(state.kind === 'signedOut');
      assert.equal(state.reason, 'refused');
      assert.match(state.detail ?? '', /API key/);
    });

    test('a user who is suspended hears so, also without a detail', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, log } = sessionFor(deployment, SIX_STREAMS);
      await readyState(session);
      await deployment.misbehave('suspended');
      await session.refresh();
      const state = session.state.value;
      assert.ok(state.kind === 'signedOut');
      assert.match(state.detail ?? '', /^User is not active .*Contact an admin/);
      assert.ok(log.some((line) => line.startsWith('session:') && line.includes('User is not active')));
    });

    for (const [what, path] of [
      ['all', /./],
      ['all that needs a token', /workspaces|users/],
    ] as const)
      test(`a gateway that refuses ${what} in Coder’s words before anything else was answered ends no session`, async () => {
        const deployment = await deploymentFor({ age, seed: true });
        await deployment.misbehave('gateway-json-401', { path });
        const { session, timing, log } = sessionFor(deployment, SIX_STREAMS);
        await until('it is away', () => session.state.value.kind === 'unreachable');
        await passUntil(timing, 'it is tried again', () => asked(deployment, LIST) > 2);
        assert.equal(session.state.value.kind, 'unreachable');
        assert.equal(log.length, 1, log.join('\n'));
        await deployment.heal();
        await passUntil(timing, 'it is there', () => session.state.value.kind === 'ready');
      });

    test('a 401 of one route alone is a failure like any other', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment, SIX_STREAMS);
      await readyState(session);
      await deployment.misbehave('401', { path: LIST });
      await session.refresh();
      const state = session.state.value;
      assert.ok(state.kind === 'ready');
      assert.equal(state.stale?.error.kind, 'unauthorized');
      assert.equal(
        state.stale.error.message,
        `${new URL(deployment.url).host} didn't authorize this request. Coder says: You are signed out. (API key is invalid.)`,
      );
    });

    test('a refused stream ends the session only if the token is refused', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment, SIX_STREAMS);
      await readyState(session);
      await untilQuiet(deployment);
      await deployment.misbehave('401', { path: /\/watch/ });
      deployment.cutStreams();
      const before = deployment.requests.length;
      await until('the cut is noticed', () => deployment.openSockets().total === 0);
      await passUntil(timing, 'it asked who one is', () => asked(deployment, ME, before) > 0);
      await deployment.whenQuiet();
      assert.equal(session.state.value.kind, 'ready');
      await deployment.misbehave('401', { path: ME });
      await passUntil(timing, 'it has ended', () => session.state.value.kind === 'signedOut');
    });

    for (const name of [
      'html',
      'redirect',
      '502',
      '403',
      'gateway-401',
      'gateway-403',
      'gateway-407',
      'gateway-json-401',
      'gateway-json-503',
    ] as const) {
      test(`what a proxy says, or Coder refuses otherwise, is no expiry: ${name}`, async () => {
        const deployment = await deploymentFor({ age, seed: true });
        const { session } = sessionFor(deployment, SIX_STREAMS);
        const { workspaces } = await readyState(session);
        await untilQuiet(deployment);
        await deployment.misbehave(name);
        const lists = asked(deployment, LIST);
        await session.refresh();
        assert.ok(asked(deployment, LIST) > lists, 'the proxy was asked');
        const state = session.state.value;
        assert.ok(state.kind === 'ready');
        assert.ok(state.stale !== undefined, 'it is known that something is wrong');
        assert.equal(state.workspaces.size, workspaces.size);
        assert.ok(!session.signal.aborted);
        await deployment.heal();
        await session.refresh();
        assert.ok(session.state.value.kind === 'ready' && session.state.value.stale === undefined);
      });
    }

    test('twenty stops and starts leave no socket behind, and signing out closes them all', async () => {
      const deployment = await deploymentFor({ age, seed: true, speed: 200 });
      const { session, end } = sessionFor(deployment);
      await readyState(session);
      await untilQuiet(deployment);
      const baseline = deployment.openSockets().total;
      const id = idOf(session, 'docs-site');
      for (let round = 0; round < 20; round += 1) {
        for (const [transition, status] of [
          ['stop', 'stopped'],
          ['start', 'running'],
        ] as const) {
          session.adopt(await workspacesApi.createBuild(session.calls, id, { transition }, soon()));
          await session.waitFor(id, (each) => each?.latest_build.status === status, soon());
        }
      }
      await untilQuiet(deployment);
      assert.ok(deployment.openSockets().total <= baseline, `${deployment.openSockets().total} of ${baseline}`);
      end.abort();
      await until('no socket is open', () => deployment.openSockets().total === 0);
    });

    test('ten sessions one after the other leave no socket behind', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      for (let round = 0; round < 10; round += 1) {
        const { session, end } = sessionFor(deployment);
        await readyState(session);
        await until('a stream is open', () => deployment.openSockets().total > 0);
        end.abort();
      }
      await until('no socket is open', () => deployment.openSockets().total === 0);
    });

    test('a view that is hidden pauses, and is up to date as soon as it shows again', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment, SIX_STREAMS);
      session.attend({ isTold: false });
      await readyState(session);
      await untilQuiet(deployment);
      await hide({ session, timing });
      await until('no stream is open', () => deployment.openSockets().total === 0);
      await untilQuiet(deployment);
      const before = deployment.requests.length;
      await timing.advance(600_000);
      assert.equal(deployment.requests.length, before, 'nothing was asked');
      await workspacesApi.createBuild(
        clientOf(deployment).calls,
        idOf(session, 'docs-site'),
        { transition: 'stop' },
        soon(),
      );
      session.attend({ isVisible: true });
      await until('the list is read', () => asked(deployment, LIST, before) >= 1);
      await until('the streams are back', () => deployment.openSockets().total > 3);
    });

    test('a deadline that is counted down keeps a hidden session awake', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      await untilQuiet(deployment);
      await hide({ session, timing });
      const before = asked(deployment, LIST);
      assert.ok(deployment.openSockets().total > 0);
      await timing.advance(61_000);
      await until('the list is read', () => asked(deployment, LIST) > before);
    });

    test('whoever waits for a fact keeps a hidden session awake, and stops waiting with the session', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, end, timing } = sessionFor(deployment);
      session.attend({ isTold: false });
      await readyState(session);
      await hide({ session, timing });
      const id = idOf(session, 'docs-site');
      session.adopt(await workspacesApi.createBuild(session.calls, id, { transition: 'stop' }, soon()));
      await session.waitFor(id, (each) => each?.latest_build.status === 'stopped', soon());
      const never = session.waitFor(id, () => false, soon());
      end.abort();
      await assert.rejects(never, { name: 'AbortError' });
      const gone = AbortSignal.abort();
      await assert.rejects(
        session.waitFor(id, () => true, gone),
        (error) => error === gone.reason,
      );
    });

    test('a session that begins after its signal has ended asks nothing', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const session = new Session({
        client: clientOf(deployment),
        signal: AbortSignal.abort(),
        timing: new ManualTiming(),
      });
      await session.refresh();
      await deployment.whenQuiet();
      assert.equal(deployment.requests.length, 0);
    });

    test('looking on for two hours uses only what does not count as activity', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      // One of each kind is asked about as twenty are, a hundredfold.
      const { workspaces: stored } = deployment.store;
      for (const { id, name } of stored.values()) if (!ONE_OF_EACH.has(name)) stored.delete(id);
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      for (let round = 0; round < 120; round += 1) await timing.advance(60_000);
      await untilQuiet(deployment);
      const allowed = /^\/api\/v2\/(users\/me|workspaces(\?.*|\/[\w-]+(\/watch(-ws)?)?)?|templates\/[\w-]+)$/;
      const odd = deployment.requests.filter((request) => request.method !== 'GET' || !allowed.test(request.path));
      assert.deepEqual(odd, []);
    });
  });
}
