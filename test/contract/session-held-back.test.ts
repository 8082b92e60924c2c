import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Timeouts } from '../../src/api/timeouts.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import type { Fault } from '../faultProxy.ts';
import { ages, clientOf, soon } from './client-fixture.ts';
import { outageOf, through, untilItHasItsStreams } from './proxied-session.ts';
import {
  ALL_STREAMS,
  activityOf,
  asked,
  idOf,
  passUntil,
  readyState,
  statusOf,
  until,
  WATCH,
} from './session-fixture.ts';

const short = 1_000 as Milliseconds;
/** A proxy's name and habit, and the waits by which a test sees it soon. */
const PROXIES: readonly (readonly [Fault, string, Partial<Timeouts>])[] = [
  ['held-back', 'waits for the end of event streams', { firstBytesMs: short }],
  ['buffered', 'hands event streams on when its buffer is full', { firstBytesMs: short, nextBytesMs: short }],
  ['bulk', 'hands event streams on late and in bulk', { nextBytesMs: short, idleMs: 5_000 as Milliseconds }],
];

for (const age of ages) {
  for (const [fault, habit, timeouts] of PROXIES) {
    describe(`a proxy that ${habit}, on ${age}`, () => {
      test('is noticed; sockets are used where there are any, else it is read regularly', async () => {
        const proxied = await through(age, { fault, timeouts, ...ALL_STREAMS });
        const { session, timing, deployment, log } = proxied;
        await readyState(session);
        if (age === 'v2')
          await until('sockets are open', () => (deployment.openSockets().byKind['watch-ws'] ?? 0) >= 5);
        else await until('that is known', () => log.some((line) => line.includes('buffering')));
        await deployment.whenQuiet();
        await until('no event stream is left', () => (deployment.openSockets().byKind.watch ?? 0) === 0);
        if (age === 'v2') await untilItHasItsStreams(proxied);
        else assert.match(activityOf(proxied), /Live streams are blocked\. Next attempt in \d+ min/);
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
        assert.equal(outageOf(proxied), undefined);
      });
    });
  }
}

test('where neither form of the stream gets through they are tried again every five minutes, and one line is logged', async () => {
  const timeouts = { firstBytesMs: short };
  const { session, timing, deployment, log, proxy } = await through('v0', { fault: 'held-back', timeouts });
  await readyState(session);
  await until('that is known', () => log.some((line) => line.includes('buffering')));
  await deployment.whenQuiet();
  const tries = asked(deployment, WATCH);
  await timing.advance(4 * 60_000);
  await deployment.whenQuiet();
  assert.equal(asked(deployment, WATCH), tries);
  await passUntil(timing, 'they are tried again', () => asked(deployment, WATCH) > tries, 2 * 60);
  await until('in vain', () => session.activity.wantedStreams === 0);
  assert.equal(log.filter((line) => line.includes('buffering')).length, 1, log.join('\n'));
  await proxy.begin(undefined);
  await passUntil(timing, 'streams are open', () => deployment.openSockets().total >= 5, 6 * 60);
});

for (const answer of ['drop', 'never', 403, 502] as const) {
  test(`a proxy that holds event streams back and answers handshakes with ${answer} is read past, and one line is logged`, async () => {
    const proxied = await through('v2', { timeouts: { firstBytesMs: short } });
    const { session, timing, deployment, log, proxy } = proxied;
    await untilItHasItsStreams(proxied);
    await deployment.misbehave('no-websockets', { answer });
    await proxy.begin('held-back');
    proxy.endStreams();
    await passUntil(timing, 'that is known', () => log.some((line) => line.includes('buffering')));
    await deployment.whenQuiet();
    const tries = asked(deployment, WATCH);
    await timing.advance(60_000);
    await deployment.whenQuiet();
    assert.equal(asked(deployment, WATCH), tries, 'neither form is tried meanwhile');
    assert.equal(session.activity.wantedStreams, 0);
    assert.equal(log.length, 1, log.join('\n'));
    assert.equal(outageOf(proxied), undefined);
  });
}
