import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncQueue } from '../../src/api/asyncQueue.ts';
import { jsonLines } from '../../src/api/json.ts';
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
  full.push(1, true);
  full.push(2);
  full.push(3, true);
  assert.deepEqual(await full.take(), [1, 3], 'the last one gives way');

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
