/* oxlint-disable typescript/require-await -- stands in for what is asynchronous */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calls } from '../../src/api/calls.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { readListing } from '../../src/model/listing.ts';
import { exchange } from '../recorded.ts';

const [sample] = (exchange('v2', 'workspaces').response.body as { workspaces: Record<string, unknown>[] }).workspaces;

const idOf = (index: number): string => `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`;
const rowOf = (index: number) => ({ ...sample, id: idOf(index), name: `w-${index}` });

/** A server whose order of rows changes after the answer number `after`. */
const moving = (before: readonly number[], after: number, then: readonly number[], count?: number) => {
  let answers = 0;
  const read = async (
    _: unknown,
    path: string,
    decode: (value: unknown) => unknown,
    __: unknown,
    { query }: { query: { limit: number; offset: number } },
  ) => {
    const id = path.split('/')[2];
    const order = answers < after ? before : then;
    if (id !== undefined) {
      return decode(rowOf(Number(id.slice(-12))));
    }
    answers += 1;
    const page = order.slice(query.offset, query.offset + query.limit);
    return decode({ workspaces: page.map(rowOf), count: count ?? order.length });
  };
  const calls = { read, features: { observeWorkspace: () => undefined } } as unknown as Calls;
  return { calls, answers: () => answers };
};

const all = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const namesOf = (rows: readonly Workspace[]): string[] => rows.map(({ name }) => name).sort();
const list = (calls: Calls, known: readonly string[] = []) =>
  readListing({ calls, q: 'owner:me', signal: new AbortController().signal, known: new Set(known) as never });

test('what keeps its order is read once, three pages for 250 rows', async () => {
  const { calls, answers } = moving(all(250), Infinity, []);
  assert.equal((await list(calls)).workspaces.length, 250);
  assert.equal(answers(), 3);
});

test('a count that is much too high costs a few empty pages, and no row', async () => {
  for (const count of [5_000, 1e12]) {
    const { calls, answers } = moving(all(150), Infinity, [], count);
    assert.equal((await list(calls)).workspaces.length, 150, String(count));
    assert.ok(answers() <= 8, `${answers()} pages`);
  }
});

test('a row that moves to an earlier page while they are read is neither missed nor there twice, also at the first load', async () => {
  // The last one is used, and comes first: page 2 begins with a row of page 1, and none has the one that moved.
  const { calls } = moving(all(250), 1, [249, ...all(249)]);
  const { workspaces } = await list(calls);
  assert.deepEqual(namesOf(workspaces), namesOf(all(250).map((index) => ({ name: `w-${index}` }) as Workspace)));
});

test('a row that goes while the pages are read takes no other one along', async () => {
  const left = all(250).filter((index) => index !== 3);
  const { calls } = moving(all(250), 1, left);
  const { workspaces } = await list(calls);
  for (const index of left)
    assert.ok(
      workspaces.some(({ name }) => name === `w-${index}`),
      `w-${index} is missing`,
    );
});

test('a list that never stands still is read twice, no more', async () => {
  let answers = 0;
  const read = async (
    _: unknown,
    path: string,
    decode: (value: unknown) => unknown,
    __: unknown,
    { query }: { query: { limit: number; offset: number } },
  ) => {
    const id = path.split('/')[2];
    if (id !== undefined) return decode(rowOf(Number(id.slice(-12))));
    answers += 1;
    const order = [...all(250).slice(answers), ...all(answers)];
    return decode({ workspaces: order.slice(query.offset, query.offset + query.limit).map(rowOf), count: 250 });
  };
  const calls = { read, features: { observeWorkspace: () => undefined } } as unknown as Calls;
  const { workspaces } = await list(calls);
  assert.equal(new Set(workspaces.map(({ id }) => id)).size, workspaces.length, 'no row is there twice');
  assert.ok(answers <= 7, `${answers} answers`);
});

test('up to twenty rows that were known and are in no page are looked up; of more the list is believed', async () => {
  const gone = (count: number): string[] => all(count).map((index) => idOf(500 + index));
  assert.equal((await list(moving(all(150), Infinity, []).calls, gone(20))).workspaces.length, 170);
  assert.equal((await list(moving(all(150), Infinity, []).calls, gone(21))).workspaces.length, 150);
});

test('a server that neither counts nor has pages is asked twice: what comes again is all that there is', async () => {
  let answers = 0;
  const read = async (_: unknown, __: unknown, decode: (value: unknown) => unknown) => {
    answers += 1;
    assert.ok(answers < 5, 'it is asked again and again');
    return decode({ workspaces: all(3).map(rowOf), count: 0 });
  };
  const calls = { read, features: { observeWorkspace: () => undefined } } as unknown as Calls;
  assert.equal((await list(calls)).workspaces.length, 3);
});
