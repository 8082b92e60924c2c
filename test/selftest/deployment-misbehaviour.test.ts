import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { createTestClient, type TestClient } from '../deployment/testClient.ts';

let deployment: Deployment;
let client: TestClient;
before(async () => {
  deployment = await startDeployment({ age: 'v2', seed: true, speed: 20 });
  client = createTestClient(deployment);
});
afterEach(async () => {
  await deployment.heal();
  deployment.cutStreams();
  await client.until('the streams are gone', () => deployment.openSockets().total === 0);
});
after(() => deployment.close());

const me = () => client.get('/users/me');

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no failure';
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
  }
}

/** The first status that a handshake is refused with. */
async function refusal(path: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = client.socket(path, headers);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  socket.terminate();
  return response.statusCode;
}

const watchPath = (): string => `/workspaces/${deployment.workspace('owner/web').id}/watch`;

test('down: connections are refused, open streams are cut, and the same address answers again once healed', async () => {
  const { url } = deployment;
  const socket = client.socket(`${watchPath()}-ws`);
  await once(socket, 'message');
  const closed = once(socket, 'close');
  await deployment.misbehave('down');
  assert.deepEqual((await closed)[0], 1006);
  assert.equal(await failure(me()), 'ECONNREFUSED');
  await deployment.heal();
  assert.equal(deployment.url, url);
  assert.equal((await me()).status, 200);
});

test('slow: the answer comes, but late', async () => {
  await deployment.misbehave('slow', { delayMs: 300 });
  const start = performance.now();
  assert.equal((await me()).status, 200);
  assert.ok(performance.now() - start >= 290);
});

test('slow: a stream whose client left before the answer is not counted as open', async () => {
  await deployment.misbehave('slow', { delayMs: 300 });
  const left = new AbortController();
  const headers = { 'coder-session-token': deployment.token };
  const asked = fetch(`${deployment.url}/api/v2${watchPath()}`, { headers, signal: left.signal });
  await client.until('it was asked', () => deployment.requests.at(-1)?.path.endsWith('/watch') === true);
  left.abort();
  await assert.rejects(asked);
  // Asked later, and so answered later.
  await me();
  await client.until('no stream is open', () => deployment.openSockets().total === 0);
});

for (const status of ['401', '403', '404', '500', '502', '503'] as const)
  test(`${status}: requests and handshakes are refused with it`, async () => {
    await deployment.misbehave(status);
    assert.equal((await me()).status, Number(status));
    assert.equal(await refusal(`${watchPath()}-ws`), Number(status));
  });

test('429: with Retry-After and without', async () => {
  await deployment.misbehave('429', { retryAfterSeconds: 30, times: 1 });
  assert.equal((await me()).headers.get('retry-after'), '30');
  await deployment.misbehave('429', { times: 1 });
  const without = await me();
  assert.equal(without.status, 429);
  assert.equal(without.headers.get('retry-after'), null);
  assert.equal((await me()).status, 200);
});

test('html: a page of somebody else, without the mark of a Coder deployment', async () => {
  await deployment.misbehave('html');
  const page = await me();
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
  assert.equal(page.headers.get('x-coder-build-version'), null);
});

for (const status of [401, 403, 407] as const)
  test(`gateway-${status}: a page of a gateway, without a word of Coder’s`, async () => {
    await deployment.misbehave(`gateway-${status}`);
    // Not by `fetch`, to which a 407 is no answer.
    const [page] = (await once(httpGet(`${deployment.url}/api/v2/users/me`), 'response')) as [IncomingMessage];
    page.resume();
    assert.equal(page.statusCode, status);
    assert.match(page.headers['content-type'] ?? '', /^text\/html/);
    assert.equal(page.headers['x-coder-build-version'], undefined);
  });

test('redirect: to a sign-on page', async () => {
  await deployment.misbehave('redirect', { location: 'https://sso.example.com/' });
  const answer = await me();
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get('location'), 'https://sso.example.com/');
});

test('reset and truncated: the connection breaks before or within the answer', async () => {
  await deployment.misbehave('reset', { times: 1 });
  assert.match(await failure(me()), /ECONNRESET|UND_ERR_SOCKET/);
  await deployment.misbehave('truncated', { times: 1 });
  assert.notEqual(await failure(me()), 'no failure');
});

test('garbage: says JSON and is none', async () => {
  await deployment.misbehave('garbage');
  assert.match(await failure(me()), /SyntaxError/);
});

test('endless: the answer does not end', async () => {
  await deployment.misbehave('endless', { times: 1 });
  const abort = new AbortController();
  const response = await fetch(`${deployment.url}/api/v2/workspaces`, { signal: abort.signal });
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > 5_000_000) break;
  }
  abort.abort();
  assert.ok(bytes > 5_000_000);
});

test('silent-stream: streams open and nothing comes', async () => {
  await deployment.misbehave('silent-stream');
  const socket = client.socket(`${watchPath()}-ws`);
  let messages = 0;
  socket.on('message', () => messages++);
  await once(socket, 'open');
  await deployment.whenQuiet();
  assert.equal(messages, 0);
  assert.equal(deployment.openSockets().byKind.silent, 1);
});

test('half-open: open streams fall silent without an end, and new requests get no answer', async () => {
  const socket = client.socket(`${watchPath()}-ws`);
  await once(socket, 'message');
  await deployment.whenQuiet();
  let news = 0;
  socket.on('message', () => news++);
  socket.on('close', () => news++);
  await deployment.misbehave('half-open');
  deployment.changed(deployment.workspace('owner/web'));
  const before = deployment.requests.length;
  let answers = 0;
  const asked = me().finally(() => (answers += 1));
  asked.catch(() => undefined);
  await client.until('it was asked', () => deployment.requests.length > before);
  await deployment.whenQuiet();
  assert.equal(answers, 0);
  assert.equal(news, 0);
});

test('skewed-clock: the Date header is off, and right again once healed', async () => {
  await deployment.misbehave('skewed-clock', { byMs: 3_600_000 });
  const skew = Date.parse((await me()).headers.get('date') ?? '') - Date.now();
  assert.ok(skew > 3_500_000 && skew < 3_700_000, String(skew));
  await deployment.heal();
  assert.ok(Math.abs(Date.parse((await me()).headers.get('date') ?? '') - Date.now()) < 5000);
});

test('heartbeat-lapse: V0 calls a job that goes on failed, without an error and an end, until it is heard again', async () => {
  const old = await startDeployment({ age: 'v0', seed: true, speed: 20 });
  after(() => old.close());
  const path = `/workspaces/${old.workspace('owner/warming-up').id}`;
  const build = async () =>
    ((await createTestClient(old).get(path)).body as { latest_build: Record<string, unknown> }).latest_build;
  assert.equal((await build()).status, 'starting');
  await old.misbehave('heartbeat-lapse');
  const { status, job } = await build();
  assert.equal(status, 'failed');
  assert.deepEqual(
    Object.keys(job as object).filter((key) => key === 'error' || key === 'completed_at'),
    [],
  );
  await old.heal();
  assert.equal((await build()).status, 'starting');
});

test('watch-404 and watch-ws-404: one of the two is unknown, the other works', async () => {
  await deployment.misbehave('watch-404');
  assert.equal((await client.get(watchPath())).status, 404);
  const socket = client.socket(`${watchPath()}-ws`);
  await once(socket, 'message');
  await deployment.heal();
  await deployment.misbehave('watch-ws-404');
  assert.equal(await refusal(`${watchPath()}-ws`), 404);
});

test('gate: only who brings the header is let in, requests and handshakes alike', async () => {
  await deployment.misbehave('gate');
  assert.equal((await me()).status, 403);
  assert.equal(await refusal(`${watchPath()}-ws`), 403);
  const socket = client.socket(`${watchPath()}-ws`, { 'X-Gate': 'open' });
  await once(socket, 'message');
});

test('a misbehaviour can be limited to a path and to a number of times', async () => {
  await deployment.misbehave('500', { path: /\/workspaces$/, times: 2 });
  assert.equal((await me()).status, 200);
  const statuses = [];
  for (let n = 0; n < 3; n++) statuses.push((await client.get('/workspaces')).status);
  assert.deepEqual(statuses, [500, 500, 200]);
});

test('streams are counted by kind, cut with a code, and told of errors', async () => {
  const socket = client.socket(`${watchPath()}-ws`);
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => void messages.push(data.toString()));
  await client.until('the snapshot', () => messages.length >= 2);
  assert.deepEqual(deployment.openSockets(), { total: 1, byKind: { 'watch-ws': 1 } });
  deployment.sendErrorFrame('owner/web', 'Internal error.', 'x');
  await client.until('the error', () => messages.some((text) => text.includes('"type":"error"')));
  const closed = once(socket, 'close');
  assert.equal(deployment.cutStreams({ kind: 'watch-ws', code: 1001, reason: 'liveness probe failed' }), 1);
  const [code, reason] = (await closed) as [number, Buffer];
  assert.deepEqual([code, reason.toString()], [1001, 'liveness probe failed']);
});

test('requests are kept with their status, for tests to ask what was sent', async () => {
  const from = deployment.requests.length;
  await client.get('/users/me?x=1');
  await client.until('the status', () => deployment.requests.at(-1)?.status === 200);
  assert.deepEqual(deployment.requests.slice(from), [
    { method: 'GET', path: '/api/v2/users/me?x=1', upgrade: false, status: 200 },
  ]);
});

test('an Origin of another host is refused at the handshake', async () => {
  assert.equal(await refusal(`${watchPath()}-ws`, { Origin: 'https://evil.example.com' }), 403);
});

test('V2 closes a watcher that talks', async () => {
  const socket = client.socket(`${watchPath()}-ws`);
  await once(socket, 'message');
  socket.send('hello');
  assert.equal(((await once(socket, 'close')) as [number])[0], 1002);
});

test('with a certificate it speaks TLS', async () => {
  const folder = join(import.meta.dirname, '..', 'contract', 'certificates');
  const [cert, key] = ['loopback.pem', 'loopback.key'].map((file) => readFileSync(join(folder, file), 'utf8'));
  const authority = readFileSync(join(folder, 'authority.pem'), 'utf8');
  const tls = await startDeployment({ age: 'v0', tls: { cert: cert ?? '', key: key ?? '' } });
  try {
    assert.match(tls.url, /^https:/);
    const body = await new Promise<string>((resolve, reject) => {
      const request = httpsGet(`${tls.url}/healthz`, { ca: authority }, (response) => {
        response.on('data', (chunk: Buffer) => resolve(chunk.toString()));
      });
      request.on('error', reject);
    });
    assert.equal(body, 'OK');
  } finally {
    await tls.close();
  }
});
