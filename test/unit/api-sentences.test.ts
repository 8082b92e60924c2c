import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal, type Answer } from '../../src/api/answer.ts';
import { ApiError, messageOf, type ApiErrorFacts } from '../../src/api/errors.ts';
import * as operations from '../../src/api/operations.ts';
import { withFullStop } from '../../src/api/sentences.ts';

const { createBuild, getMe } = operations;

const failure = (facts: Partial<ApiErrorFacts>): string =>
  new ApiError({ kind: 'invalid', operation: getMe, host: 'coder.example.com', ...facts }).message;

test('sentences that are joined end with a full stop, and get none where they have one', () => {
  assert.equal(
    failure({ serverMessage: 'Invalid template', detail: 'no such version' }),
    'Coder rejected the request. Coder says: Invalid template (no such version).',
  );
  assert.equal(failure({ serverMessage: 'Really?' }), 'Coder rejected the request. Coder says: Really?');
  assert.equal(
    failure({
      validations: [
        { field: 'name', detail: 'Must be shorter' },
        { field: 'repo', detail: 'Is no address.' },
      ],
    }),
    'Coder rejected these values: name, repo. name: Must be shorter. repo: Is no address.',
  );
});

test('what the message says already is not said again of its field', () => {
  const detail = 'Schedule must be at least 1 minute';
  assert.equal(
    failure({ serverMessage: detail, validations: [{ field: 'ttl_ms', detail }] }),
    'Coder rejected the time before autostop. Coder says: Schedule must be at least 1 minute.',
  );
});

test('a sentence has its end also behind a quote or a bracket; nothing stays nothing', () => {
  for (const whole of ['Done.', 'Really?', 'He said “no.”', 'It failed (see the log.)', '完了しました。', '…']) {
    assert.equal(withFullStop(whole), whole);
  }
  assert.equal(withFullStop('quota exceeded'), 'quota exceeded.');
  assert.equal(withFullStop(''), '');
});

test('what says nothing leaves no colon, no bracket and no name behind', () => {
  const silent = [' ', '\u001b[0m', '\u202e'];
  for (const text of silent) {
    assert.equal(failure({ serverMessage: text, detail: text }), 'Coder rejected the request.');
    assert.equal(failure({ serverMessage: 'No', detail: text }), 'Coder rejected the request. Coder says: No.');
    assert.equal(
      failure({ validations: [{ field: 'repo', detail: text }] }),
      'Coder rejected “repo”.',
      JSON.stringify(text),
    );
  }
});

test('who may not see a workspace is not told that it may not be changed (contract 2.3)', () => {
  const { getWorkspace, getWorkspaceByName, watchWorkspace, listBuilds, getTimings, setDormant, extend } = operations;
  for (const operation of [getWorkspace, getWorkspaceByName, watchWorkspace, listBuilds, getTimings])
    assert.equal(failure({ kind: 'forbidden', operation }), "You don't have permission to do this.", operation.name);
  for (const operation of [setDormant, extend])
    assert.match(failure({ kind: 'forbidden', operation }), /change this workspace\.$/, operation.name);
});

test('a 401 keeps the server’s reason, and says it', () => {
  const error = refusal({
    ...answer('application/json', '{"message":"You are signed out.","detail":"API key has expired."}'),
    status: 401,
  });
  assert.equal(error.detail, 'API key has expired.');
  assert.match(error.message, /Coder says: You are signed out\. \(API key has expired\.\)$/);
});

test('whatever is thrown, a person reads its message or that the error is unknown', () => {
  const aggregated = new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })]);
  for (const [thrown, said] of [
    [new Error('the disk is full'), 'the disk is full'],
    ['out of order', 'out of order'],
    [{ message: 'a rejected request' }, 'a rejected request'],
    [Object.assign(new Error(''), { code: 'EPIPE' }), 'EPIPE'],
    [aggregated, 'ECONNREFUSED'],
    [new Error(''), 'unknown error'],
    [new Error('undefined'), 'unknown error'],
    [new Error('[object Object]'), 'unknown error'],
    ['Error: null', 'unknown error'],
    [new AggregateError([]), 'unknown error'],
    [new Error(' \u001b[0m'), 'unknown error'],
    [undefined, 'unknown error'],
    [null, 'unknown error'],
    [{}, 'unknown error'],
    [{ message: { code: 7 } }, 'unknown error'],
    [42, 'unknown error'],
  ] as const) {
    assert.equal(messageOf(thrown), said);
  }
});

const answer = (type: string, body: string | Buffer): Answer => ({
  operation: createBuild,
  host: 'coder.example.com',
  maybeDone: true,
  status: 400,
  headers: { 'content-type': type, 'x-coder-build-version': 'v2.31.0' },
  body: Buffer.from(body),
});

test('Coder’s plain words are quoted, but no JSON without a message and no bytes', () => {
  const refused = (type: string, body: string | Buffer): string => refusal(answer(type, body)).message;
  const ours = 'Coder rejected the template version or the parameter values.';
  assert.equal(refused('text/plain; charset=utf-8', 'Something is wrong\n'), `${ours} Coder says: Something is wrong.`);
  for (const [type, body] of [
    ['application/json', '{"error":{"code":7}}'],
    ['application/json', '[1,2]'],
    ['application/json', 'undefined'],
    ['application/octet-stream', Buffer.from([1, 2, 3])],
    ['text/plain', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['text/plain', Buffer.from('größe', 'latin1')],
    ['text/plain', ''],
  ] as const) {
    assert.equal(refused(type, body), ours, type);
  }
});

const gateways = (status: number, type = 'text/html', body = '<h1>Error</h1>'): ApiError =>
  refusal({ ...answer(type, body), status, headers: { 'content-type': type } });

test('a gateway’s page with any 5xx is no error of Coder’s, and leaves open whether a write was done', () => {
  for (const status of [500, 501, 502, 503, 504, 508, 520, 521, 522, 523, 524, 525, 526, 530]) {
    const error = gateways(status);
    assert.equal(error.message, 'coder.example.com is currently unavailable.', String(status));
    assert.ok(error.maybeDone, String(status));
  }
  assert.equal(gateways(511).kind, 'notCoder', 'the sign-on page of a network');
  assert.ok(gateways(408).maybeDone, 'it waited for the answer');
  assert.ok(!gateways(403).maybeDone, 'it let nothing through');
  const own = refusal({ ...answer('application/json', '{"message":"Internal error."}'), status: 500 });
  assert.equal(own.message, 'Coder had an internal error. Coder says: Internal error.');
  assert.ok(own.maybeDone, 'it may have gone wrong after the write');
});

test('JSON without the deployment’s version, which all its answers name, is not Coder’s', () => {
  const own = answer('application/json', '{"message":"Unauthorized"}');
  const foreign = { ...own, headers: { 'content-type': 'application/json' }, isForeign: true };
  assert.equal(refusal({ ...own, status: 401 }).kind, 'unauthorized');
  assert.equal(refusal({ ...foreign, status: 401 }).kind, 'proxy');
  assert.equal(refusal({ ...foreign, status: 404 }).kind, 'notCoder');
  assert.equal(refusal({ ...foreign, status: 503 }).serverMessage, undefined);
});

test('a colon that nothing comes after goes', () => {
  assert.equal(withFullStop('Error: creating the instance:'), 'Error: creating the instance.');
  assert.equal(withFullStop(' : '), '');
});
