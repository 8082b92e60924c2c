import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CoderClient } from '../../src/api/client.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import type { SessionOptions } from '../../src/model/session.ts';
import type { AgeName, Deployment, DeploymentOptions } from '../deployment/index.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '../faultProxy.ts';
import { ages, clientOf, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  idOf,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  WATCH,
  type SessionFixture,
} from './session-fixture.ts';

interface ProxiedSession extends SessionFixture {
  readonly deployment: Deployment;
  readonly proxy: FaultProxy;
}

/** A session that reaches its deployment through a proxy, with short waits, so that a test sees what takes a minute. */
const through = async (
  age: AgeName,
  fault?: Fault,
  options: Partial<SessionOptions> = {},
  deploymentOptions: Partial<DeploymentOptions> = {},
): Promise<ProxiedSession> => {
  const deployment = await deploymentFor({ age, seed: true, ...deploymentOptions });
  const proxy = await startFaultProxy(deployment.url);
  await proxy.begin(fault);
  after(() => proxy.close());
  const client = new CoderClient({
    url: proxy.url,
    token: deployment.token,
    timeouts: {
      headersMs: 1_000 as Milliseconds,
      listHeadersMs: 1_500 as Milliseconds,
      probeHeadersMs: 1_000 as Milliseconds,
      firstBytesMs: (fault === 'held-back' ? 1_000 : 10_000) as Milliseconds,
      idleMs: 2_000 as Milliseconds,
    },
  });
  const fixture = sessionFor(deployment, { client, ...options });
  if (fault === undefined) {
    // Its time-outs are short: on a busy machine a first read may run into one.
    await passUntil(fixture.timing, 'it has its rows', () => fixture.session.state.value.kind === 'ready', 120);
    fixture.log.length = 0;
  }
  return { ...fixture, deployment, proxy };
};

const outageOf = ({ session }: Pick<SessionFixture, 'session'>) => {
  const state = session.state.value;
  if (state.kind === 'unreachable') return state;
  return state.kind === 'ready' ? state.stale : undefined;
};

for (const age of ages) {
  describe(`a proxy that holds event streams back, on ${age}`, () => {
    test('is noticed; sockets are used where there are any, else it is read regularly', async () => {
      const { session, timing, deployment, log } = await through(age, 'held-back');
      await readyState(session);
      if (age === 'v2') await until('sockets are open', () => (deployment.openSockets().byKind['watch-ws'] ?? 0) >= 5);
      else await until('that is known', () => log.some((line) => line.includes('buffering')));
      await deployment.whenQuiet();
      const tries = asked(deployment, WATCH);
      await workspaces.createBuild(
        clientOf(deployment).calls,
        idOf(session, 'archive'),
        { transition: 'start' },
        soon(),
      );
      await passUntil(timing, 'the start is seen', () => statusOf(session, 'archive') !== 'stopped', 5);
      await passUntil(timing, 'it runs', () => statusOf(session, 'archive') === 'running', 12);
      assert.equal(asked(deployment, WATCH), tries, 'no stream is tried again meanwhile');
      assert.ok(log.filter((line) => line.startsWith('watch:')).length <= 1, log.join('\n'));
      assert.equal(outageOf({ session }), undefined);
    });
  });
}

test('where neither form of the stream gets through they are tried again five minutes later', async () => {
  const { session, timing, deployment, log, proxy } = await through('v0', 'held-back');
  await readyState(session);
  await until('that is known', () => log.some((line) => line.includes('buffering')));
  await proxy.begin(undefined);
  await deployment.whenQuiet();
  const tries = asked(deployment, WATCH);
  await timing.advance(4 * 60_000);
  await deployment.whenQuiet();
  assert.equal(asked(deployment, WATCH), tries);
  await passUntil(timing, 'streams are open', () => deployment.openSockets().total >= 5, 2 * 60);
});

/** What each is known as while it lasts. */
const WEATHER: readonly (readonly [Fault, kinds: readonly string[]])[] = [
  ['502', ['server']],
  ['503', ['server']],
  ['html', ['notCoder']],
  ['redirect', ['redirect']],
  ['gateway-401', ['proxy']],
  ['gateway-403', ['proxy']],
  ['gateway-407', ['proxy']],
  ['429', ['rateLimited']],
  ['429-5s', ['rateLimited']],
  ['reset', ['unreachable']],
  ['down', ['refused']],
  ['half-open', ['timeout']],
  ['truncated', ['unreachable', 'unreadable']],
  ['slow', ['timeout']],
];

for (const age of ages) {
  describe(`weather between here and ${age}`, { concurrency: 3 }, () => {
    for (const [fault, kinds] of WEATHER) {
      test(`${fault}: rows stay, one line is logged, and all is well again by itself`, async () => {
        const { session, timing, deployment, proxy, log } = await through(age);
        const { workspaces: rows } = await readyState(session);
        await until('streams are open', () => {
          const { openStreams, wantedStreams } = session.activity;
          return openStreams >= 5 && openStreams === wantedStreams && deployment.openSockets().total === openStreams;
        });
        const streams = deployment.openSockets().total;
        await timing.advance(6_000);
        await proxy.begin(fault);
        proxy.endStreams();
        await session.refresh();
        await passUntil(timing, 'it is away', () => outageOf({ session }) !== undefined);
        assert.ok(kinds.includes(outageOf({ session })?.error.kind ?? ''), outageOf({ session })?.error.kind);
        for (let round = 0; round < 4; round += 1) {
          await timing.advance(10_000);
          await pause(100);
        }
        assert.equal((await readyState(session)).workspaces.size, rows.size);
        assert.equal(log.length, 1, log.join('\n'));
        assert.ok(!log.join().includes(deployment.token) && !log.join().includes('secret'), log.join());
        await proxy.begin(undefined);
        // The server's pause passes in real time, and lasts half a minute where it says nothing.
        if (fault === '429') return;
        if (fault === '429-5s') await pause(5_000);
        await passUntil(timing, 'it is back', () => outageOf({ session }) === undefined, 40);
        await passUntil(
          timing,
          `its streams are back: ${log.join(' | ')}`,
          () => deployment.openSockets().total === streams,
          40,
        );
        assert.equal(log.length, 1, log.join('\n'));
      });
    }

    for (const hours of [-2, 2]) {
      test(`a clock that is off by ${hours} h is known as the server’s, and nothing else changes`, async () => {
        const { session, proxy } = await through(age);
        await readyState(session);
        proxy.skewMs = hours * 3_600_000;
        await session.refresh();
        assert.ok(
          Math.abs(session.client.clock.offsetMs - proxy.skewMs) < 3_000,
          String(session.client.clock.offsetMs),
        );
        assert.equal(outageOf({ session }), undefined);
      });
    }

    test('another network during an outage is tried at once, and so is it when somebody comes back to the window', async () => {
      let addresses = '192.0.2.1';
      const { session, timing, proxy } = await through(age, undefined, { addresses: () => addresses });
      await readyState(session);
      await proxy.begin('down');
      await session.refresh();
      for (let round = 0; round < 6; round += 1) {
        const before = outageOf({ session })?.retryAt ?? 0;
        await timing.advance(before - timing.now());
        await until('it was tried again', () => (outageOf({ session })?.retryAt ?? 0) > before);
      }
      await proxy.begin(undefined);
      assert.ok((outageOf({ session })?.retryAt ?? 0) - timing.now() > 15_000);
      addresses = '198.51.100.7';
      await passUntil(timing, 'it is back', () => outageOf({ session }) === undefined, 6);
      await proxy.begin('down');
      await session.refresh();
      session.setFocused(false);
      await proxy.begin(undefined);
      session.setFocused(true);
      await until('it is back', () => outageOf({ session }) === undefined);
    });

    test('a window that is focused tries a deployment at once that was away from the beginning', async () => {
      const { session, proxy } = await through(age, 'down');
      await until('it is unreachable', () => session.state.value.kind === 'unreachable');
      session.setFocused(false);
      await proxy.begin(undefined);
      session.setFocused(true);
      await readyState(session);
    });
  });
}
