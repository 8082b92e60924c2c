import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { after, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { watchAgentMetadata } from '../../src/api/agentStreams.ts';
import type { ClientOptions } from '../../src/api/client.ts';
import { CoderClient } from '../../src/api/client.ts';
import { DynamicParameters } from '../../src/api/dynamicParameters.ts';
import { ApiError } from '../../src/api/errors.ts';
import * as general from '../../src/api/general.ts';
import * as operations from '../../src/api/operations.ts';
import { anything } from '../../src/api/schemas/lenient.ts';
import * as builds from '../../src/api/builds.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import * as tokens from '../../src/api/tokens.ts';
import type { AgentId, BuildId, Milliseconds, WorkspaceId } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import { collect, quickPace, soon, within } from './client-fixture.ts';
import { exchange } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const certificate = (name: string): string => readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');

const quick = {
  headersMs: 300 as Milliseconds,
  writeHeadersMs: 600 as Milliseconds,
  listHeadersMs: 600 as Milliseconds,
  portsHeadersMs: 450 as Milliseconds,
  idleMs: 300 as Milliseconds,
};

const client = (url: string, more: Partial<ClientOptions> = {}): CoderClient =>
  new CoderClient({ url, token: 'key-secret', timeouts: quick, ...more });

const listening = async (server: net.Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
};

const failure = async (work: Promise<unknown>): Promise<ApiError> => {
  const error = await work.then(
    () => assert.fail('it went well'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiError, String(error));
  assert.doesNotMatch(error.message, /https?:|\b[45]\d\d\b|undefined|null|NaN|\[object/);
  return error;
};

describe('on the way to a deployment', () => {
  test('a host that does not exist is named, with what to check', async () => {
    // A label of more than 63 characters cannot exist, so no network is asked.
    const host = `${'a'.repeat(64)}.test`;
    const error = await failure(users.me(client(`http://${host}`).calls, soon()));
    assert.equal(error.kind, 'noHost');
    assert.match(error.message, /^Couldn't find a{64}\.test\./);
  });

  test('a port where nothing listens says so, after a few tries of a read', async () => {
    const server = net.createServer();
    const url = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(users.me(client(url).calls, soon()));
    assert.equal(error.kind, 'refused');
    assert.match(error.message, /127\.0\.0\.1:\d+ refused the connection/);
  });

  test('a deployment that comes back within a second is not even noticed by a read', async () => {
    const replay = await startReplay();
    let asked = 0;
    replay.answer((request, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(503).end();
      else replying(exchange('v2', 'me'))(request, response);
    });
    assert.equal((await users.me(client(replay.url).calls, soon())).username, 'owner');
    assert.equal(asked, 3);
  });

  test('a connection that is reset is lost, and a write that may have been done says so', async () => {
    const url = await listening(net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    assert.equal((await failure(users.me(client(url).calls, soon()))).kind, 'unreachable');
    const error = await failure(tokens.logOut(client(url).calls, soon()));
    assert.equal(error.kind, 'unreachable');
    assert.equal(error.maybeDone, true);
  });

  test('a server that accepts and says nothing is given up on', async () => {
    const server = net.createServer(() => undefined);
    const url = await listening(server);
    for (const ask of [
      (silent: CoderClient) => users.me(silent.calls, soon()),
      (silent: CoderClient) => workspaces.list(silent.calls, {}, soon()),
      (silent: CoderClient) => tokens.logOut(silent.calls, soon()),
    ]) {
      assert.equal((await failure(ask(client(url)))).kind, 'timeout');
    }
  });

  test('an answer that falls silent in its middle is given up on', async () => {
    const url = await listening(
      http.createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"id":');
      }),
    );
    assert.equal((await failure(users.me(client(url).calls, soon()))).kind, 'timeout');
  });

  test('an answer that breaks off is lost, not half read', async () => {
    const replay = await startReplay();
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"id":');
      setTimeout(() => response.destroy(), 20);
    });
    assert.equal((await failure(users.me(client(replay.url).calls, soon()))).kind, 'unreachable');
  });

  test('an abort ends a request at once, with the reason of whoever stopped', async () => {
    let closed: Promise<void> | undefined;
    const url = await listening(
      net.createServer((socket) => {
        closed = new Promise((resolve) => socket.once('close', () => resolve()));
        socket.on('error', () => undefined);
        socket.resume();
      }),
    );
    const stop = new AbortController();
    const asked = users.me(client(url).calls, stop.signal);
    setTimeout(() => stop.abort(new Error('signed out')), 50);
    await assert.rejects(asked, /^Error: signed out$/);
    await closed;
  });
});

describe('what answers is not Coder', () => {
  test('a web page is not parsed; whether it is of Coder or of somebody else is told', async () => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v2', 'not-api-path')));
    const wrongPath = await failure(general.buildInfo(client(replay.url).calls, soon()));
    assert.equal(wrongPath.kind, 'notCoder');
    assert.match(wrongPath.message, /is a Coder deployment, but the path of the address is wrong/);
    replay.answer((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    const signOn = await failure(general.buildInfo(client(replay.url).calls, soon()));
    assert.match(signOn.message, / answered, but it isn't a Coder deployment/);
    // Not even a write that answers with nothing is taken for done.
    assert.equal((await failure(tokens.logOut(client(replay.url).calls, soon()))).kind, 'notCoder');
  });

  test('a redirect that leads nowhere, and “not modified” for what was never there, are somebody else’s answers', async () => {
    const replay = await startReplay();
    for (const status of [302, 304]) {
      replay.answer((_request, response) => response.writeHead(status).end());
      const error = await failure(users.me(client(replay.url).calls, soon()));
      assert.equal(error.kind, 'notCoder', String(status));
    }
  });

  test('an answer that trickles and never ends is given up on, a list as well as a log', async () => {
    const replay = await startReplay();
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('[');
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    });
    const { calls } = client(replay.url, { timeouts: { ...quick, wholeMs: 700 as Milliseconds } });
    const read = [
      workspaces.list(calls, { limit: 1, offset: 0 }, soon()),
      calls.readPart(operations.buildLogs, '/workspacebuilds/b/logs', anything, soon()),
    ];
    for (const each of read) assert.equal((await failure(each)).kind, 'timeout');
  });

  test('a redirect is shown, and the token does not go there', async () => {
    const other = await startReplay();
    const replay = await startReplay();
    replay.answer((_request, response) =>
      response
        .writeHead(302, { location: `${other.url.replace('//', '//ann:hunter2@')}/sign-on?state=hunter2#x` })
        .end(),
    );
    const redirected = await users.me(client(replay.url).calls, soon()).catch((thrown: unknown) => thrown);
    assert.ok(redirected instanceof ApiError);
    assert.equal(redirected.kind, 'redirect');
    // The user and what follows the path belong to whoever is sent there, and are no one else's business.
    assert.equal(redirected.location, `${other.url}/sign-on`);
    assert.doesNotMatch(inspect(redirected, { showHidden: true, depth: 9 }), /hunter2/);
    const socket = collect(
      followBuildLog(client(replay.url).calls, 'b' as BuildId, { signal: soon(), pace: quickPace }),
      () => true,
    );
    assert.equal((await socket)[0]?.kind, 'lost');
    assert.deepEqual(other.asked, []);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    test(`a redirect with ${status} is followed by no request, whatever is sent and wherever it leads`, async () => {
      const other = await startReplay();
      const replay = await startReplay();
      const cookies: (string | undefined)[] = [];
      const theirs = 'coder_session_token=theirs; Domain=localhost';
      const { calls } = client(replay.url);
      for (const to of [
        `${other.url}/api/v2/users/me`,
        'file:///etc/passwd',
        'https:\\\\ann:hunter2@elsewhere.test/x',
        '//x',
        '',
      ]) {
        replay.answer((request, response) => {
          cookies.push(request.headers.cookie);
          response.writeHead(status, { location: to, 'set-cookie': theirs }).end();
        });
        replay.speak([{ t: 0, event: 'refused', status, headers: { location: to, 'set-cookie': theirs } }]);
        const sent = [
          () => users.me(calls, soon()),
          () => workspaces.createBuild(calls, 'w' as WorkspaceId, { transition: 'stop' }, soon()),
          () => tokens.revoke(calls, 'me', 'key', soon()),
          () => collect(watchWorkspace(calls, 'w' as WorkspaceId, soon()), () => false),
          async () => {
            const form = await DynamicParameters.open(calls, 'v' as never, 'u' as never, soon());
            return collect(form.forms(), () => false);
          },
        ];
        for (const send of sent) {
          const refused = await send().catch((thrown: unknown) => thrown);
          assert.ok(refused instanceof ApiError, to);
          assert.doesNotMatch(
            `${refused.message} ${inspect(refused, { showHidden: true, depth: 9 })}`,
            /hunter2|theirs/,
          );
        }
      }
      assert.deepEqual(other.asked, []);
      assert.deepEqual([...new Set(cookies)], [undefined]);
    });
  }

  test('the time is that of the deployment, not that of a gateway that answers in its place', async () => {
    const replay = await startReplay();
    const { calls } = client(replay.url);
    const me = replying(exchange('v2', 'me'));
    const gateway: http.RequestListener = (_request, response) => {
      response.writeHead(503, { date: new Date(Date.now() - 7_200_000).toUTCString() }).end();
    };
    replay.answer(me);
    await users.me(calls, soon());
    const { offsetMs } = calls.clock;
    replay.answer(gateway);
    assert.equal((await failure(users.me(calls, soon()))).kind, 'server');
    assert.equal(calls.clock.offsetMs, offsetMs);
  });

  test('a deployment that no longer names its version, for something on the way takes it out, still ends a session', async () => {
    const replay = await startReplay();
    const { calls } = client(replay.url);
    const without =
      (status: number, body: string): http.RequestListener =>
      (_request, response) =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    replay.answer(replying(exchange('v2', 'me')));
    await users.me(calls, soon());
    replay.answer(without(401, '{"message":"You are signed out."}'));
    assert.equal((await failure(users.me(calls, soon()))).kind, 'proxy', 'somebody else said so');
    replay.answer(without(200, '{"id":"x","username":"owner"}'));
    await users.me(calls, soon());
    replay.answer(without(401, '{"message":"You are signed out."}'));
    assert.equal((await failure(users.me(calls, soon()))).kind, 'unauthorized');
  });

  test("a proxy's 401, 403 and 407 are not Coder's: the session is not over", async () => {
    const replay = await startReplay();
    for (const status of [401, 403, 407]) {
      replay.answer((_request, response) => response.writeHead(status).end());
      assert.equal((await failure(users.me(client(replay.url).calls, soon()))).kind, 'proxy');
    }
    replay.answer(replying(exchange('v0', 'me-unknown-token')));
    assert.equal((await failure(users.me(client(replay.url).calls, soon()))).kind, 'unauthorized');
  });

  test('JSON of another shape is unreadable, and what it was is not told', async () => {
    const replay = await startReplay();
    for (const body of ['{"secret":"hunter2"}', '[]', 'null', '"hunter2"', '{"id":', '']) {
      replay.answer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
      const error = await failure(users.me(client(replay.url).calls, soon()));
      assert.equal(error.kind, 'unreadable');
      assert.doesNotMatch(JSON.stringify(error) + error.message, /hunter2/);
    }
  });

  test('an endless answer is cut, whether it is good or an error', async () => {
    const replay = await startReplay();
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = Buffer.alloc(1024 * 1024, ' ');
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    assert.equal((await failure(users.me(client(replay.url).calls, soon()))).kind, 'tooLarge');
  });
});

describe('limits', () => {
  test('429 is not asked again while the pause that the server wants lasts, and another path is free', async () => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v0', 'rate-limited')));
    const limited = client(replay.url);
    const first = await failure(users.me(limited.calls, soon()));
    assert.equal(first.kind, 'rateLimited');
    assert.equal(first.retryAfterMs, 60_000);
    const second = await failure(users.me(limited.calls, soon()));
    assert.equal(second.kind, 'rateLimited');
    assert.ok((second.retryAfterMs ?? 0) > 50_000);
    assert.deepEqual(replay.asked, ['GET /api/v2/users/me']);
    replay.answer(replying(exchange('v0', 'buildinfo')));
    assert.ok(await general.buildInfo(limited.calls, soon()));
  });

  test('a pause for a 429 is as long as the server wants, also if the clock is set back meanwhile', async (t) => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v0', 'rate-limited')));
    const limited = client(replay.url);
    const [wall, monotonic] = [Date.now(), performance.now()];
    await failure(users.me(limited.calls, soon()));
    t.mock.method(Date, 'now', () => wall - 3_600_000);
    const second = await failure(users.me(limited.calls, soon()));
    assert.ok((second.retryAfterMs ?? Infinity) <= 60_000, `${second.retryAfterMs} ms`);
    assert.equal(replay.asked.length, 1);
    replay.answer(replying(exchange('v0', 'me')));
    t.mock.method(performance, 'now', () => monotonic + 61_000);
    assert.equal((await users.me(limited.calls, soon())).username, 'owner');
  });

  test('a pause for a 429 is over when the machine slept longer than that', async (t) => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v0', 'rate-limited')));
    const limited = client(replay.url);
    const wall = Date.now();
    await failure(users.me(limited.calls, soon()));
    replay.answer(replying(exchange('v0', 'me')));
    t.mock.method(Date, 'now', () => wall + 3_600_000);
    assert.equal((await users.me(limited.calls, soon())).username, 'owner');
  });

  test('429 without a Retry-After has a pause of its own', async () => {
    const replay = await startReplay();
    replay.answer((_request, response) =>
      response.writeHead(429, { 'content-type': 'application/json' }).end('{"message":"Slow down."}'),
    );
    assert.equal((await failure(users.me(client(replay.url).calls, soon()))).retryAfterMs, 30_000);
  });

  test('a pause is at least a second and at most ten minutes, whatever the server writes; what is no time is half a minute', async () => {
    const replay = await startReplay();
    const inTenSeconds = (from: string): string => new Date(Date.parse(from) + 10_000).toUTCString();
    const date = 'Thu, 26 Nov 2026 10:00:00 GMT';
    for (const [after, ms] of [
      ['4', 4_000],
      ['2.5', 2_500],
      ['0', 1_000],
      ['0.2', 1_000],
      ['99999999999', 600_000],
      [inTenSeconds(date), 10_000],
      ['Wed, 21 Oct 2015 07:28:00 GMT', 1_000],
      ['Fri, 31 Dec 9999 23:59:59 GMT', 600_000],
      ['-5', 30_000],
      ['10, 10', 30_000],
      ['1e3', 30_000],
      ['soon', 30_000],
      ['', 30_000],
    ] as const) {
      replay.answer((_request, response) => void response.writeHead(429, { date, 'retry-after': after }).end());
      assert.equal((await failure(tokens.logOut(client(replay.url).calls, soon()))).retryAfterMs, ms, after);
    }
    replay.answer((_request, response) => {
      response.sendDate = false;
      response.writeHead(429, { 'retry-after': inTenSeconds(new Date().toUTCString()) }).end();
    });
    const { retryAfterMs = 0 } = await failure(tokens.logOut(client(replay.url).calls, soon()));
    assert.ok(
      retryAfterMs >= 1_000 && retryAfterMs <= 10_000,
      `${retryAfterMs} ms, by our clock where the server tells none`,
    );
  });

  test('a pause of a second is waited for', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      if (replay.asked.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else replying(exchange('v0', 'me'))(request, response);
    });
    assert.equal((await users.me(client(replay.url).calls, soon())).username, 'owner');
  });
});

describe('reads and writes', () => {
  test('a read that is wanted twice at once is sent once, and ends only when nobody waits', async () => {
    const replay = await startReplay();
    const release: (() => void)[] = [];
    replay.answer((request, response) => {
      release.push(() => replying(exchange('v2', 'me'))(request, response));
    });
    const both = client(replay.url, { timeouts: {} });
    const stop = new AbortController();
    const first = users.me(both.calls, stop.signal);
    const second = users.me(both.calls, soon());
    stop.abort(new Error('not any more'));
    await assert.rejects(first, /not any more/);
    while (release.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    release[0]?.();
    assert.equal((await second).username, 'owner');
    assert.equal(replay.asked.length, 1);
  });

  test('dozens of reads and pauses on one signal are nothing to warn of', async () => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v2', 'workspace')));
    const warnings: Error[] = [];
    const warned = (warning: Error): number => warnings.push(warning);
    process.on('warning', warned);
    const { signal } = new AbortController();
    const asker = client(replay.url, { timeouts: {} });
    const ids = Array.from({ length: 30 }, (_, index) => `w-${index}` as WorkspaceId);
    await Promise.all(ids.map((id) => workspaces.get(asker.calls, id, {}, signal)));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    assert.deepEqual(warnings, []);
  });

  test('a 503 that says when to come back is not asked again before', async () => {
    const replay = await startReplay();
    for (const after of ['20', '20.5', new Date(Date.now() + 21_000).toUTCString()]) {
      replay.answer((_request, response) => response.writeHead(503, { 'retry-after': after }).end());
      const error = await failure(users.me(client(replay.url).calls, soon()));
      assert.equal(Math.round((error.retryAfterMs ?? 0) / 10_000), 2, `${after}: ${error.retryAfterMs} ms`);
    }
    assert.equal(replay.asked.length, 3);
  });

  test('JSON that begins with a byte order mark is read, a list as well as a log', async () => {
    const replay = await startReplay();
    const answer = (json: string): void =>
      replay.answer((_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(`\ufeff${json}`),
      );
    const { calls } = client(replay.url);
    answer('{"workspaces":[],"count":0}');
    assert.equal((await workspaces.list(calls, {}, soon())).count, 0);
    answer('[{"id":7,"output":"hello"}]');
    assert.equal((await builds.logs(calls, 'b' as BuildId, {}, soon()))[0]?.id, 7);
  });

  test('a read after a write does not get the answer of a read from before it', async () => {
    const replay = await startReplay();
    const waiting: (() => void)[] = [];
    replay.answer((request, response) => {
      if (request.method === 'PUT') response.writeHead(204).end();
      else if (waiting.length === 0)
        waiting.push(() => replying(exchange('v2', 'workspace-pending'))(request, response));
      else replying(exchange('v2', 'workspace'))(request, response);
    });
    const one = client(replay.url, { timeouts: {} });
    const before = workspaces.get(one.calls, 'w' as WorkspaceId, {}, soon());
    while (waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await workspaceSettings.updateTtl(one.calls, 'w' as WorkspaceId, undefined, soon());
    waiting.push(() => undefined);
    const now = await workspaces.get(one.calls, 'w' as WorkspaceId, {}, soon());
    waiting[0]?.();
    assert.notEqual(now.latest_build.status, (await before).latest_build.status);
  });

  for (const age of ['v0', 'v2'] as const) {
    test(`a build whose answer is lost is found again, whatever the clocks say, and only one was asked for (${age})`, async () => {
      const replay = await startReplay();
      const recorded = exchange(age, 'workspace');
      const made = (recorded.response.body as { latest_build: { build_number: number; id: string } }).latest_build;
      replay.answer((request, response) => {
        response.sendDate = false;
        if (request.method === 'POST') request.socket.resetAndDestroy();
        else replying(recorded)(request, response);
      });
      const start = (afterBuild: number) =>
        workspaces.createBuild(
          client(replay.url).calls,
          'w' as WorkspaceId,
          { transition: 'start', afterBuild },
          soon(),
        );
      assert.equal((await start(made.build_number - 1)).id, made.id);
      assert.equal(replay.asked.filter((asked) => asked.startsWith('POST')).length, 1);
      // Not ours: it was there before.
      const error = await failure(start(made.build_number));
      assert.equal(error.kind, 'unreachable');
      assert.equal(error.maybeDone, false);
    });

    test(`a workspace whose answer is lost is found again, also without a word of the time (${age})`, async () => {
      const replay = await startReplay();
      const recorded = exchange(age, 'workspace');
      const { name, template_id, latest_build } = recorded.response.body as {
        name: string;
        template_id: string;
        latest_build: object;
      };
      const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
      const body = { name, template_id, id: 'w', latest_build: { ...latest_build, created_at: anHourAgo } };
      const create = (saysTime: boolean) => {
        replay.answer((request, response) => {
          response.sendDate = saysTime;
          if (request.method === 'POST') request.socket.resetAndDestroy();
          else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
        });
        return workspaces.create(
          client(replay.url).calls,
          { name, templateId: template_id, organizationId: 'o', parameters: { kind: 'rich', values: [] } } as never,
          soon(),
        );
      };
      assert.equal((await create(false)).name, name);
      // The server's time tells that it was there before.
      assert.equal((await failure(create(true))).maybeDone, false);
    });
  }

  test('a write that the server does only after a gateway gave up waiting for it has been done', async () => {
    const replay = await startReplay();
    const { ttl_ms: ttl } = exchange('v2', 'workspace').response.body as { ttl_ms: Milliseconds };
    let reads = 0;
    replay.answer((request, response) => {
      if (request.method === 'PUT') response.writeHead(504, { 'content-type': 'text/html' }).end('<html>');
      else replying(exchange('v2', (reads += 1) === 1 ? 'workspace-pending' : 'workspace'))(request, response);
    });
    await workspaceSettings.updateTtl(client(replay.url).calls, 'w' as WorkspaceId, ttl, soon());
    assert.deepEqual(
      replay.asked.map((asked) => asked.split(' ')[0]),
      ['PUT', 'GET', 'GET'],
    );
  });

  test('a write that a server takes longer for than a read may take has its answer', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      const answer = (): void => replying(exchange('v2', 'build'))(request, response);
      if (request.method === 'POST') setTimeout(answer, 450);
    });
    const request = { transition: 'start', afterBuild: 0 } as const;
    const build = await workspaces.createBuild(client(replay.url).calls, 'w' as WorkspaceId, request, soon());
    assert.equal(typeof build.build_number, 'number');
    assert.equal(replay.asked.length, 1, 'it was not looked for');
  });

  test('a write whose answer is lost and whose fact cannot be read stays open', async () => {
    const url = await listening(net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())));
    const error = await failure(workspaceSettings.rename(client(url).calls, 'w' as WorkspaceId, 'new', soon()));
    assert.equal(error.maybeDone, true);
  });

  test('a write is never sent twice, not even for a 503', async () => {
    const replay = await startReplay();
    replay.answer((_request, response) => response.writeHead(503).end());
    await failure(tokens.logOut(client(replay.url).calls, soon()));
    assert.equal(replay.asked.filter((asked) => asked.startsWith('POST')).length, 1);
  });

  test('who has logged out hears so although the answer was lost', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      if (request.method === 'POST') request.socket.resetAndDestroy();
      else replying(exchange('v2', 'me-logged-out'))(request, response);
    });
    await tokens.logOut(client(replay.url).calls, soon());
    replay.answer((request, response) => {
      if (request.method === 'POST') request.socket.resetAndDestroy();
      else replying(exchange('v2', 'me'))(request, response);
    });
    assert.equal((await failure(tokens.logOut(client(replay.url).calls, soon()))).maybeDone, false);
  });

  test('what the deployment offers is forgotten when it is another build', async () => {
    const replay = await startReplay();
    const route =
      (version: string): http.RequestListener =>
      (request, response) => {
        response.setHeader('x-coder-build-version', version).setHeader('content-type', 'application/json');
        if ((request.url ?? '').endsWith('/rich-parameters') && version === 'v0.13.6') {
          response.writeHead(404).end('{"message":"Route not found."}');
        } else response.writeHead(200).end('[]');
      };
    const updated = client(replay.url);
    replay.answer(route('v0.13.6'));
    assert.equal((await templateVersions.parameters(updated.calls, 'v' as never, soon())).kind, 'legacy');
    replay.answer(route('v2.34.0'));
    // The first answer of the new build tells; the next question starts anew.
    await templateVersions.parameters(updated.calls, 'v' as never, soon());
    assert.equal((await templateVersions.parameters(updated.calls, 'v' as never, soon())).kind, 'rich');
  });
});

describe('streams that fail', () => {
  test('an event stream that falls silent is given up on, one that only pings lives', async () => {
    const replay = await startReplay();
    let pings = 0;
    replay.answer((request, response) => {
      // The read for want of a first workspace tells nothing, and leaves the stream as it is.
      if (!(request.url ?? '').endsWith('/watch')) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => {
        if ((pings += 1) > 8) clearInterval(timer);
        else response.write('event: ping\n\n');
      }, 100);
      response.on('close', () => clearInterval(timer));
    });
    const error = await failure(
      collect(
        watchWorkspace(client(replay.url).calls, 'w' as WorkspaceId, soon()),
        (event) => event.kind === 'workspace',
      ),
    );
    assert.equal(error.kind, 'timeout');
    assert.ok(pings > 8, `given up after ${pings} pings`);
  });

  test('a stream that brings its own first workspace is not doubled by a read, however slowly that comes', async () => {
    const replay = await startReplay();
    const buffered = client(replay.url, { timeouts: { ...quick, idleMs: 5_000 as Milliseconds } });
    replay.answer(replying(exchange('v2', 'workspaces-limit-1')));
    const [row] = (await workspaces.list(buffered.calls, { limit: 1, offset: 0 }, soon())).workspaces;
    assert.ok(row?.health !== undefined);
    replay.answer((request, response) => {
      if (!(request.url ?? '').endsWith('/watch')) return void response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ping\n\n');
      const frame = `event: data\ndata: ${JSON.stringify(exchange('v2', 'workspace').response.body)}\n\n`;
      setTimeout(() => response.write(frame), 600);
    });
    const events = await collect(
      watchWorkspace(buffered.calls, row.id, soon()),
      (event) => event.kind === 'workspace' || event.kind === 'error',
    );
    assert.deepEqual(
      events.map((event) => event.kind),
      ['open', 'workspace'],
    );
    assert.equal(replay.asked.length, 2, String(replay.asked));
  });

  test('where streams tell only of changes the first workspace is read at once', async () => {
    const replay = await startReplay();
    const buffered = client(replay.url, { timeouts: { ...quick, idleMs: 5_000 as Milliseconds } });
    replay.answer(replying(exchange('v0', 'workspaces-limit-1')));
    await workspaces.list(buffered.calls, { limit: 1, offset: 0 }, soon());
    replay.answer((request, response) => {
      if ((request.url ?? '').endsWith('/watch')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ping\n\n');
      } else replying(exchange('v0', 'workspace'))(request, response);
    });
    const startedAt = performance.now();
    await collect(watchWorkspace(buffered.calls, 'w' as WorkspaceId, soon()), (event) => event.kind === 'workspace');
    assert.ok(performance.now() - startedAt < 2_000);
  });

  test('a watch whose first workspace cannot be read is lost, and nobody is told that the server could not tell', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      if ((request.url ?? '').endsWith('/watch')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ping\n\n');
      } else response.writeHead(502, { 'content-type': 'text/html' }).end('<html>');
    });
    const buffered = client(replay.url, { timeouts: { ...quick, idleMs: 9_000 as Milliseconds } });
    const kinds: string[] = [];
    const listen = async (): Promise<void> => {
      for await (const { kind } of watchWorkspace(buffered.calls, 'w' as WorkspaceId, soon())) kinds.push(kind);
    };
    await assert.rejects(listen(), { name: 'ApiError', kind: 'server', status: 502 });
    assert.deepEqual(kinds, ['open']);
  });

  test('a 502 of a server that restarts ends the watch in words and frees the socket', async () => {
    const replay = await startReplay();
    let closed: Promise<unknown> | undefined;
    replay.answer((_request, response) => {
      closed = new Promise((resolve) => response.once('close', () => resolve(undefined)));
      response.writeHead(502, { 'content-type': 'text/html' }).write('<html>');
    });
    const error = await failure(
      collect(watchWorkspace(client(replay.url).calls, 'w' as WorkspaceId, soon()), () => false),
    );
    assert.equal(error.status, 502);
    assert.match(error.message, /is currently unavailable/);
    await closed;
  });

  test('an agent without metadata says null, which is an empty list; anything else that is no list cannot be read', async () => {
    const replay = await startReplay();
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: data\ndata: null\n\nevent: data\ndata: {}\n\n');
    });
    const events = await collect(
      watchAgentMetadata(client(replay.url).calls, 'a' as AgentId, soon()),
      ({ kind }) => kind === 'error',
    );
    assert.deepEqual(
      events.map((event) => (event.kind === 'metadata' ? [...event.metadata] : event.error.kind)),
      [[], 'unreadable'],
    );
  });

  test('leaving the loop frees the socket of a watch', async () => {
    const replay = await startReplay();
    let closed: Promise<unknown> | undefined;
    replay.answer((request, response) => {
      if (!(request.url ?? '').endsWith('/watch')) {
        replying(exchange('v0', 'workspace'))(request, response);
        return;
      }
      closed = new Promise((resolve) => response.once('close', () => resolve(undefined)));
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ping\n\n');
    });
    await collect(
      watchWorkspace(client(replay.url).calls, 'w' as WorkspaceId, soon()),
      (event) => event.kind === 'workspace',
    );
    await closed;
  });

  test('a log of 20,000 lines that come all at once is there whole, in order', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      const isLog = (request.url ?? '').includes('/logs');
      if (isLog) response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      else replying(exchange('v0', 'build'))(request, response);
    });
    const lines = Array.from({ length: 20_000 }, (_, index) => ({
      t: 0,
      event: 'text',
      data: JSON.stringify({ id: index + 1, stage: 'Starting workspace', output: 'x'.repeat(200) }),
    }));
    replay.speak([...lines, { t: 0, event: 'close', code: 1000, reason: '' }]);
    const pace = { ...quickPace, pollMs: 60_000 as Milliseconds };
    const events = await collect(
      followBuildLog(client(replay.url, { timeouts: {} }).calls, 'b' as BuildId, { signal: soon(), pace }),
      () => false,
    );
    const ids = events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
    assert.equal(ids.length, lines.length);
    assert.ok(ids.every((id, index) => id === index + 1));
  });

  test('a log that opens and closes again at once is asked for less and less often', async () => {
    const replay = await startReplay();
    replay.answer((request, response) => {
      const isLog = (request.url ?? '').includes('/logs');
      if (isLog) response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
      else replying(exchange('v2', 'build-running'))(request, response);
    });
    replay.speak([{ t: 0, event: 'close', code: 1000, reason: '' }]);
    const pace = { firstMs: 10 as Milliseconds, longestMs: 10_000 as Milliseconds };
    const signal = within(1_000);
    let lost = 0;
    await assert.rejects(async () => {
      const log = followBuildLog(client(replay.url, { timeouts: {} }).calls, 'b' as BuildId, { signal, pace });
      for await (const event of log) if (event.kind === 'lost') lost += 1;
    });
    assert.ok(lost >= 2 && lost <= 10, `${lost} times in a second`);
  });

  test('a handshake whose answer only trickles is given up on', async () => {
    const url = await listening(
      net.createServer((socket) => {
        const trickle = setInterval(() => socket.write('x'), 50);
        socket.on('close', () => clearInterval(trickle)).on('error', () => undefined);
        socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Padding: ');
      }),
    );
    const following = followBuildLog(client(url).calls, 'b' as BuildId, { signal: soon(), pace: quickPace });
    const [event] = await collect(following, () => true);
    assert.ok(event?.kind === 'lost');
    assert.equal(event.error.kind, 'timeout');
  });

  test('a log that is refused for asking too often is asked for again when the server says so', async () => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v0', 'build')));
    replay.speak([{ t: 0, event: 'refused', status: 429, headers: { 'retry-after': '1' } }]);
    let refusedAt = 0;
    let resumedAt = 0;
    await collect(
      followBuildLog(client(replay.url).calls, 'b' as BuildId, { signal: soon(), pace: quickPace }),
      (event) => {
        if (event.kind === 'lost') {
          refusedAt = performance.now();
          replay.speak([]);
        }
        if (event.kind === 'resumed') resumedAt = performance.now();
        return event.kind === 'resumed';
      },
    );
    assert.ok(resumedAt - refusedAt > 900, `after ${resumedAt - refusedAt} ms`);
  });

  test('a log socket without any sign of life is lost, and tried again', async () => {
    const replay = await startReplay();
    replay.answer(replying(exchange('v0', 'build-running')));
    replay.speak([]);
    const events = await collect(
      followBuildLog(client(replay.url).calls, 'b' as BuildId, {
        signal: soon(),
        pace: { ...quickPace, pollMs: 10_000 as Milliseconds },
      }),
      (event) => event.kind === 'resumed',
    );
    assert.deepEqual(
      events.map((event) => (event.kind === 'lost' ? event.error.kind : event.kind)),
      ['timeout', 'resumed'],
    );
  });
});

describe('certificates', () => {
  const serve = async (name: string): Promise<string> => {
    const server = https.createServer(
      { cert: certificate(name), key: certificate('loopback.key') },
      replying(exchange('v2', 'me')),
    );
    return (await listening(server)).replace('http:', 'https:');
  };
  const authority = { ca: certificate('authority.pem') };

  test('an authority that is not installed is named, with where to install it', async () => {
    const error = await failure(users.me(client(await serve('loopback.pem')).calls, soon()));
    assert.equal(error.kind, 'certificate');
    assert.equal(error.issuer, 'Acme Private Authority');
    assert.match(error.message, /issued by “Acme Private Authority”.*certificate store.*NODE_EXTRA_CA_CERTS/);
  });

  test('with the authority it works, for requests as options and not through an agent', async () => {
    const me = await users.me(client(await serve('loopback.pem'), { tls: authority }).calls, soon());
    assert.equal(me.username, 'owner');
  });

  test('a certificate for another host is refused although its authority is trusted', async () => {
    const error = await failure(users.me(client(await serve('elsewhere.pem'), { tls: authority }).calls, soon()));
    assert.equal(error.kind, 'certificate');
    assert.match(error.message, /is for another host/);
  });

  test('an expired certificate is called expired', async () => {
    const error = await failure(users.me(client(await serve('expired.pem'), { tls: authority }).calls, soon()));
    assert.match(error.message, /has expired/);
  });
});
