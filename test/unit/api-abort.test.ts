import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';
import { test } from 'node:test';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LinkedController, sleep } from '../../src/api/abort.ts';
import { backOffMs } from '../../src/api/backOff.ts';
import { CoderClient } from '../../src/api/client.ts';
import type { Opened } from '../../src/api/transport.ts';
import type { Milliseconds, WorkspaceId } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import { watchWorkspace } from '../../src/api/watch.ts';

test('a linked controller aborts with its parent, for the parent’s reason', () => {
  const parent = new AbortController();
  const linked = new LinkedController(parent.signal);
  const reason = new Error('signed out');
  parent.abort(reason);
  assert.equal(linked.signal.reason, reason);
  assert.equal(new LinkedController(parent.signal).signal.reason, reason);
});

test('a linked controller lets go of its parent when it is released and when it aborts itself', () => {
  const parent = new AbortController();
  const released = new LinkedController(parent.signal);
  released.release();
  const aborted = new LinkedController(parent.signal);
  aborted.abort(new Error('enough'));
  assert.deepEqual(getEventListeners(parent.signal, 'abort'), []);
  parent.abort(new Error('signed out'));
  assert.equal(released.signal.aborted, false);
  assert.match(String(aborted.signal.reason), /enough/);
});

test('a linked controller aborts after its time, unless it was released before', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const parent = new AbortController();
  const limited = new LinkedController(parent.signal, 100);
  const released = new LinkedController(parent.signal, 100);
  released.release();
  t.mock.timers.tick(99);
  assert.equal(limited.signal.aborted, false);
  t.mock.timers.tick(1);
  assert.equal(limited.signal.aborted, true);
  assert.equal(released.signal.aborted, false);
  assert.deepEqual(getEventListeners(parent.signal, 'abort'), []);
});

test('a sleep longer than a timer can be does not end at once', async () => {
  const stop = new AbortController();
  let isOver = false;
  const sleeping = sleep((2 ** 31 + 5) as Milliseconds, stop.signal).then(
    () => (isOver = true),
    () => undefined,
  );
  await sleep(20 as Milliseconds, new AbortController().signal);
  assert.equal(isOver, false);
  stop.abort();
  await sleeping;
});

test('pauses double up to their limit, and are spread below it but not below the first', () => {
  const limits = { firstMs: 300 as Milliseconds, longestMs: 2_000 as Milliseconds };
  assert.deepEqual(
    [1, 2, 3, 4, 2_000].map((failures) => backOffMs(failures, 1, limits)),
    [300, 600, 1_200, 2_000, 2_000],
  );
  assert.deepEqual(
    [1, 2, 4].map((failures) => backOffMs(failures, 0, limits)),
    [300, 450, 1_500],
  );
});

/** An answer as the transport would hand it on. */
const opened = (contentType: string, text: string): Opened => {
  const body = new http.IncomingMessage(new net.Socket());
  body.complete = true;
  body.push(text);
  body.push(null);
  return { status: 200, headers: { 'content-type': contentType }, body, sentAt: 0, receivedAt: 0 };
};

const clientOf = (answer: () => Opened): CoderClient => {
  const client = new CoderClient({ url: 'https://coder.example.com', token: 'key-secret' });
  client.calls.transport.open = () => Promise.resolve(answer());
  return client;
};

interface Kept {
  readonly objects: number;
  readonly bytes: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is still reachable: to count objects, V8 collects once more. */
const kept = async (): Promise<Kept> => {
  collectGarbage();
  // Finalizers run between two collections.
  await sleep(5 as Milliseconds, new AbortController().signal);
  return { objects: queryObjects(Object, { format: 'count' }), bytes: process.memoryUsage().heapUsed };
};

const TIMES_EACH_ROUND = 500;
/** What is kept is kept in each round; what Node compiles, and what it keeps once, is not. */
const MOST_ROUNDS = 5;
const MOST_KEPT_OBJECTS = 25;
const MOST_KEPT_BYTES_EACH = 100;

/** Signals that `AbortSignal.any` made of this one, which Node keeps for as long as this one lives. */
const dependentSignals = (signal: AbortSignal): number => {
  const key = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals');
  const kept = key === undefined ? undefined : (signal as unknown as Record<symbol, Set<unknown> | undefined>)[key];
  return kept?.size ?? 0;
};

test('what `AbortSignal.any` keeps is noticed', () => {
  const { signal } = new AbortController();
  AbortSignal.any([signal, new AbortController().signal]);
  assert.equal(dependentSignals(signal), 1);
});

for (const [name, use] of [
  [
    'reads',
    async (signal: AbortSignal) => {
      await users.me(clientOf(() => opened('application/json', '{"id":"u","username":"owner"}')).calls, signal);
    },
  ],
  [
    'streams',
    async (signal: AbortSignal) => {
      const client = clientOf(() => opened('text/event-stream', ': ping\n\n'));
      await assert.rejects(async () => {
        for await (const _ of watchWorkspace(client.calls, 'w' as WorkspaceId, signal));
      }, /was lost/);
    },
  ],
  [
    'refusals of streams',
    async (signal: AbortSignal) => {
      const client = clientOf(() => ({ ...opened('application/json', '{"message":"No."}'), status: 403 }));
      await assert.rejects(async () => {
        for await (const _ of watchWorkspace(client.calls, 'w' as WorkspaceId, signal));
      }, /permission to do this/);
    },
  ],
] as const) {
  test(`hundreds of ${name} on one session’s signal keep no listener, no object and no memory`, async () => {
    const { signal } = new AbortController();
    const rounds: string[] = [];
    let isFlat = false;
    let before = await kept();
    while (!isFlat && rounds.length < MOST_ROUNDS) {
      for (let done = 0; done < TIMES_EACH_ROUND; done += 100) {
        await Promise.all(Array.from({ length: 100 }, () => use(signal)));
      }
      const after = await kept();
      const objects = after.objects - before.objects;
      const bytesEach = Math.round((after.bytes - before.bytes) / TIMES_EACH_ROUND);
      isFlat = objects < MOST_KEPT_OBJECTS && bytesEach < MOST_KEPT_BYTES_EACH;
      before = after;
      rounds.push(`${objects} objects, ${bytesEach} bytes each time`);
    }
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
    assert.equal(dependentSignals(signal), 0);
    assert.ok(isFlat, `of ${TIMES_EACH_ROUND} in each round were kept: ${rounds.join('; ')}`);
  });
}
