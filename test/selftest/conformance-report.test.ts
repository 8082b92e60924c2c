import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOf, assertStatus } from '../conformance/age.ts';
import { allChecks, checksAbout } from '../conformance/checks/index.ts';
import { isLoopback, readOptions, UsageError } from '../conformance/options.ts';
import { guess } from '../conformance/parameters.ts';
import { progressLine, table, toJson, type Report } from '../conformance/report.ts';
import type { Outcome, Result } from '../conformance/runner.ts';

test('The age follows from what is there, and not from a version', () => {
  const signs = { richParameters: true, parameterFlow: true, dashboardUrl: true };
  assert.equal(ageOf(signs), 'today');
  assert.equal(ageOf({ ...signs, parameterFlow: false }), 'between');
  assert.equal(ageOf({ richParameters: false, parameterFlow: false, dashboardUrl: false }), 'document');
});

test('Without a template to ask for, the age follows from what the deployment says of itself', () => {
  const signs = { richParameters: undefined, parameterFlow: undefined };
  assert.equal(ageOf({ ...signs, dashboardUrl: true }), 'today');
  assert.equal(ageOf({ ...signs, dashboardUrl: false }), 'document');
});

test('Each age answers with its own status, and in between either is right', () => {
  const expected = { document: 412, today: 400 };
  assertStatus('document', 412, expected);
  assertStatus('today', 400, expected);
  assertStatus('between', 412, expected);
  assertStatus('between', 400, expected);
  assert.throws(() => assertStatus('document', 400, expected), /status 400, not 412/);
  assert.throws(() => assertStatus('today', 412, expected), /status 412, not 400/);
  assert.throws(() => assertStatus('between', 409, expected), /status 409, not 412 or 400/);
  assert.throws(() => assertStatus('today', undefined, 404), /status none, not 404/);
});

test('A value is guessed by its choices, its type and its pattern, or not at all', () => {
  const wanted = { name: 'x', type: 'string', options: [] };
  assert.equal(guess({ ...wanted, options: ['eu', 'us'] }), 'eu');
  assert.equal(guess({ ...wanted, type: 'list(string)', options: ['a', 'b'] }), '["a"]');
  assert.equal(guess({ ...wanted, type: 'list(string)' }), '[]');
  assert.equal(guess({ ...wanted, type: 'number', min: 3 }), '3');
  assert.equal(guess({ ...wanted, type: 'number' }), '1');
  assert.equal(guess({ ...wanted, type: 'bool' }), 'false');
  assert.equal(guess({ ...wanted, regex: '^https://.+$' }), 'https://example.com/conformance.git');
  assert.equal(guess({ ...wanted, regex: '^[0-9]$' }), '1');
  assert.equal(guess({ ...wanted, regex: '^ticket-[0-9]{9}$' }), undefined);
  assert.equal(guess({ ...wanted, regex: '(?i)go only' }), undefined);
});

test('Only this machine itself is acted on without a question', () => {
  for (const own of ['localhost', 'dev.localhost', '127.0.0.1', '127.1.2.3', '::1']) assert.ok(isLoopback(own), own);
  for (const other of ['coder.example.com', '10.0.0.1', 'localhost.example.com', '128.0.0.1', '0.0.0.0', '::2']) {
    assert.ok(!isLoopback(other), other);
  }
});

test('Options are read, and an unknown one or a missing address is told', () => {
  assert.deepEqual(readOptions(['--url', 'x', '--only', 'Watch', '-y', '--json', 'f', '--template', 't']), {
    url: 'x',
    template: 't',
    only: 'Watch',
    json: 'f',
    yes: true,
  });
  assert.equal(readOptions(['--help']), undefined);
  assert.throws(() => readOptions([]), UsageError);
  assert.throws(() => readOptions(['--url', 'x', '--token', 'y']), UsageError);
});

test('Checks are chosen by a part of their operation or name, in any case', () => {
  assert.ok(checksAbout('watch').length >= 7);
  assert.deepEqual(checksAbout('no such thing'), []);
  assert.equal(checksAbout(undefined), allChecks);
});

test('A check that holds a worker comes after all that may need one', () => {
  const first = allChecks.findIndex((check) => check.holdsWorker === true);
  assert.ok(first > 0);
  assert.ok(allChecks.slice(first).every((check) => check.holdsWorker === true));
});

const result = (operation: Result['check']['operation'], name: string, outcome: Outcome): Result => ({
  check: { operation, name, run: () => Promise.resolve() },
  outcome,
  durationMs: 12.4,
});

const report: Report = {
  url: 'http://127.0.0.1:1',
  facts: { age: 'today', version: 'v2.31.0' },
  results: [
    result('Watch workspace', 'One', { kind: 'passed' }),
    result('Watch workspace', 'Two', { kind: 'skipped', reason: 'no time' }),
    result('Get build state', 'Three', { kind: 'failed', reason: 'status 500, not 404' }),
    result('Agents', 'Four', { kind: 'skipped', reason: 'none' }),
  ],
  left: ['conformance-1-x'],
};

test('The table has a row for each operation, and a reason for whatever did not pass', () => {
  const lines = table(report).split('\n');
  assert.ok(lines.some((line) => /^Watch workspace +1 +0 +1 +passed$/.test(line)));
  assert.ok(lines.some((line) => /^Get build state +0 +1 +0 +failed$/.test(line)));
  assert.ok(lines.some((line) => /^Agents +0 +0 +1 +skipped$/.test(line)));
  assert.ok(lines.some((line) => /^List workspaces +0 +0 +0 +not run$/.test(line)));
  assert.ok(lines.includes('    skipped: Two – no time'));
  assert.ok(lines.includes('    failed: Three – status 500, not 404'));
  assert.match(lines.at(-1) ?? '', /^All +1 +1 +2 +failed$/);
});

test('A line tells each outcome as it comes', () => {
  const [passed, skipped, failed] = report.results.map(progressLine);
  assert.equal(passed, '✓ Watch workspace: One [12 ms]');
  assert.equal(skipped, '– Watch workspace: Two (no time) [12 ms]');
  assert.equal(failed, '✗ Get build state: Three (status 500, not 404) [12 ms]');
});

test('The report for programs says the same', () => {
  const read = JSON.parse(toJson(report)) as {
    summary: unknown;
    left: unknown;
    operations: { operation: string; outcome: string; checks: unknown[] }[];
  };
  assert.deepEqual(read.summary, { passed: 1, failed: 1, skipped: 2 });
  assert.deepEqual(read.left, ['conformance-1-x']);
  const state = read.operations.find(({ operation }) => operation === 'Get build state');
  assert.equal(state?.outcome, 'failed');
  assert.deepEqual(state.checks, [{ name: 'Three', outcome: 'failed', reason: 'status 500, not 404', durationMs: 12 }]);
});
