import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Milliseconds } from '../../src/api/units.ts';
import { clockTime } from '../../src/model/times.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import type { AgeName } from '../deployment/index.ts';
import type { Fault } from '../faultProxy.ts';
import { ages } from './client-fixture.ts';
import { hasItsStreams, outageOf, through, untilItHasItsStreams, type ProxiedSession } from './proxied-session.ts';
import { activityOf, asked, IN_UTC, LIST, passUntil, readyState, until } from './session-fixture.ts';

/** What each is known as while it lasts. */
const FAULTS: readonly (readonly [Fault, kinds: readonly string[]])[] = [
  ['502', ['server']],
  ['503', ['server']],
  ['html', ['notCoder']],
  ['redirect', ['redirect']],
  ['gateway-401', ['proxy']],
  ['gateway-403', ['proxy']],
  ['gateway-407', ['proxy']],
  ['reset', ['unreachable']],
  ['down', ['refused']],
  ['half-open', ['timeout']],
  ['truncated', ['unreachable', 'unreadable']],
  ['slow', ['timeout']],
];
const LIMITED: readonly (readonly [Fault, retryAfterMs: number])[] = [
  ['429', 30_000],
  ['429-5s', 5_000],
];

/** Holds the time in which a server's pause passes, until what this gives is called: then `length` has passed. */
const holdTime = (): ((length: number) => void) => {
  const [wall, monotonic] = [Date.now(), performance.now()];
  const { now: date } = Date;
  const steady = performance.now.bind(performance);
  // `mock.method` would write down every call, with a stack trace.
  Date.now = () => wall;
  performance.now = () => monotonic;
  return (length) => {
    performance.now = steady;
    Date.now = () => date() + length;
  };
};

/** What is so while it lasts: rows with their age, no message but that above them, one line in the log, and a next try. */
const assertItIsAway = async (
  proxied: ProxiedSession,
  rows: number,
  readAt: number,
  episodes: number,
): Promise<void> => {
  const { session, timing, deployment, states, log } = proxied;
  const outage = outageOf(proxied);
  assert.ok(outage !== undefined, 'it is known to be away');
  const state = await readyState(session);
  assert.equal(state.workspaces.size, rows, 'the last rows are kept');
  assert.ok(state.readAt >= readAt && state.readAt <= outage.since, 'and since when they are as they are');
  const message = treeMessage(state, timing.now(), IN_UTC) ?? '';
  const known = outage.error.kind === 'rateLimited' ? outage.retryAt : outage.since;
  assert.ok(message.includes(clockTime(known, timing.now(), IN_UTC)), message);
  // Only the end of a session is told in a message of its own.
  assert.ok(!session.signal.aborted && states.every(({ kind }) => kind !== 'signedOut'), 'nothing pops up');
  assert.match(activityOf(proxied), /Not up to date since .+ Next attempt (now|in \d+ s)\./);
  const soonest = outage.error.kind === 'rateLimited' ? 31_000 : 30_000;
  assert.ok(outage.retryAt - timing.now() <= soonest, `${outage.retryAt - timing.now()} ms until the next try`);
  assert.equal(log.length, episodes, log.join('\n'));
  for (const secret of [deployment.token, 'secret', '<html', 'clever'])
    assert.ok(!log.join().includes(secret), log.join('\n'));
};

/** The fault begins, and is noticed. */
const begin = async (proxied: ProxiedSession, fault: Fault): Promise<void> => {
  await proxied.proxy.begin(fault);
  proxied.proxy.endStreams();
  await proxied.session.refresh();
  await passUntil(proxied.timing, 'it is away', () => outageOf(proxied) !== undefined);
};

const stayAway = async ({ timing }: ProxiedSession): Promise<void> => {
  for (let round = 0; round < 4; round += 1) {
    await timing.advance(10_000);
    await pause(50);
  }
};

const withRows = async (age: AgeName, addresses?: () => string) => {
  const proxied = await through(age, { addresses });
  const { workspaces, readAt } = await readyState(proxied.session);
  await untilItHasItsStreams(proxied);
  await proxied.timing.advance(6_000);
  return { proxied, rows: workspaces.size, readAt };
};

const isBack = (proxied: ProxiedSession) => (): boolean => outageOf(proxied) === undefined;

for (const age of ages) {
  describe(`failures between here and ${age}`, { concurrency: 3 }, () => {
    for (const [fault, kinds] of FAULTS) {
      test(`${fault}: rows stay with their age, one line is logged, Show Output tells, and all is well again by itself, on focus and on another network`, async () => {
        let addresses = '192.0.2.1';
        const { proxied, rows, readAt } = await withRows(age, () => addresses);
        const { session, timing, proxy, log } = proxied;
        const streams = session.activity.openStreams;
        await begin(proxied, fault);
        assert.ok(kinds.includes(outageOf(proxied)?.error.kind ?? ''), outageOf(proxied)?.error.kind);
        await stayAway(proxied);
        await assertItIsAway(proxied, rows, readAt, 1);
        await proxy.begin(undefined);
        await passUntil(timing, 'it is back by itself', isBack(proxied), 31);
        await passUntil(
          timing,
          `its streams are back: ${log.join(' | ')}`,
          () => hasItsStreams(proxied) && session.activity.openStreams === streams,
          40,
        );

        await timing.advance(6_000);
        await begin(proxied, fault);
        await stayAway(proxied);
        await proxy.begin(undefined);
        session.attend({ isFocused: false });
        session.attend({ isFocused: true });
        await until('it is back as soon as somebody comes back', isBack(proxied));

        await begin(proxied, fault);
        await stayAway(proxied);
        await assertItIsAway(proxied, rows, readAt, 3);
        await proxy.begin(undefined);
        addresses = '198.51.100.7';
        await passUntil(timing, 'it is back on another network', isBack(proxied), 6);
        assert.equal(log.length, 3, log.join('\n'));
      });
    }

    for (const hours of [-2, 2]) {
      test(`a clock that is off by ${hours} h is known as the server’s, and nothing else changes`, async () => {
        const { session, proxy } = await through(age);
        await readyState(session);
        proxy.skewMs = hours * 3_600_000;
        await session.refresh();
        assert.ok(Math.abs(session.calls.clock.offsetMs - proxy.skewMs) < 3_000, String(session.calls.clock.offsetMs));
        assert.equal(outageOf({ session }), undefined);
      });
    }

    test('a window that is focused tries a deployment at once that was away from the beginning', async () => {
      // One try is all that it has: a busy machine is not to spoil it.
      const patient = { headersMs: 9_000 as Milliseconds, listHeadersMs: 9_000 as Milliseconds };
      const { session, proxy } = await through(age, { fault: 'down', timeouts: patient });
      await until('it is unreachable', () => session.state.value.kind === 'unreachable');
      session.attend({ isFocused: false });
      await proxy.begin(undefined);
      session.attend({ isFocused: true });
      await readyState(session);
    });

    test('what a read that failed still waits for is not joined by the next one', async () => {
      const patient = { headersMs: 9_000 as Milliseconds, listHeadersMs: 30_000 as Milliseconds };
      const { session, proxy } = await through(age, { fault: 'down', timeouts: patient });
      await until('it is unreachable', () => session.state.value.kind === 'unreachable');
      // The list is never answered.
      proxy.answering = ({ url = '' }, response) => {
        if (url.endsWith('/users/me')) response.writeHead(502).end();
        return true;
      };
      await proxy.begin(undefined);
      session.attend({ isFocused: false });
      session.attend({ isFocused: true });
      await until('the user can’t be read', () => outageOf({ session })?.error.kind === 'server');
      proxy.answering = undefined;
      session.attend({ isFocused: false });
      session.attend({ isFocused: true });
      await readyState(session);
    });

    test('streams that a server ends are opened again, and nobody hears of it', async () => {
      const { proxied } = await withRows(age);
      const { session, timing, proxy, log, states } = proxied;
      const streams = session.activity.openStreams;
      const told = states.length;
      proxy.endStreams();
      await until('they are ended', () => session.activity.openStreams < streams);
      await passUntil(timing, 'they are back', () => session.activity.openStreams === streams, 31);
      assert.deepEqual(log, []);
      assert.ok(
        states.slice(told).every((state) => state.kind === 'ready' && state.stale === undefined),
        'no outage',
      );
    });

    test('streams that fall silent are opened again, and nobody hears of it', async () => {
      const { proxied } = await withRows(age);
      const { session, timing, proxy, log, states, deployment } = proxied;
      const streams = session.activity.openStreams;
      const told = states.length;
      await proxy.begin('silent-streams');
      await until('that is noticed', () => session.activity.openStreams < streams);
      await proxy.begin(undefined);
      await passUntil(timing, 'they are back', () => session.activity.openStreams === streams, 31);
      await until('and no others are left', () => deployment.openSockets().total === streams);
      assert.deepEqual(log, []);
      assert.ok(
        states.slice(told).every((state) => state.kind === 'ready' && state.stale === undefined),
        'no outage',
      );
    });

    test('connections that are half open after a night’s sleep are left at once, also where the clock alone went on', async () => {
      const { proxied } = await withRows(age);
      const { session, timing, proxy, deployment } = proxied;
      const streams = session.activity.openStreams;
      for (const sleep of ['sleepMachine', 'stall'] as const) {
        await proxy.begin('silent-streams');
        timing[sleep](9 * 3_600_000);
        const lists = asked(deployment, LIST);
        // Nothing but the beat passes: no time-out has noticed anything yet.
        await timing.advance(10_000);
        await until('the list is read', () => asked(deployment, LIST) > lists);
        await until('all streams are new', () => hasItsStreams(proxied) && session.activity.openStreams === streams);
        assert.equal(session.state.value.kind, 'ready');
      }
    });

    test('a list that takes 20 s is waited for, at the beginning and later, and is no outage', async () => {
      // A tenth of the real waits: 15 s for headers, 25 s for those of a list.
      const tenth = {
        headersMs: 1_500 as Milliseconds,
        listHeadersMs: 2_500 as Milliseconds,
        idleMs: 4_500 as Milliseconds,
      };
      const proxied = await through(age, { fault: 'slow-list', slowMs: 2_000, timeouts: tenth });
      const { session, timing, proxy, states, log } = proxied;
      assert.equal(session.state.value.kind, 'loading');
      await readyState(session);
      await timing.advance(61_000);
      await session.refresh();
      await untilItHasItsStreams(proxied);
      assert.ok(
        states.every((state) => state.kind === 'loading' || (state.kind === 'ready' && state.stale === undefined)),
      );
      assert.deepEqual(log, []);
      // Longer than that, it is one.
      proxy.slowMs = 3_000;
      await session.refresh();
      assert.equal(outageOf(proxied)?.error.kind, 'timeout');
    });
  });

  describe(`too many requests to ${age}`, () => {
    for (const [fault, retryAfterMs] of LIMITED) {
      test(`${fault}: rows stay with their age, one line is logged, nothing is asked before its time, then all is well by itself`, async () => {
        const { proxied, rows, readAt } = await withRows(age);
        const { session, timing, proxy, deployment, log } = proxied;
        const pass = holdTime();
        await begin(proxied, fault);
        assert.equal(outageOf(proxied)?.error.kind, 'rateLimited');
        await assertItIsAway(proxied, rows, readAt, 1);
        const leftMs = (outageOf(proxied)?.retryAt ?? 0) - timing.now();
        assert.ok(leftMs >= retryAfterMs - 1_500, `${leftMs} ms`);
        await proxy.begin(undefined);
        const lists = asked(deployment, LIST);
        session.attend({ isFocused: false });
        session.attend({ isFocused: true });
        await session.refresh();
        assert.equal(asked(deployment, LIST), lists, 'who comes back does not ask before its time');
        pass(retryAfterMs);
        await passUntil(timing, 'it is back by itself', isBack(proxied), 62);
        await passUntil(timing, 'its streams are back', () => hasItsStreams(proxied), 40);
        assert.equal(log.length, 1, log.join('\n'));
      });
    }
  });
}
