import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Unreadable } from '../../src/api/schemas/schema.ts';
import { JsonElements } from '../../src/api/jsonElements.ts';

/** What is read of `text` when it comes in pieces of that many bytes. */
const read = (text: string, pieceBytes: number): string[] => {
  const elements = new JsonElements();
  const bytes = Buffer.from(text);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    found.push(...elements.push(bytes.subarray(at, at + pieceBytes)));
  elements.end();
  return found;
};

test('any array in pieces of any size is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.integer({ min: 1, max: 20 }),
      fc.boolean(),
      (array, pieceBytes, isSpaced) => {
        const text = JSON.stringify(array, undefined, isSpaced ? 2 : undefined);
        assert.deepEqual(
          read(text, pieceBytes).map((element) => JSON.parse(element) as unknown),
          JSON.parse(text),
        );
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test('braces, brackets, commas, quotes and letters of several bytes inside of a text end nothing', () => {
  const array = [
    { id: 1, output: '},{"\\' },
    { id: 2, output: ']["größe👍' },
    { id: 3, output: '\\"' },
  ];
  for (const pieceBytes of [1, 2, 3, 1000]) {
    assert.deepEqual(
      read(JSON.stringify(array), pieceBytes).map((element) => JSON.parse(element) as unknown),
      array,
    );
  }
});

test('Go’s null is an empty list, and an empty list is one', () => {
  for (const text of ['null', ' null\n', '[]', '[ ]\n']) assert.deepEqual(read(text, 1), []);
});

test('what is no list, not whole, or more than one list cannot be read', () => {
  for (const text of ['{"message":"no"}', '"[]"', 'nul', 'nullx', '', '[{"id":1}', '[{"id":1},', '[][]', '[]]']) {
    assert.throws(() => read(text, 3), Unreadable, text);
  }
});

test('each element is there as soon as the next one begins, though the list never ends', () => {
  const elements = new JsonElements();
  assert.deepEqual(elements.push(Buffer.from('[{"id":1},{"id"')), ['{"id":1}']);
  assert.deepEqual(elements.push(Buffer.from(':2},')), ['{"id":2}']);
});
