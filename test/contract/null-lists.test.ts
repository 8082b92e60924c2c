import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { soon } from './client-fixture.ts';
import { callFor, unused } from './recordings-calls.ts';
import { exchange, exchangeNames, type Exchange } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const isUnused = (name: string): boolean =>
  unused.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Where the lists in `value` are; `*` stands for each row of a list. */
const listPaths = (value: Json, path: readonly string[] = []): string[][] => {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return [[...path], ...value.flatMap((row) => listPaths(row, [...path, '*']))];
  return Object.entries(value).flatMap(([key, part]) => listPaths(part, [...path, key]));
};

/** `value` with the lists at `path` replaced by `null`, or left out. */
const without = (value: Json, [key, ...rest]: readonly string[], instead: null | undefined): Json | undefined => {
  if (key === undefined) return instead;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((row) => without(row, rest, instead) ?? null);
  if (!(key in value)) return value;
  const { [key]: part, ...others } = value;
  const changed = without(part as Json, rest, instead);
  return changed === undefined ? others : { ...others, [key]: changed };
};

const shape = (path: string): string => path.replace(/\?.*$/, '').replace(/[\da-f]{8}-[\da-f-]{27}/g, '*');

for (const age of ['v0', 'v2', 'v2.36'] as const) {
  describe(`lists that ${age} may send as null or not at all`, async () => {
    const replay = await startReplay();
    const seen = new Set<string>();

    /** As it came, and once for each of its lists that no other recording of the same request had. */
    const variants = (recorded: Exchange): { readonly title: string; readonly exchange: Exchange }[] => {
      const body = recorded.response.body as Json;
      return listPaths(body).flatMap((path) => {
        const title = `${recorded.request.method} ${shape(recorded.request.path)} ${['body', ...path].join('.')}`;
        if (seen.has(title)) return [];
        seen.add(title);
        return [null, undefined].flatMap((instead) => {
          const changed = without(body, path, instead);
          if (changed === undefined) return [];
          const response = { ...recorded.response, body: changed };
          return [
            { title: `${title} ${instead === null ? 'is null' : 'is absent'}`, exchange: { ...recorded, response } },
          ];
        });
      });
    };

    /** What the client makes of it: the value, or the kind of its error. */
    const outcome = async (recorded: Exchange): Promise<{ value: unknown } | { kind: unknown; words: unknown }> => {
      const call = callFor(recorded);
      assert.ok(call, recorded.request.path);
      replay.answer(replying(recorded));
      try {
        return { value: await call(new CoderClient({ url: replay.url, token: 'key-secret' }), soon()) };
      } catch (error) {
        const { kind, serverMessage } = error as { kind: unknown; serverMessage: unknown };
        return { kind, words: serverMessage };
      }
    };

    test('each of them reads as an empty list, and loses no row', async () => {
      const failures: string[] = [];
      let tried = 0;
      for (const name of exchangeNames(age).filter((each) => !isUnused(each))) {
        const recorded = exchange(age, name);
        const cases = variants(recorded);
        if (cases.length === 0) continue;
        const usual = await outcome(recorded);
        for (const { title, exchange: changed } of cases) {
          tried += 1;
          const read = await outcome(changed);
          const value = 'value' in read ? read.value : undefined;
          const skipped = (value as { skippedRows?: number } | undefined)?.skippedRows ?? 0;
          if ('value' in read !== 'value' in usual) failures.push(`${title}: ${JSON.stringify(read).slice(0, 200)}`);
          else if (skipped !== 0) failures.push(`${title}: ${skipped} rows lost`);
          else if ('kind' in read && 'kind' in usual) {
            if (read.kind !== usual.kind || read.words !== usual.words)
              failures.push(`${title}: ${JSON.stringify(read)}`);
          }
        }
      }
      assert.ok(tried > 20, `only ${tried} lists were tried`);
      assert.deepEqual(failures, []);
    });

    test('an object with neither rows nor a count is not taken for an empty list', async () => {
      for (const name of ['workspaces', 'users-list-member'].filter((each) => exchangeNames(age).includes(each))) {
        const recorded = exchange(age, name);
        for (const body of [{}, { count: 1, workspaces: {}, users: 'none' }]) {
          const read = await outcome({ ...recorded, response: { ...recorded.response, status: 200, body } });
          assert.deepEqual(read, { kind: 'unreadable', words: undefined }, `${name} ${JSON.stringify(body)}`);
        }
      }
    });
  });
}
