import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { readSocket, type SocketEvent } from '../replay/recording.ts';
import { compareSocket } from '../replay/sockets.ts';
import { Replayer } from '../replay/replayer.ts';

let deployment: Deployment;
before(async () => void (deployment = await startDeployment({ age: 'v0' })));
after(() => deployment.close());

/** What the comparison says when our side behaved like this. */
function failuresOf(name: string, change: (events: SocketEvent[]) => SocketEvent[]): string[] {
  const replayer = new Replayer(deployment);
  compareSocket(replayer, name, { events: change(readSocket('v0', name)) });
  return replayer.failures;
}

const changeClose =
  (more: Partial<SocketEvent>) =>
  (events: SocketEvent[]): SocketEvent[] =>
    events.map((item) => (item.event === 'close' ? { ...item, ...more } : item));

test('a replay notices another status', async () => {
  const replayer = new Replayer(deployment);
  await deployment.misbehave('404', { times: 1 });
  await replayer.replay('buildinfo');
  assert.match(replayer.failures.join(), /buildinfo status: recorded 200, ours 404/);
});

test('a replay notices another content type and missing headers', async () => {
  const replayer = new Replayer(deployment);
  await deployment.misbehave('html', { times: 1 });
  await replayer.replay('buildinfo');
  for (const header of ['content-type', 'x-coder-build-version', 'x-ratelimit-limit'])
    assert.ok(
      replayer.failures.some((failure) => failure.includes(`header ${header}`)),
      header,
    );
});

test('a replay that agrees says nothing, and is counted', async () => {
  const replayer = new Replayer(deployment);
  await replayer.replay('buildinfo', 'healthz', 'route-not-found');
  assert.deepEqual(replayer.failures, []);
  assert.ok(!replayer.unplayed().includes('buildinfo'));
  assert.ok(replayer.unplayed().includes('watch.sse'));
});

test('a socket that behaves as recorded passes', () => {
  assert.deepEqual(
    failuresOf('logs-follow-live', (events) => events),
    [],
  );
});

test('another close code, another reason, no close at all are noticed', () => {
  assert.equal(failuresOf('logs-follow-live', changeClose({ code: 1006 })).length, 1);
  assert.equal(failuresOf('logs-follow-live', changeClose({ reason: 'done' })).length, 1);
  assert.equal(failuresOf('logs-follow-live', (events) => events.slice(0, -1)).length, 1);
});

test('a line that is missing, doubled, or out of order is noticed', () => {
  assert.notDeepEqual(
    failuresOf('logs-follow-live', (events) => events.filter((_, n) => n !== 5)),
    [],
  );
  assert.notDeepEqual(
    failuresOf('logs-follow-live', (events) => events.flatMap((item, n) => (n === 5 ? [item, item] : [item]))),
    [],
  );
  const swapped = (events: SocketEvent[]): SocketEvent[] => {
    const [a, b] = [events[3], events[4]];
    return events.map((item, n) => (n === 3 ? b : n === 4 ? a : item) ?? item);
  };
  assert.notDeepEqual(failuresOf('logs-follow-live', swapped), []);
});

test('a refusal with another status or content type is noticed', () => {
  const change = (more: Partial<SocketEvent>) => (events: SocketEvent[]) =>
    events.map((item) => ({ ...item, ...more }));
  assert.equal(failuresOf('logs-follow-refused', change({ status: 403 })).length, 1);
  assert.equal(failuresOf('logs-follow-refused', change({ headers: { 'content-type': 'text/plain' } })).length, 1);
});

test('a frame without its newline is noticed', () => {
  const cut = (events: SocketEvent[]): SocketEvent[] =>
    events.map((item) => (item.data === undefined ? item : { ...item, data: item.data.trimEnd() }));
  assert.notDeepEqual(failuresOf('logs-follow-live', cut), []);
});
