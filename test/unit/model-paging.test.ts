// Pages of a list that changes while it is read, by a simulated deployment of either age: no gap and no double.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calls } from '../../src/api/calls.ts';
import { ApiError } from '../../src/api/errors.ts';
import { getWorkspace } from '../../src/api/operations.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import { readListing } from '../../src/model/listing.ts';
import { exchange } from '../recorded.ts';
import { propertyRuns } from '../propertyRuns.ts';

const [recorded] = (exchange('v2', 'workspaces').response.body as { workspaces: Record<string, object>[] }).workspaces;
// Thousands are decoded.
const sample = { ...recorded, latest_build: { ...recorded?.latest_build, resources: [] } };

interface Item {
  readonly id: WorkspaceId;
  name: string;
  usedAt: number;
  isRunning: boolean;
  isFavorite: boolean;
  /** V2 drops it from its page, since its template can't be read. */
  readonly isHidden: boolean;
}

interface World {
  readonly age: 'v0' | 'v2';
  readonly tellsCount: boolean;
  readonly items: Map<WorkspaceId, Item>;
  readonly random: () => number;
  made: number;
}

/** Numbers from 0 to 1, the same for the same seed. */
const randomFrom = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

const create = (world: World): void => {
  const id = `aaaaaaaa-0000-4000-8000-${String(world.made++).padStart(12, '0')}` as WorkspaceId;
  const { random, age } = world;
  const name = `w-${Math.floor(random() * 1e9)}`;
  const isHidden = age === 'v2' && random() < 0.02;
  world.items.set(id, { id, name, usedAt: random(), isRunning: random() < 0.3, isFavorite: false, isHidden });
};

const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Contract 2.4, row "Order". */
const inOrder = ({ age, items }: World): Item[] =>
  [...items.values()].sort((one, other) =>
    age === 'v0'
      ? other.usedAt - one.usedAt || byText(one.name, other.name)
      : Number(other.isFavorite) - Number(one.isFavorite) ||
        Number(other.isRunning) - Number(one.isRunning) ||
        byText(one.name, other.name),
  );

/** One thing happens to one workspace. */
const change = (world: World): void => {
  const { random, items } = world;
  const [item] = [...items.values()].slice(Math.floor(random() * items.size));
  const what = Math.floor(random() * 6);
  if (what === 0 || item === undefined) create(world);
  else if (what === 1) items.delete(item.id);
  else if (what === 2) item.name = `r-${Math.floor(random() * 1e9)}`;
  else if (what === 3) item.usedAt = 1 + random();
  else if (what === 4) item.isRunning = !item.isRunning;
  else item.isFavorite = !item.isFavorite;
};

interface Asked {
  readonly query: { readonly limit: number; readonly offset: number };
}

/** `churn`: how many changes there are before an answer, on average. */
const clientOf = (world: World, churn: { perAnswer: number }) => {
  const rowOf = ({ id, name }: Item) => ({ ...sample, id, name });
  const answer = (path: string, decode: (value: unknown) => unknown, { query }: Asked): unknown => {
    for (let left = churn.perAnswer; left > world.random(); left -= 1) change(world);
    const id = path.split('/')[2] as WorkspaceId | undefined;
    if (id !== undefined) {
      const item = world.items.get(id);
      if (item === undefined || item.isHidden)
        throw new ApiError({ kind: 'notFound', operation: getWorkspace, host: 'x' });
      return decode(rowOf(item));
    }
    const all = inOrder(world);
    const page = all.slice(query.offset, query.offset + query.limit);
    // V0 counts nothing beyond the end, and sorts each page anew.
    const count = world.age === 'v0' && page.length === 0 ? 0 : all.length;
    const rows = page.filter(({ isHidden }) => !isHidden).map(rowOf);
    if (world.age === 'v0') rows.reverse();
    return decode({ workspaces: rows, ...(world.tellsCount ? { count } : {}) });
  };
  const read = (_: unknown, path: string, decode: (value: unknown) => unknown, __: unknown, asked: Asked) =>
    Promise.resolve().then(() => answer(path, decode, asked));
  const calls = { read, features: { observeWorkspace: () => undefined } } as unknown as Calls;
  return { calls };
};

const SIZES = [0, 1, 99, 100, 101, 199, 200, 201, 250, 430, 700];
const READS = 4;

const { seed, numRuns } = propertyRuns(33);

for (const age of ['v0', 'v2'] as const)
  for (const tellsCount of [true, false])
    test(`what is created, deleted, renamed, used, or started while ${age}’s pages are read ${tellsCount ? 'with' : 'without'} a count makes no gap and no double`, async () => {
      let reads = 0;
      let unknownMissed = 0;
      for (let round = 0; round < numRuns; round += 1) {
        const told = `round ${round} of seed ${seed}`;
        const random = randomFrom(seed * 10_007 + round);
        const world: World = { age, tellsCount, items: new Map(), random, made: 0 };
        while (world.items.size < (SIZES[round % SIZES.length] ?? 0)) create(world);
        const churn = { perAnswer: [0.2, 1, 2][round % 3] ?? 0 };
        const client = clientOf(world, churn);
        let known: ReadonlySet<WorkspaceId> = new Set();
        for (let read = 1; read <= READS; read += 1) {
          if (read === READS) churn.perAnswer = 0;
          const before = listedIn(world);
          const { workspaces } = await readListing({ ...client, q: 'q', signal: new AbortController().signal, known });
          const ids = new Set(workspaces.map(({ id }) => id));
          assert.equal(ids.size, workspaces.length, `a double in ${told}`);
          const missed = before.filter((id) => world.items.has(id) && !ids.has(id));
          assert.deepEqual(
            missed.filter((id) => known.has(id)),
            [],
            `what was known and is there is missing in ${told}`,
          );
          reads += 1;
          if (missed.length > 0) unknownMissed += 1;
          if (read === READS) assert.deepEqual([...ids].sort(), listedIn(world).sort(), `the end of ${told}`);
          known = ids;
        }
      }
      // Only counts tell that a row that nobody knew is in no page; else the next read brings it.
      assert.ok(unknownMissed <= reads * (tellsCount ? 0.01 : 0.1), `${unknownMissed} of ${reads} reads missed some`);
    });

const listedIn = ({ items }: World): WorkspaceId[] =>
  [...items.values()].filter(({ isHidden }) => !isHidden).map(({ id }) => id);
