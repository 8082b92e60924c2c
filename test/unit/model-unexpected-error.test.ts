import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorInFull, UnexpectedError, unexpectedErrorLog } from '../../src/model/unexpectedError.ts';

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

test('an error is logged in full with its causes, also where these go round in a circle or are no errors', () => {
  const wrapped = new UnexpectedError(new Error('lost', { cause: 'no route' }));
  assert.match(errorInFull(wrapped), /UnexpectedError: .*\n[^]*Error: lost\n[^]*\nno route$/);
  const one = new Error('one');
  one.cause = new Error('other', { cause: one });
  assert.match(errorInFull(one), /Error: one\n[^]*Error: other\n/);
  const noStack = new Error('no stack');
  Object.defineProperty(noStack, 'stack', { get: () => assert.fail('looked at') });
  assert.equal(errorInFull(noStack), 'no stack');
  const noCause = Object.defineProperty(new Error('no cause'), 'cause', { get: () => assert.fail('looked at') });
  assert.match(errorInFull(noCause), /no cause/);
  const nothing = new Proxy(new Error('hidden'), { get: () => assert.fail('looked at') });
  assert.equal(errorInFull(nothing), 'unknown error');
  for (const thrown of [undefined, null, 7, NOT_A_TEXT, Symbol('x'), []]) {
    assert.equal(errorInFull(thrown), 'unknown error');
  }
});
