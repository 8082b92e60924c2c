import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { readRows } from '../../src/api/body.ts';
import * as operations from '../../src/api/operations.ts';
import { LogEntry } from '../../src/api/schemas/workspaces.ts';
import { isSliceOver, nextSlice, SLICE_MS } from '../../src/api/slices.ts';
import type { Milliseconds } from '../../src/api/units.ts';

/** Counts the turns of the host's loop until `work` is done. */
const turnsOf = async (work: (turn: () => number) => Promise<unknown>): Promise<number> => {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work(() => turns);
  isDone = true;
  return turns;
};

test('of all who have long work, one gets a slice in each turn of the loop, and each in its turn', async () => {
  const slices: { readonly who: number; readonly turn: number }[] = [];
  await turnsOf((turn) =>
    Promise.all(
      [0, 1, 2].map(async (who) => {
        for (let slice = 0; slice < 3; slice += 1) {
          await nextSlice();
          slices.push({ who, turn: turn() });
        }
      }),
    ),
  );
  assert.deepEqual(
    slices.map(({ who }) => who),
    [0, 1, 2, 0, 1, 2, 0, 1, 2],
  );
  assert.equal(new Set(slices.map(({ turn }) => turn)).size, slices.length, JSON.stringify(slices));
});

test('what one has used up of a turn is used up for all, and the next turn begins anew', async (t) => {
  let nowMs = performance.now();
  t.mock.method(performance, 'now', () => nowMs);
  await nextSlice();
  assert.equal(isSliceOver(), false);
  nowMs += SLICE_MS + 1;
  assert.equal(isSliceOver(), true);
  await nextSlice();
  assert.equal(isSliceOver(), false);
});

test('a list that has come whole is read in slices, between which the host gets its turn', async () => {
  const entry = {
    id: 1,
    created_at: '2026-11-25T18:04:11Z',
    log_source: 'provisioner',
    stage: 'Planning',
    output: 'x',
  };
  const bytes = Buffer.from(
    JSON.stringify(Array.from({ length: 60_000 }, (_, index) => ({ ...entry, id: index + 1 }))),
  );
  const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
    bytes.subarray(index * 65_536, (index + 1) * 65_536),
  );
  const body = Object.assign(Readable.from(chunks), { complete: true }) as unknown as IncomingMessage;
  const reading = {
    where: { operation: operations.buildLogs, host: 'coder.example.com' },
    idleMs: 60_000 as Milliseconds,
    signal: new AbortController().signal,
  };
  const opened = { status: 200, headers: {}, body, sentAt: 0, receivedAt: 0 };
  let rows = 0;
  const turns = await turnsOf(async () => (rows = (await readRows(opened, reading, LogEntry)).rows.length));
  assert.equal(rows, 60_000);
  assert.ok(turns >= 5, `${turns} turns while 60,000 rows were read`);
});
