import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Milliseconds } from '../../src/api/units.ts';
import { CoderClient } from '../../src/api/client.ts';
import type { State } from '../../src/model/state.ts';
import type { Timing } from '../../src/model/timing.ts';
import type { Deployment } from '../deployment/index.ts';
import { ManualTiming } from '../manualTiming.ts';
import { ages, deploymentFor } from './client-fixture.ts';
import {
  asked,
  LIST,
  passUntil,
  readyState,
  sessionFor,
  until,
  untilQuiet,
  WATCH,
  type SessionFixture,
} from './session-fixture.ts';

const BUILD_INFO = /\/buildinfo$/;
const HOUR = 3_600_000;

const outageOf = ({ session }: SessionFixture) => {
  const state = session.state.value;
  if (state.kind === 'unreachable') return state;
  return state.kind === 'ready' ? state.stale : undefined;
};

const settled = async (
  deployment: Deployment,
  options: Parameters<typeof sessionFor>[1] = {},
): Promise<SessionFixture> => {
  const fixture = sessionFor(deployment, options);
  await readyState(fixture.session);
  await untilQuiet(deployment);
  return fixture;
};

/** Short waits, so that a test sees what takes a minute. */
const impatient = (deployment: Deployment): CoderClient =>
  new CoderClient({
    url: deployment.url,
    token: deployment.token,
    timeouts: {
      headersMs: 300 as Milliseconds,
      listHeadersMs: 400 as Milliseconds,
      probeHeadersMs: 200 as Milliseconds,
      idleMs: 1_500 as Milliseconds,
    },
  });

for (const age of ages) {
  describe(`no loop dies on ${age}`, () => {
    test('a mistake while reading is shown as trouble, logged once, and ends with the next read that works', async (t) => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment);
      const broken = t.mock.method(fixture.session.calls, 'read', () => {
        throw new TypeError('boom');
      });
      await fixture.session.refresh();
      assert.equal(outageOf(fixture)?.error.kind, 'unexpected');
      assert.match(outageOf(fixture)?.error.message ?? '', /boom/);
      await fixture.timing.advance(10_000);
      await fixture.session.refresh();
      assert.equal(fixture.log.filter((line) => line.includes('boom')).length, 1);
      broken.mock.restore();
      await passUntil(fixture.timing, 'it is read again', () => outageOf(fixture) === undefined);
    });

    for (const broken of ['log', 'sleep', 'monotonicMs', 'random'] as const) {
      test(`whatever fails, even the ${broken} it was given, reading and streams go on`, async () => {
        const deployment = await deploymentFor({ age, workspaces: 2 });
        const timing = new ManualTiming();
        const log: string[] = [];
        const boom = (): never => {
          throw new TypeError('boom');
        };
        let isBroken = false;
        const fails = (what: string): boolean => isBroken && what === broken;
        const mayFail: Timing = {
          now: () => timing.now(),
          monotonicMs: () => (fails('monotonicMs') ? boom() : timing.monotonicMs()),
          random: () => (fails('random') ? boom() : timing.random()),
          sleep: (length, signal) =>
            fails('sleep') ? Promise.reject(new TypeError('boom')) : timing.sleep(length, signal),
        };
        const fixture = await settled(deployment, {
          timing: mayFail,
          log: (line) => (fails('log') ? boom() : log.push(line)),
        });
        isBroken = true;
        if (broken !== 'sleep') await deployment.misbehave('500', { path: LIST });
        deployment.cutStreams();
        await fixture.session.refresh();
        for (let seconds = 0; seconds < 10; seconds += 1) await timing.advance(1_000);
        isBroken = false;
        await deployment.heal();
        const from = deployment.requests.length;
        await fixture.session.refresh();
        await passUntil(timing, 'a list is read', () => asked(deployment, LIST, from) > 0);
        await passUntil(timing, 'the streams are back', () => fixture.session.activity.openStreams === 2);
        assert.equal(outageOf(fixture), undefined);
        assert.ok(log.filter((line) => line.includes('boom')).length <= 1, log.join('\n'));
      });
    }

    test('a mistake in a stream counts as not heard, is shown as trouble, and the stream comes back', async (t) => {
      const deployment = await deploymentFor({ age, workspaces: 3 });
      const fixture = await settled(deployment);
      const open = t.mock.method(fixture.session.calls.transport, 'open', () => {
        throw new TypeError('boom');
      });
      const states: State[] = [];
      fixture.session.state.subscribe((state) => states.push(state));
      deployment.cutStreams();
      await passUntil(fixture.timing, 'it is shown', () => outageOf(fixture)?.error.kind === 'unexpected');
      open.mock.restore();
      await passUntil(fixture.timing, 'the streams are back', () => deployment.openSockets().total === 3);
      await passUntil(fixture.timing, 'all is well', () => outageOf(fixture) === undefined);
    });
  });

  describe(`sleep and clocks on ${age}`, () => {
    test('after a sleep whatever shows times is told, also when the list says the same as before', async () => {
      const deployment = await deploymentFor({ age, workspaces: 3 });
      const { session, timing } = await settled(deployment);
      let told = 0;
      session.clockCorrections.subscribe(() => (told += 1));
      timing.sleepMachine(2 * HOUR);
      await timing.advance(5_000);
      assert.equal(told, 1);
    });

    test('a clock that is set back leaves the server’s time as it was, and asks for it at once', async () => {
      const deployment = await deploymentFor({ age, workspaces: 3 });
      const timing = new ManualTiming();
      const client = new CoderClient({ url: deployment.url, token: deployment.token, now: () => timing.now() });
      const { session } = await settled(deployment, { client, timing });
      const open = deployment.openSockets().total;
      const from = deployment.requests.length;
      const before = client.clock.now();
      let told = 0;
      session.clockCorrections.subscribe(() => (told += 1));
      await deployment.misbehave('slow', { path: /buildinfo|workspaces\?/, delayMs: 500 });
      timing.setClock(-HOUR);
      await timing.advance(5_000);
      assert.ok(Math.abs(client.clock.now() - before - 5_000) < 3_000, `${client.clock.now() - before} ms`);
      assert.ok(told >= 1);
      await until('the time is asked for', () => asked(deployment, BUILD_INFO, from) === 1);
      assert.equal(deployment.openSockets().total, open);
      await timing.advance(5 * 60_000);
      await until('the list is read in its time', () => asked(deployment, LIST, from) >= 1);
    });

    test('a clock that is set back during an outage, or while requests are limited, shows the same short wait as before', async () => {
      for (const [trouble, then] of [['503'], ['429'], ['503', 'slow']] as const) {
        const deployment = await deploymentFor({ age, workspaces: 1 });
        const fixture = await settled(deployment);
        await deployment.misbehave(trouble, { path: /workspaces\?/ });
        await fixture.session.refresh();
        if (then !== undefined) {
          // No answer would tell it anew.
          await deployment.heal();
          await deployment.misbehave(then, { delayMs: 60_000 });
        }
        fixture.timing.setClock(-HOUR);
        const isTrue = (): boolean => {
          const outage = outageOf(fixture);
          if (outage === undefined) return false;
          const now = fixture.timing.now();
          return outage.since <= now && outage.retryAt - now <= 40_000;
        };
        await passUntil(fixture.timing, 'it is told by the new time', isTrue, 6);
      }
    });

    test('with nothing to be told a clock that is set back asks nothing', async () => {
      const deployment = await deploymentFor({ age, workspaces: 3 });
      const { session, timing } = sessionFor(deployment, {}, { isSeen: false });
      session.attend({ isTold: false });
      await readyState(session);
      await untilQuiet(deployment);
      const from = deployment.requests.length;
      timing.setClock(-HOUR);
      await timing.advance(60_000);
      await deployment.whenQuiet();
      assert.equal(deployment.requests.length, from);
    });
  });

  describe(`a deployment that is away on ${age}`, () => {
    test('a redirect to a sign-on page is one retry loop, not one for each stream', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = await settled(deployment);
      const from = deployment.requests.length;
      await deployment.misbehave('redirect');
      deployment.cutStreams();
      await passUntil(fixture.timing, 'it is known', () => outageOf(fixture)?.error.kind === 'redirect');
      for (let second = 0; second < 180; second += 5) {
        await fixture.timing.advance(5_000);
        await deployment.whenQuiet();
      }
      const requests = deployment.requests.length - from;
      assert.ok(requests <= 90, `${requests} requests`);
    });

    test('a stream that was open for five seconds comes back after one, however often it was lost before', async () => {
      const deployment = await deploymentFor({ age, workspaces: 1 });
      const { timing } = await settled(deployment);
      for (let loss = 0; loss < 6; loss += 1) {
        await timing.advance(5_000);
        const watched = asked(deployment, WATCH);
        deployment.cutStreams();
        await passUntil(timing, 'it is back', () => asked(deployment, WATCH) > watched, 2);
        await untilQuiet(deployment);
      }
    });

    test('streams that fall silent make it doubtful: its build info is asked for, and it is away', async () => {
      const deployment = await deploymentFor({ age, workspaces: 3 });
      const fixture = await settled(deployment, { client: impatient(deployment) });
      // In a focused window, reads would notice it.
      fixture.session.attend({ isFocused: false });
      await fixture.timing.advance(6_000);
      const from = deployment.requests.length;
      await deployment.misbehave('half-open');
      await until('it is away', () => outageOf(fixture) !== undefined);
      assert.equal(outageOf(fixture)?.error.kind, 'timeout');
      assert.equal(asked(deployment, BUILD_INFO, from), 1, 'asked once for all streams');
      await deployment.heal();
      await passUntil(fixture.timing, 'it is back', () => outageOf(fixture) === undefined);
    });

    test('with nothing to watch it is asked so often that it is known to be away within a minute', async () => {
      const deployment = await deploymentFor({ age });
      const fixture = await settled(deployment, { client: impatient(deployment) });
      await deployment.misbehave('half-open');
      await fixture.timing.advance(30_000);
      await until('it is away', () => outageOf(fixture) !== undefined);
    });
  });
}
