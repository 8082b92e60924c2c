import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import { followBuildLog, type BuildLogEvent } from '../../src/api/logs.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import { clientOf, collect, createWorkspace, deploymentFor, quickPace, soon } from './client-fixture.ts';
import { hasItsStreams, outageOf, through } from './proxied-session.ts';
import { passUntil, until } from './session-fixture.ts';

const deploymentOptions = { release: '2.36' } as const;
const long = 600_000 as Milliseconds;
/** Nothing is noticed by a time-out. */
const patient = { headersMs: long, listHeadersMs: long, probeHeadersMs: long, idleMs: long };

describe('the streams of 2.36', () => {
  for (const form of ['watch', 'watch-ws'] as const) {
    /** A session whose streams are all open, and are all of `form`. */
    const watching = async (timeouts: Parameters<typeof through>[1] = {}) => {
      const proxied = await through('v2', { deploymentOptions, fault: 'down', timeouts: patient, ...timeouts });
      const { deployment, proxy, session, timing, log } = proxied;
      if (form === 'watch-ws') await deployment.misbehave('watch-404');
      await proxy.begin(undefined);
      await passUntil(timing, 'it has its rows', () => session.state.value.kind === 'ready', 120);
      await passUntil(timing, 'its streams are open', () => hasItsStreams(proxied), 120);
      assert.equal(deployment.openSockets().byKind[form], session.activity.openStreams);
      log.length = 0;
      return proxied;
    };

    test(`that end without a word, at a shutdown, or after a minute at an idle proxy (${form}) are back a second or two later, however often`, async () => {
      const proxied = await watching();
      const { deployment, session, timing, log, states } = proxied;
      const { length } = states;
      const codes = form === 'watch' ? [undefined, 1000] : [undefined, 1000, 1001, 1011, 1012, 1013, 4000];
      for (const code of [...codes, ...codes]) {
        await timing.advance(60_000);
        await passUntil(timing, 'all are open', () => hasItsStreams(proxied));
        deployment.cutStreams(code === undefined ? { kind: form } : { kind: form, code, reason: 'going away' });
        await until('that is noticed', () => session.activity.openStreams === 0);
        await deployment.whenQuiet();
        await timing.advance(2_000);
        await until(`all are back after ${code}`, () => hasItsStreams(proxied));
      }
      assert.deepEqual(log, []);
      assert.ok(
        states.slice(length).every((state) => state.kind === 'ready' && state.stale === undefined),
        'it was never thought to be away',
      );
    });

    test(`that are half open (${form}) are given up after three pings and opened anew, and nobody hears of it`, async () => {
      const proxied = await watching({ timeouts: { ...patient, idleMs: 2_000 as Milliseconds } });
      const { proxy, session, timing, log } = proxied;
      await proxy.begin('silent-streams');
      await until('that is noticed', () => session.activity.openStreams === 0);
      await proxy.begin(undefined);
      await passUntil(timing, 'they are back', () => hasItsStreams(proxied), 40);
      assert.deepEqual(log, []);
      assert.equal(outageOf(proxied), undefined);
    });
  }
});

describe('the log of a build on 2.36', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true, speed: 10, ...deploymentOptions });
  const client = clientOf(deployment);
  const idsOf = (events: readonly BuildLogEvent[]): number[] =>
    events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
  const kinds = (events: readonly BuildLogEvent[]) => new Set(events.map(({ kind }) => kind));

  test('ends with the build when the server closes it as done, and is not called lost', async () => {
    const { latest_build: build } = await createWorkspace(client, 'slow', 'done');
    const options = { signal: soon(), pace: quickPace };
    const events = await collect(followBuildLog(client.calls, build.id, options), () => false);
    assert.deepEqual(kinds(events), new Set(['entries', 'ended']));
  });

  for (const code of [1000, 1001, 1011, 1012, undefined] as const)
    test(`goes on after the server closed it with ${code ?? 'nothing'} in the middle, and has each entry once`, async () => {
      const { latest_build: build } = await createWorkspace(client, 'hang', `closed-${code ?? 'cut'}`);
      let isCut = false;
      const options = { signal: soon(), pace: quickPace };
      const events = await collect(followBuildLog(client.calls, build.id, options), (event) => {
        if (event.kind === 'entries' && !isCut) {
          isCut = true;
          deployment.cutStreams(code === undefined ? { kind: 'build-logs' } : { kind: 'build-logs', code });
        }
        if (event.kind === 'resumed') void builds.cancel(client.calls, build.id, {}, soon());
        return false;
      });
      assert.deepEqual(kinds(events), new Set(['entries', 'lost', 'resumed', 'ended']));
      assert.equal(new Set(idsOf(events)).size, idsOf(events).length);
    });

  test('is read regularly where each socket of it is closed while nothing is said, and comes to its end', async () => {
    const { latest_build: build } = await createWorkspace(client, 'hang', 'idle');
    const events: BuildLogEvent[] = [];
    const stop = new AbortController();
    const following = collect(
      followBuildLog(client.calls, build.id, { signal: stop.signal, pace: quickPace }),
      (event) => {
        events.push(event);
        return false;
      },
    ).catch(() => undefined);
    await until('it has begun', () => idsOf(events).length > 0);
    for (let rounds = 0; rounds < 1_000 && !kinds(events).has('polling'); rounds += 1) {
      deployment.cutStreams({ kind: 'build-logs', code: 1001 });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.ok(kinds(events).has('polling'), 'it is polled');
    stop.abort();
    await following;
    assert.equal(new Set(idsOf(events)).size, idsOf(events).length);
  });
});
