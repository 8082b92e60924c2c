import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { retryDelayMs } from '../../src/api/backOff.ts';
import { ApiError, type ApiErrorKind } from '../../src/api/errors.ts';
import { listWorkspaces } from '../../src/api/operations.ts';
import type { Milliseconds, MonotonicMs, WorkspaceId } from '../../src/api/units.ts';
import { Expiry } from '../../src/model/expiry.ts';
import { Freshness } from '../../src/model/freshness.ts';
import { heartbeat } from '../../src/model/heartbeat.ts';
import { mayBeAway } from '../../src/model/away.ts';
import { Schedule } from '../../src/model/schedule.ts';
import { FOREVER, realTiming } from '../../src/model/timing.ts';
import { watchPlan } from '../../src/model/watchPlan.ts';
import { ManualTiming } from '../manualTiming.ts';
import { stopping, workspace } from './model-fixture.ts';

const failure = (kind: ApiErrorKind, retryAfterMs?: number): ApiError =>
  new ApiError({
    kind,
    operation: listWorkspaces,
    host: 'coder.example.com',
    retryAfterMs: retryAfterMs as Milliseconds | undefined,
  });

const unexpected = (error: unknown): void => assert.fail(String(error));

test('pauses grow from one second to thirty, and never leave these bounds', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => retryDelayMs(failure('unreachable'), failures, 1 - 1e-9)),
    [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000],
  );
  for (const random of [0, 0.5, 0.999]) {
    for (const failures of [1, 3, 50]) {
      const pause = retryDelayMs(failure('unreachable'), failures, random);
      assert.ok(pause >= 1_000 && pause <= 30_000, `${pause}`);
    }
  }
  const fifth = (random: number) => retryDelayMs(failure('unreachable'), 5, random);
  assert.notEqual(fifth(0), fifth(0.9), 'windows do not come back together');
});

test('the server’s own pause is kept, also where it is longer than any of ours', () => {
  assert.equal(retryDelayMs(failure('rateLimited', 90_000), 1, 0), 90_000);
  assert.equal(retryDelayMs(failure('rateLimited', 100), 6, 1), 30_000);
});

test('only what may concern the whole deployment makes one wonder whether it is there', () => {
  for (const kind of ['refused', 'noHost', 'timeout', 'server', 'proxy'] as const) assert.ok(mayBeAway(failure(kind)));
  for (const kind of ['unauthorized', 'notFound', 'gone', 'rateLimited', 'forbidden'] as const) {
    assert.ok(!mayBeAway(failure(kind)));
  }
});

test('streams go to what is in transition, then to what stops soonest, and to no more than allowed', () => {
  const id = (name: string) => ({ workspace: { id: name } });
  const all = [
    workspace('stopped', id('stopped')),
    workspace('running', id('no-stop')),
    stopping(90, id('later')),
    stopping(30, id('sooner')),
    workspace('starting', id('starting')),
    workspace('failed', id('failed')),
    workspace('canceling', id('canceling')),
  ];
  const ALL_OWN = { isOwn: () => true, isFound: () => true };
  const attention = { isSeen: false, isTold: true, followed: new Set<WorkspaceId>(), opened: new Set<WorkspaceId>() };
  assert.deepEqual(watchPlan(all, 30, attention, ALL_OWN), ['starting', 'canceling', 'sooner', 'later', 'no-stop']);
  assert.deepEqual(watchPlan(all, 3, attention, ALL_OWN), ['starting', 'canceling', 'sooner']);
  assert.deepEqual(watchPlan(all, 0, attention, ALL_OWN), []);
});

test('what was heard after a question was asked is fresher than its answer', () => {
  const freshness = new Freshness();
  const [one, other] = ['w-1' as WorkspaceId, 'w-2' as WorkspaceId];
  freshness.heard(one);
  const mark = freshness.mark();
  freshness.heard(other);
  assert.deepEqual([...freshness.fresherThan(mark)], [other]);
  assert.equal(freshness.isFresherThan(mark, one), false);
  freshness.heard(one);
  assert.equal(freshness.isFresherThan(mark, one), true);
});

test('an expiry asks once for any number of refusals at once, and again for a later one', async () => {
  let asked = 0;
  let answer: 'accepted' | 'refused' | 'away' | 'closed' = 'refused';
  const expiry = new Expiry(
    () => (answer === 'closed' ? Promise.reject(failure('unauthorized')) : Promise.resolve({})),
    () => {
      asked += 1;
      if (answer === 'accepted') return Promise.resolve({});
      return Promise.reject(failure(answer === 'refused' ? 'unauthorized' : 'unreachable'));
    },
  );
  const refusal = failure('unauthorized');
  assert.deepEqual(
    (await Promise.all(Array.from({ length: 10 }, () => expiry.confirm(refusal)))).map((each) => each?.kind),
    Array(10).fill('unauthorized'),
  );
  assert.equal(asked, 1);
  answer = 'accepted';
  assert.equal(await expiry.confirm(refusal), undefined);
  answer = 'away';
  assert.equal(await expiry.confirm(refusal), undefined, 'a lost connection is no refusal');
  answer = 'closed';
  assert.equal(await expiry.confirm(refusal), undefined, 'Coder tells its version to everybody');
  assert.equal(asked, 3);
  for (const error of [failure('proxy'), failure('forbidden'), new Error('other')]) {
    assert.equal(await expiry.confirm(error), undefined);
  }
  assert.equal(asked, 3, 'anything but a 401 of Coder’s is not worth asking');
});

test('a schedule reads at once, then when it is due, and at once when asked', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  let reads = 0;
  let readAt = timing.monotonicMs();
  const schedule = new Schedule({
    timing,
    signal: end.signal,
    read: () => {
      reads += 1;
      readAt = timing.monotonicMs();
      return Promise.resolve();
    },
    dueAt: () => (readAt + 60_000) as MonotonicMs,
    onError: unexpected,
  });
  const running = schedule.run();
  await nextTurn();
  assert.equal(reads, 1);
  await timing.advance(59_999);
  assert.equal(reads, 1);
  await timing.advance(1);
  assert.equal(reads, 2);
  await schedule.ask();
  assert.equal(reads, 3);
  end.abort();
  await running;
  await schedule.ask();
  assert.equal(reads, 3, 'nothing is read after the end');
});

test('who asks while a read is under way joins it; who asks again gets one more', async () => {
  const end = new AbortController();
  const finish: (() => void)[] = [];
  const schedule = new Schedule({
    timing: new ManualTiming(),
    signal: end.signal,
    read: () => new Promise((resolve) => finish.push(resolve)),
    dueAt: () => undefined,
    onError: unexpected,
  });
  void schedule.run();
  const joined = [schedule.ask(), schedule.ask()];
  const again = schedule.again();
  finish[0]?.();
  await Promise.all(joined);
  await nextTurn();
  assert.equal(finish.length, 2);
  finish[1]?.();
  await again;
  await nextTurn();
  assert.equal(finish.length, 2);
  end.abort();
});

test('a change of when to read wakes a schedule that rests for ever', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  let due: MonotonicMs | undefined;
  let reads = 0;
  const read = (): Promise<void> => {
    reads += 1;
    due = undefined;
    return Promise.resolve();
  };
  const schedule = new Schedule({ timing, signal: end.signal, read, dueAt: () => due, onError: unexpected });
  void schedule.run();
  await timing.advance(1e9);
  assert.equal(reads, 1);
  due = (timing.monotonicMs() + 5_000) as MonotonicMs;
  schedule.reconsider();
  await timing.advance(5_000);
  assert.equal(reads, 2);
  end.abort();
});

test('a heartbeat notices a night’s sleep and a clock that was set back, but not a busy machine', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const jumps: number[] = [];
  const beating = heartbeat({
    timing,
    signal: end.signal,
    everyMs: 10_000 as Milliseconds,
    onJump: (jump) => jumps.push(jump),
    onError: unexpected,
  });
  await timing.advance(30_000);
  timing.stall(15_000);
  await timing.advance(10_000);
  assert.deepEqual(jumps, []);
  timing.sleepMachine(9 * 3_600_000);
  await timing.advance(10_000);
  timing.sleepMachine(-3_600_000);
  await timing.advance(10_000);
  assert.deepEqual(jumps, [9 * 3_600_000, -3_600_000]);
  timing.stall(3_600_000);
  await timing.advance(10_000);
  assert.deepEqual(jumps.slice(2), [3_600_000], 'where the monotonic clock goes on during sleep the beat is late');
  end.abort();
  await beating;
});

test('a real sleep ends in time, an endless one only by its signal', async () => {
  await realTiming.sleep(1 as Milliseconds, new AbortController().signal);
  const stop = new AbortController();
  const endless = realTiming.sleep(FOREVER, stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(endless, /enough/);
  await assert.rejects(realTiming.sleep(1 as Milliseconds, stop.signal), /enough/);
});
