import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { followBuildLog, type BuildLogEvent } from '../../src/api/logs.ts';
import * as templates from '../../src/api/templates.ts';
import type { Milliseconds, TemplateId } from '../../src/api/units.ts';
import { ages, clientOf, createWorkspace, quickPace, soon } from './client-fixture.ts';
import { through, untilItHasItsStreams } from './proxied-session.ts';
import { until } from './session-fixture.ts';

const HOUR = 3_600_000;
const long = 600_000 as Milliseconds;
/** Nothing is noticed by a time-out. */
const timeouts = { headersMs: long, listHeadersMs: long, probeHeadersMs: long, idleMs: long };
const waysToSleep = ['sleepMachine', 'stall'] as const;

for (const age of ages) {
  describe(`after a sleep of the machine, on ${age}`, () => {
    test('a build log that is followed goes on at once over a new connection, with nothing twice', async () => {
      const proxied = await through(age, { timeouts });
      const { session, timing, proxy, deployment } = proxied;
      await untilItHasItsStreams(proxied);
      const { latest_build: build } = await createWorkspace(clientOf(deployment), 'hang', 'followed');
      const events: BuildLogEvent[] = [];
      const of = (kind: BuildLogEvent['kind']): number => events.filter((event) => event.kind === kind).length;
      const stop = new AbortController();
      const following = (async () => {
        for await (const event of followBuildLog(session.calls, build.id, { signal: stop.signal, pace: quickPace }))
          events.push(event);
      })().catch(() => undefined);
      await until('the log is there', () => of('entries') > 0);
      for (const [times, sleep] of waysToSleep.entries()) {
        await proxy.begin('silent-streams');
        timing[sleep](9 * HOUR);
        // Nothing but the beat passes.
        await timing.advance(10_000);
        await until('it is connected anew', () => of('resumed') > times);
      }
      const ids = events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
      assert.equal(new Set(ids).size, ids.length);
      await until('the streams of before are closed', () => deployment.openSockets().byKind['build-logs'] === 1);
      stop.abort();
      await following;
    });

    test('reads that were under way are sent again at once, and hold up no others', async () => {
      const proxied = await through(age, { timeouts });
      const { session, timing, proxy } = proxied;
      await untilItHasItsStreams(proxied);
      for (const sleep of waysToSleep) {
        let held = 0;
        // Never answered, as on a connection that is half open.
        proxy.answering = ({ url = '' }) => {
          if (!url.includes('/templates/')) return false;
          held += 1;
          return true;
        };
        const answers: unknown[] = [];
        const reads = Array.from({ length: 7 }, (_, n) =>
          templates
            .get(session.calls, `unknown-${n}` as TemplateId, soon())
            .catch((error: unknown) => answers.push(error)),
        );
        await until('as many are under way as may be', () => held === 5);
        proxy.answering = undefined;
        timing[sleep](9 * HOUR);
        await timing.advance(10_000);
        await until('all are answered', () => answers.length === reads.length);
        for (const error of answers) assert.match(String(error), /ApiError/);
        assert.ok(
          answers.every((error) => !String(error).includes('connection')),
          answers.join('\n'),
        );
      }
    });
  });
}
