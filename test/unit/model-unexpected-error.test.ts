import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnexpectedError, unexpectedErrorLog } from '../../src/model/unexpectedError.ts';

const NOT_A_TEXT: unknown = Object.create(null);

test('an object that cannot be made a text is logged and shown as any other error, and throws nothing itself', () => {
  const lines: string[] = [];
  const log = unexpectedErrorLog((line) => lines.push(line), new AbortController().signal);
  log(NOT_A_TEXT);
  log(NOT_A_TEXT);
  assert.equal(lines.length, 1, 'once');
  assert.match(lines[0] ?? '', /^unexpected: \S/);
  assert.doesNotMatch(lines[0] ?? '', /\[object|undefined/);
  assert.doesNotMatch(new UnexpectedError(NOT_A_TEXT).message, /\[object|undefined/);
});

test('an error is logged with its stack, and nothing once the reason to log is gone', () => {
  const lines: string[] = [];
  const end = new AbortController();
  const log = unexpectedErrorLog((line) => lines.push(line), end.signal);
  log(new TypeError('boom'));
  assert.match(lines[0] ?? '', /TypeError: boom\n/);
  end.abort();
  log(new Error('later'));
  assert.equal(lines.length, 1);
});
