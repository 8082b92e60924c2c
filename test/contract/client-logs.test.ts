import assert from 'node:assert/strict';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import { CoderClient } from '../../src/api/client.ts';
import { ApiError } from '../../src/api/errors.ts';
import { followBuildLog, type BuildLogEvent } from '../../src/api/logs.ts';
import { hasEnded } from '../../src/api/buildEnd.ts';
import type { BuildId } from '../../src/api/units.ts';
import type { HandshakeAnswer } from '../deployment/misbehaviour.ts';
import { ages, clientOf, collect, createWorkspace, deploymentFor, quickPace, soon, within } from './client-fixture.ts';
import { exchange } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const idsOf = (events: readonly BuildLogEvent[]): number[] =>
  events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));

const countOf = (events: readonly BuildLogEvent[], kind: BuildLogEvent['kind']): number =>
  events.filter((event) => event.kind === kind).length;

const ANSWERS: readonly HandshakeAnswer[] = [400, 403, 426, 502, 200, 'drop', 'never'];

for (const age of ages) {
  describe(`the log of a build of a deployment of age ${age} without WebSockets`, async () => {
    const deployment = await deploymentFor({ age, speed: 10 });
    const client = clientOf(deployment);

    for (const answer of ANSWERS) {
      test(`is polled to its real end where the handshake is answered with ${answer}, and says so once`, async () => {
        await deployment.misbehave('no-websockets', { answer });
        const { latest_build: build } = await createWorkspace(client, 'slow', `polled-${answer}`);
        const asked = deployment.requests.length;
        const events = await collect(
          followBuildLog(client.calls, build.id, {
            signal: soon(),
            build,
            pace: { ...quickPace, openMs: 200 as never },
          }),
          () => false,
        );
        await deployment.heal();
        const all = await builds.logs(client.calls, build.id, {}, soon());
        assert.deepEqual(
          idsOf(events),
          all.map(({ id }) => id),
        );
        assert.deepEqual([countOf(events, 'polling'), countOf(events, 'lost')], [1, 0]);
        const ended = events.at(-1);
        assert.ok(ended?.kind === 'ended' && ended.build.job.status === 'succeeded');
        const paths = deployment.requests.slice(asked).filter(({ path }) => path.includes('/logs'));
        assert.equal(paths.filter(({ upgrade }) => upgrade).length, 1, 'sockets are tried again and again');
        assert.ok(
          paths.some(({ path, upgrade }) => !upgrade && /[?&]after=\d+/.test(path)),
          'all of it is read each time',
        );
      });
    }

    test('of a build that is over is read by one request, without a socket and without a word on how', async () => {
      const { latest_build: made } = await createWorkspace(client, 'slow', 'over');
      await collect(followBuildLog(client.calls, made.id, { signal: soon(), pace: quickPace }), () => false);
      const build = await builds.get(client.calls, made.id, soon());
      const asked = deployment.requests.length;
      const events = await collect(followBuildLog(client.calls, build.id, { signal: soon(), build }), () => false);
      const all = await builds.logs(client.calls, build.id, {}, soon());
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['entries', 'ended'],
      );
      assert.deepEqual(
        idsOf(events),
        all.map(({ id }) => id),
      );
      assert.deepEqual(
        deployment.requests.slice(asked, -1).map(({ path, upgrade }) => [path, upgrade]),
        [[`/api/v2/workspacebuilds/${build.id}/logs`, false]],
      );
    });

    test('goes on after the deployment was away, and brings nothing twice', async () => {
      await deployment.misbehave('no-websockets', { answer: 426 });
      const { latest_build: build } = await createWorkspace(client, 'slow', 'polled-away');
      let wasDown = false;
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
        (event) => {
          if (event.kind === 'entries' && !wasDown) {
            wasDown = true;
            void deployment.stop().then(() => setTimeout(() => void deployment.start(), 1500));
          }
          return false;
        },
      );
      await deployment.heal();
      assert.equal(new Set(idsOf(events)).size, idsOf(events).length);
      assert.equal(countOf(events, 'polling'), 1);
      assert.equal(countOf(events, 'lost'), countOf(events, 'resumed'));
      assert.equal(events.at(-1)?.kind, 'ended');
    });

    for (const answer of [403, 502, 'drop', 'never'] as const) {
      test(`is polled on where sockets get through no more since its middle: the handshake is answered with ${answer}`, async () => {
        const { latest_build: build } = await createWorkspace(client, 'slow', `middle-${answer}`);
        let isCut = false;
        const events = await collect(
          followBuildLog(client.calls, build.id, {
            signal: soon(),
            build,
            pace: { ...quickPace, openMs: 200 as never },
          }),
          (event) => {
            if (event.kind === 'entries' && !isCut) {
              isCut = true;
              void deployment.misbehave('no-websockets', { answer });
              deployment.cutStreams();
            }
            return false;
          },
        );
        await deployment.heal();
        const all = await builds.logs(client.calls, build.id, {}, soon());
        assert.deepEqual(
          idsOf(events).sort((one, other) => one - other),
          all.map(({ id }) => id),
        );
        // A build may end before the log is polled: then it is read once more, and nothing is said of how.
        assert.ok(countOf(events, 'polling') <= 1, 'it is said again and again');
        assert.equal(events.at(-1)?.kind, 'ended');
      });
    }

    test('is polled on after answers that are none of Coder’s, and after a pause that it asks for', async () => {
      await deployment.misbehave('no-websockets', { answer: 426 });
      for (const name of ['500', '429', 'html', 'redirect', 'gateway-403', 'truncated'] as const) {
        const { latest_build: build } = await createWorkspace(client, 'slow', `polled-over-${name}`);
        let hasBegun = false;
        const events = await collect(
          followBuildLog(client.calls, build.id, { signal: soon(), build, pace: quickPace }),
          (event) => {
            if (event.kind === 'entries' && !hasBegun) {
              hasBegun = true;
              void deployment.misbehave(name, { path: /logs/, method: 'GET', times: 2, retryAfterSeconds: 1 });
            }
            return false;
          },
        );
        await deployment.heal(name);
        const all = await builds.logs(client.calls, build.id, {}, soon());
        assert.deepEqual(
          idsOf(events),
          all.map(({ id }) => id),
          name,
        );
        assert.equal(countOf(events, 'lost') > 0, countOf(events, 'resumed') > 0, `${name}: lost and not resumed`);
        assert.equal(events.at(-1)?.kind, 'ended', name);
      }
      await deployment.heal();
    });

    test('ends with a refusal of Coder’s own', async () => {
      for (const name of ['401', '403', '404'] as const) {
        await deployment.misbehave(name, { path: /follow/ });
        const { latest_build: build } = await createWorkspace(client, 'slow', `refused-${name}`);
        const following = collect(
          followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
          () => false,
        );
        await assert.rejects(following, (error) => error instanceof ApiError && error.status === Number(name));
        await deployment.heal();
      }
    });

    test('is polled where something on the way refuses the handshake in JSON as Coder words it', async () => {
      await deployment.misbehave('gateway-json-401', { path: /follow/ });
      const { latest_build: build } = await createWorkspace(client, 'slow', 'gateway-json');
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), build, pace: quickPace }),
        () => false,
      );
      await deployment.heal();
      assert.deepEqual([countOf(events, 'polling'), countOf(events, 'lost')], [1, 0]);
      assert.equal(events.at(-1)?.kind, 'ended');
      const all = await builds.logs(client.calls, build.id, {}, soon());
      assert.deepEqual(
        idsOf(events),
        all.map(({ id }) => id),
      );
    });

    test('keeps the pauses that are asked for, and is polled where only sockets meet a limit that never ends', async () => {
      await deployment.misbehave('429', { path: /follow/, retryAfterSeconds: 1 });
      const { latest_build: build } = await createWorkspace(client, 'slow', 'limited');
      const began = performance.now();
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), build, pace: quickPace }),
        () => false,
      );
      await deployment.heal();
      assert.ok(performance.now() - began > 2_000, 'the pauses were not kept');
      assert.equal(events.at(-1)?.kind, 'ended');
      const all = await builds.logs(client.calls, build.id, {}, soon());
      assert.deepEqual(
        idsOf(events),
        all.map(({ id }) => id),
      );
    });

    test('of a build that was cancelled in the queue ends, by socket and without one', async () => {
      deployment.hold('queue');
      for (const answer of [undefined, 403] as const) {
        if (answer !== undefined) await deployment.misbehave('no-websockets', { answer });
        const { latest_build: build } = await createWorkspace(client, 'slow', `queued-${answer ?? 'socket'}`);
        const following = collect(
          followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
          () => false,
        );
        await builds.cancel(client.calls, build.id, {}, soon());
        const ended = (await following).at(-1);
        assert.ok(ended?.kind === 'ended' && ended.build.job.status === 'canceled');
        await deployment.heal();
      }
      deployment.release();
    });
  });
}

describe('a build of which V0 hears nothing for a while', async () => {
  const deployment = await deploymentFor({ age: 'v0', speed: 10 });
  const client = clientOf(deployment);

  for (const answer of [undefined, 426] as const) {
    const how = answer === undefined ? 'by socket' : 'by polling';
    test(`is followed on ${how}, says once since when, and ends as it really did`, async () => {
      if (answer !== undefined) await deployment.misbehave('no-websockets', { answer });
      const { latest_build: build } = await createWorkspace(client, 'slow', `silent-${answer ?? 'socket'}`);
      const at = client.clock.now();
      let isSilenced = false;
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
        (event) => {
          if (event.kind === 'entries' && !isSilenced) {
            isSilenced = true;
            void deployment.misbehave('heartbeat-lapse');
          }
          if (event.kind === 'silent') setTimeout(() => void deployment.heal('heartbeat-lapse'), 300);
          return false;
        },
      );
      await deployment.heal();
      const silent = events.find((event) => event.kind === 'silent');
      assert.ok(silent?.kind === 'silent' && Math.abs(silent.since + 30_000 - at) < 10_000);
      assert.deepEqual([countOf(events, 'silent'), countOf(events, 'lost')], [1, 0]);
      const ended = events.at(-1);
      assert.ok(ended?.kind === 'ended' && hasEnded(ended.build) && ended.build.job.status === 'succeeded');
      const all = await builds.logs(client.calls, build.id, {}, soon());
      assert.deepEqual(
        idsOf(events),
        all.map(({ id }) => id),
      );
    });
  }

  test('is followed quietly where the server closes each socket of it', async () => {
    const replay = await startReplay();
    const { completed_at: _, ...job } = (exchange('v0', 'build').response.body as { job: Record<string, unknown> }).job;
    const silent = { ...(exchange('v0', 'build').response.body as object), job: { ...job, status: 'failed' } };
    replay.answer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify((request.url ?? '').includes('/logs') ? [] : silent));
    });
    replay.speak([{ t: 0, event: 'close', code: 1000, reason: '' }]);
    const client = new CoderClient({ url: replay.url, token: 'key-secret' });
    const events: BuildLogEvent[] = [];
    const signal = within(1_000);
    await assert.rejects(async () => {
      for await (const event of followBuildLog(client.calls, 'b' as BuildId, { signal, pace: quickPace }))
        events.push(event);
    });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['silent'],
    );
  });
});

describe('a log that comes and is of no use', () => {
  /** What becomes of the log, and how often it was asked for, where each answer to it is `answer`. */
  const endOf = async (answer: http.RequestListener) => {
    const replay = await startReplay();
    const isOfLog = (url = ''): boolean => url.includes('/logs');
    replay.answer((request, response) => {
      response.sendDate = false;
      if (isOfLog(request.url)) answer(request, response);
      else replying(exchange('v0', 'build'))(request, response);
    });
    replay.speak([{ t: 0, event: 'refused', status: 502 }]);
    const { calls } = new CoderClient({ url: replay.url, token: 'key-secret' });
    const events: BuildLogEvent[] = [];
    const end = await (async () => {
      for await (const event of followBuildLog(calls, 'b' as BuildId, { signal: within(60_000), pace: quickPace }))
        events.push(event);
    })().then(
      () => 'an end',
      (error: unknown) => (error instanceof ApiError ? error.kind : String(error)),
    );
    return { end, events, asked: replay.asked.filter(isOfLog).length };
  };

  const LOG = '[{"id":1,"stage":"x","output":"one"}]';
  const broken: http.RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(LOG);
  };

  test('ends after a few tries, and one that is useless for a while goes on', async () => {
    const forEver = await endOf(broken);
    assert.equal(forEver.end, 'unreadable');
    assert.ok(forEver.asked >= 5 && forEver.asked < 15, `${forEver.asked} requests`);

    let answers = 0;
    const forAWhile = await endOf((request, response) => {
      answers += 1;
      if (answers < 4) broken(request, response);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(LOG);
    });
    assert.equal(forAWhile.end, 'an end');
    const lines = forAWhile.events.flatMap((event) => (event.kind === 'entries' ? event.entries : []));
    assert.deepEqual(
      lines.map(({ output }) => output),
      ['one'],
    );
    const moments = forAWhile.events.flatMap((event) => ('at' in event ? [event.at] : []));
    const serverNow = Date.parse(exchange('v0', 'build').response.headers.date ?? '');
    assert.ok(moments.length >= 2, 'it was lost and resumed');
    for (const at of moments)
      assert.ok(Math.abs(at - serverNow) < 3_600_000, 'by the clock of the server, as lines are');
  });
});

test('a log that is polled may begin empty, and its ids may jump and come again: each entry is told once', async () => {
  const replay = await startReplay();
  const answers: readonly unknown[] = [
    null,
    [],
    [{ id: 5, stage: 'x', output: 'five' }],
    [
      { id: 5, stage: 'x', output: 'five' },
      { id: 9, stage: 'x', output: 'nine' },
      { id: 9, stage: 'x', output: 'nine' },
    ],
    [{ id: 4_000_000_000, stage: 'x', output: 'far' }],
  ];
  const recorded = exchange('v0', 'build').response.body as { job: Record<string, unknown> };
  const { completed_at: _, ...running } = recorded.job;
  let reads = 0;
  replay.answer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const build = reads < answers.length ? { ...recorded, job: { ...running, status: 'running' } } : recorded;
    const isOfLog = (request.url ?? '').includes('/logs');
    if (isOfLog) reads += 1;
    response.end(JSON.stringify(isOfLog ? answers[Math.min(reads, answers.length) - 1] : build));
  });
  replay.speak([{ t: 0, event: 'refused', status: 426 }]);
  const { calls } = new CoderClient({ url: replay.url, token: 'key-secret' });
  const following = followBuildLog(calls, 'b' as BuildId, { signal: soon(), pace: quickPace });
  const events = await collect(following, () => false);
  assert.deepEqual(idsOf(events), [5, 9, 4_000_000_000]);
  assert.deepEqual([countOf(events, 'polling'), countOf(events, 'ended')], [1, 1]);
  const asked = replay.asked.filter((line) => line.includes('/logs'));
  assert.ok(asked.at(-1)?.endsWith('after=4000000000'), `read on behind the last: ${asked.join(' ')}`);
});

describe('a log that is longer than a body may be', () => {
  const said = JSON.stringify({ log_source: 'provisioner', stage: 'x', output: '},{"'.repeat(250), created_at: 't' });
  /** `count` lines behind the one of that number, without the list's brackets. */
  const linesAfter = (id: number, count: number): string =>
    Array.from({ length: count }, (_, n) => `{"id":${id + 1 + n},${said.slice(1)}`).join(',');

  /** Answers with `lines` lines after the cursor, or without an end; sockets are refused. */
  const longLog = async (lines: number) => {
    const afters: string[] = [];
    const server = http.createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      response.setHeader('content-type', 'application/json');
      if (!url.pathname.endsWith('/logs')) {
        replying(exchange('v0', 'build'))(request, response);
        return;
      }
      const after = Number(url.searchParams.get('after') ?? 0);
      afters.push(url.searchParams.get('after') ?? '');
      let id = after;
      response.write('[');
      const more = (): void => {
        while (!response.destroyed && id < lines) {
          const [before, count] = [id, Math.min(100, lines - id)];
          id += count;
          if (!response.write((before === after ? '' : ',') + linesAfter(before, count))) return;
        }
        if (id >= lines) response.end(']');
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { client: new CoderClient({ url, token: 'key-secret' }), afters };
  };

  test('is cut there, its whole entries are used, and it is read on behind the last one, to its end', async () => {
    const lines = 55_000;
    const { client, afters } = await longLog(lines);
    const build = await builds.get(client.calls, 'b' as BuildId, soon());
    let last = 0;
    for await (const event of followBuildLog(client.calls, build.id, { signal: within(60_000), build })) {
      if (event.kind !== 'entries') continue;
      for (const { id } of event.entries) {
        assert.equal(id, last + 1);
        last = id;
      }
    }
    assert.equal(last, lines);
    assert.equal(afters[0], '');
    assert.ok(afters.length >= 2 && Number(afters[1]) > 10_000, String(afters));
  });

  test('ends also where a single entry is longer than that', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      if (!(request.url ?? '').includes('/logs')) {
        replying(exchange('v0', 'build'))(request, response);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).write('[{"id":1,"output":"');
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const client = new CoderClient({ url: replay.url, token: 'key-secret' });
    await assert.rejects(
      builds.logs(client.calls, 'b' as BuildId, {}, soon()),
      (error) => error instanceof ApiError && error.kind === 'tooLarge',
    );
  });
});
