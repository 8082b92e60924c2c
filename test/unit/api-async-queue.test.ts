import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncQueue } from '../../src/api/asyncQueue.ts';
import { jsonLines, parseJson } from '../../src/api/json.ts';
import { LogCursor } from '../../src/api/logCursor.ts';

test('a queue gives everything that is queued before its end or its failure', async () => {
  const queue = new AsyncQueue<number>();
  const waiting = queue.take();
  queue.push(1);
  queue.push(2);
  assert.deepEqual(await waiting, [1, 2]);
  queue.push(3);
  queue.fail(new Error('lost'));
  queue.push(4);
  assert.deepEqual(await queue.take(), [3]);
  await assert.rejects(queue.take(), /lost/);

  const full = new AsyncQueue<number>();
  for (const item of [1, -2, 3, -4, 5]) full.push(item, 3, (queued) => queued > 0);
  assert.deepEqual(await full.take(), [-2, -4, 5], 'an outdated one gives way');
  for (const item of [1, 2, -3]) full.push(item, 2, (queued) => queued > 0);
  assert.deepEqual(await full.take(), [2, -3], 'the newest that is whole stays, also where an error comes behind it');
  for (const item of [1, -2, -3]) full.push(item, 2, (queued) => queued > 0);
  assert.deepEqual(await full.take(), [1, -3], 'the only one that is whole stays');
  for (const item of [-1, -2, -3]) full.push(item, 2, (queued) => queued > 0);
  assert.deepEqual(await full.take(), [-1, -3], 'where none is, the last one');

  const ended = new AsyncQueue<number>();
  const nothing = ended.take();
  ended.end();
  ended.fail(new Error('too late'));
  assert.deepEqual(await nothing, []);
});

test('several JSON objects in one message are read one by one, and what is none is left out', () => {
  assert.deepEqual(jsonLines('{"a":1}\n'), [{ a: 1 }]);
  assert.deepEqual(jsonLines('{"a":1}\r\n{"b":2}\n\nnonsense\n[3]\nnull\n'), [{ a: 1 }, { b: 2 }, [3], null]);
  assert.deepEqual(jsonLines(''), []);
});

test('a log gives each entry once, ascending, and goes on after the highest', () => {
  const log = new LogCursor(5);
  assert.deepEqual(log.add([{ id: 9 }, { id: 7 }, { id: 9 }]), [{ id: 7 }, { id: 9 }]);
  assert.equal(log.lastId, 9);
  assert.deepEqual(log.add([{ id: 8 }, { id: 7 }]), [{ id: 8 }]);
  assert.equal(log.lastId, 9);
});

test('A message of a million lines that are no JSON takes no longer than one, and what stood before them is read', () => {
  assert.deepEqual(jsonLines('{"id":1}\nx\n{"id":2}'), [{ id: 1 }, { id: 2 }]);
  assert.deepEqual(jsonLines(`{"id":1}\n${'[\n'.repeat(4_000_000)}{"id":2}`), [{ id: 1 }]);
});

test('JSON that nests deeper than any answer of Coder is none, whatever is in between, and brackets in texts are no levels', () => {
  const nested = (open: string, close: string, levels: number): string =>
    `${open.repeat(levels)}1${close.repeat(levels)}`;
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
    ['[[], "]]", [', ']]'],
    ['{"\\"": [{}, ', ']}'],
  ] as const) {
    assert.equal(parseJson(nested(open, close, 400_000)), undefined, open);
    assert.deepEqual(jsonLines(nested(open, close, 400_000)), [], open);
    const shallow = `[${'0,'.repeat(60_000)}${nested(open, close, 40)}]`;
    assert.ok(Array.isArray(parseJson(shallow)), open);
  }
  const texts = ['[[{'.repeat(40_000), `"${'['.repeat(60_000)}`, '\\'.repeat(60_000), '{'.repeat(60_000)];
  assert.deepEqual(parseJson(JSON.stringify({ texts })), { texts });
});
