/* oxlint-disable typescript/require-await -- stands in for what is asynchronous */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, inBackground } from '../../src/api/errors.ts';
import { listWorkspaces } from '../../src/api/operations.ts';
import type { Calls } from '../../src/api/calls.ts';
import type { Milliseconds, MonotonicMs, TemplateId, WorkspaceId } from '../../src/api/units.ts';
import type { WatchEvent } from '../../src/api/watch.ts';
import { BuildTimes } from '../../src/model/buildTimes.ts';
import { heartbeat } from '../../src/model/heartbeat.ts';
import { Schedule } from '../../src/model/schedule.ts';
import { Watching } from '../../src/model/watching.ts';
import { ManualTiming } from '../manualTiming.ts';
import { workspace } from './model-fixture.ts';

test('a schedule that cannot tell when to read logs it, and reads again after half a minute', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const errors: unknown[] = [];
  let isBroken = true;
  let reads = 0;
  const schedule = new Schedule({
    timing,
    signal: end.signal,
    read: async () => void (reads += 1),
    dueAt: () => {
      if (isBroken) throw new TypeError('no time');
      return undefined;
    },
    onError: (error) => errors.push(error),
  });
  const running = schedule.run();
  await timing.advance(0);
  await timing.advance(29_999);
  assert.equal(reads, 1);
  assert.ok(errors.length > 0 && errors.every((error) => error instanceof TypeError), String(errors));
  await timing.advance(1);
  assert.equal(reads, 2);
  isBroken = false;
  schedule.reconsider();
  await timing.advance(60_000);
  assert.equal(reads, 2, 'what can be told again is kept to');
  await schedule.ask();
  assert.equal(reads, 3, 'whoever asks is answered');
  end.abort();
  await running;
});

test('a heartbeat continues after its listener for jumps has thrown', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const errors: unknown[] = [];
  const jumps: number[] = [];
  const beating = heartbeat({
    timing,
    signal: end.signal,
    everyMs: 5_000 as Milliseconds,
    onJump: (jumpMs) => {
      jumps.push(jumpMs);
      if (jumps.length === 1) throw new TypeError('not ready');
    },
    onError: (error) => errors.push(error),
  });
  await timing.advance(5_000);
  for (const jumpMs of [3_600_000, -7_200_000]) {
    timing.setClock(jumpMs);
    await timing.advance(5_000);
  }
  assert.deepEqual(jumps, [3_600_000, -7_200_000]);
  assert.equal(errors.length, 1);
  end.abort();
  await beating;
});

const template = 'b0b1b2b3-0000-4000-8000-000000000001' as TemplateId;

test('a mistake while a template is read is logged, and it is asked for again a minute later', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const errors: unknown[] = [];
  let asked = 0;
  const read = async () => {
    asked += 1;
    if (asked === 1) throw new TypeError('boom');
    return { build_time_stats: { start: { P50: 20_000 } } };
  };
  const times = new BuildTimes({ read } as unknown as Calls, {
    timing,
    signal: end.signal,
    onError: (error) => errors.push(error),
  });
  times.learn(template);
  await timing.advance(59_000);
  times.learn(template);
  await timing.advance(500);
  assert.equal(asked, 1);
  assert.equal(errors.length, 1);
  await timing.advance(500);
  times.learn(template);
  await timing.advance(0);
  assert.equal(times.known.value.get(template)?.start, 20_000);
  end.abort();
});

test('what goes on in the background is caught: a failure is told, a wait that was called off is not', async () => {
  const told: unknown[] = [];
  const onError = (error: unknown) => told.push(error);
  inBackground(Promise.reject(new TypeError('boom')), onError);
  inBackground(Promise.reject(new DOMException('called off', 'AbortError')), onError);
  inBackground(Promise.resolve(), onError);
  await new Promise(setImmediate);
  assert.deepEqual(told.map(String), ['TypeError: boom']);
});

/** When a stream that is lost after `frames` workspaces, again and again, was opened. */
const openings = async (frames: number): Promise<number[]> => {
  const timing = new ManualTiming();
  const opened: MonotonicMs[] = [];
  const id = 'aaaaaaaa-0000-4000-8000-000000000001' as WorkspaceId;
  const watch = async function* (): AsyncGenerator<WatchEvent> {
    opened.push(timing.monotonicMs());
    yield { kind: 'open' };
    for (let frame = 0; frame < frames; frame += 1) yield { kind: 'workspace', workspace: workspace('running') };
    throw new ApiError({ kind: 'unreachable', operation: listWorkspaces, host: 'coder.example.com' });
  };
  const watching = new Watching({
    watch,
    timing,
    onWorkspace: () => undefined,
    onChange: () => undefined,
    onRefused: () => Promise.resolve(),
    onDoubt: () => Promise.resolve(),
    onError: assert.ifError,
    log: () => undefined,
  });
  watching.follow([id]);
  // It is opened in a turn of its own.
  for (let turns = 0; turns < 5; turns += 1) await timing.advance(0);
  await timing.advance(40_000);
  watching.follow([]);
  return opened.map((at) => at - 1_000);
};

test('a stream that is lost right after its snapshot comes back ever later, one that brought a change after a second', async () => {
  const onlySnapshots = await openings(1);
  const withChanges = await openings(2);
  assert.ok(onlySnapshots.length < 8, `opened ${onlySnapshots.length} times within 40 s`);
  assert.ok(withChanges.length >= 38, `opened ${withChanges.length} times within 40 s`);
});
