import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EpochMs } from '../../src/api/units.ts';
import { deadlineProblem, extendedSentence, extensionChoices } from '../../src/model/extend.ts';
import { at, fromNow, NOW, PLACE, stopping, workspace } from './model-fixture.ts';

const inMinutes = (minutes: number): EpochMs => (NOW + minutes * 60_000) as EpochMs;
const labels = (subject: ReturnType<typeof workspace>): string[] =>
  extensionChoices(subject, NOW, PLACE).choices.map((choice) => choice.label);
const maxIn = (minutes: number) => ({ max_deadline: fromNow(minutes) });

test('an hour more is exactly an hour after the deadline, and each choice shows the resulting time', () => {
  const { choices, limit } = extensionChoices(stopping(20), NOW, PLACE);
  assert.deepEqual(
    choices.map((choice) => [choice.label, new Date(choice.deadlineAt).toISOString(), choice.description]),
    [
      ['+30 min', '2026-11-25T16:30:00.000Z', 'stops 16:30, in 50 min'],
      ['+1 h', '2026-11-25T17:00:00.000Z', 'stops 17:00, in 1 h 20 min'],
      ['+2 h', '2026-11-25T18:00:00.000Z', 'stops 18:00, in 2 h 20 min'],
      ['+4 h', '2026-11-25T20:00:00.000Z', 'stops 20:00, in 4 h 20 min'],
    ],
  );
  assert.equal(limit, undefined);
});

test('what the maximum forbids is absent, the maximum itself is offered, and the reason stands there', () => {
  const subject = stopping(60, { build: { deadline: fromNow(60), ...maxIn(140) } });
  assert.deepEqual(labels(subject), ['+30 min', '+1 h', 'As long as allowed']);
  const { choices, limit } = extensionChoices(subject, NOW, PLACE);
  assert.equal(choices.at(-1)?.deadlineAt, inMinutes(140));
  assert.equal(limit, 'api-server must stop by 18:00, in 2 h 20 min.');
});

test('the maximum is not offered twice', () => {
  assert.deepEqual(labels(stopping(60, { build: { deadline: fromNow(60), ...maxIn(120) } })), ['+30 min', '+1 h']);
});

test('a required stop offers nothing and says so', () => {
  const subject = stopping(50, { build: { deadline: fromNow(50), ...maxIn(50) } });
  const { choices, limit } = extensionChoices(subject, NOW, PLACE);
  assert.deepEqual(choices, []);
  assert.match(limit ?? '', /required to stop at 16:30, in 50 min/);
});

test('an extension that would end within half an hour is absent, and the reason stands there', () => {
  assert.deepEqual(labels(stopping(-10)), ['+1 h', '+2 h', '+4 h']);
  const { limit } = extensionChoices(stopping(-10), NOW, PLACE);
  assert.equal(limit, 'The stop time must be at least 30 minutes from now: 16:10 or later.');
});

test('a build that was made a day ago can still be extended: no limit is made up', () => {
  const subject = stopping(60, { build: { deadline: fromNow(60), updated_at: fromNow(-23 * 60) } });
  assert.equal(labels(subject).length, 4);
});

test('where no stop is counted there is nothing to put off', () => {
  for (const subject of [workspace('running'), workspace('stopped', { build: { deadline: fromNow(60) } })]) {
    assert.deepEqual(extensionChoices(subject, NOW, PLACE), {
      choices: [],
      limit: 'api-server has no scheduled stop.',
    });
  }
});

test('a clock time is held against both limits before it is sent', () => {
  const subject = stopping(60, { build: { deadline: fromNow(60), ...maxIn(120) } });
  assert.equal(deadlineProblem(subject, inMinutes(90), NOW, PLACE), undefined);
  assert.equal(deadlineProblem(subject, inMinutes(30), NOW, PLACE), undefined);
  assert.match(
    deadlineProblem(subject, inMinutes(29), NOW, PLACE) ?? '',
    /at least 30 minutes from now: 16:10 or later/,
  );
  assert.match(deadlineProblem(subject, inMinutes(121), NOW, PLACE) ?? '', /must stop by 17:40/);
  assert.match(deadlineProblem(workspace('stopped'), inMinutes(90), NOW, PLACE) ?? '', /no scheduled stop/);
});

test('the result names the workspace, the time and what was added', () => {
  const before = at('2026-11-25T18:30:00Z');
  const say = (after: string): string => extendedSentence('api-server', before, at(after), NOW, PLACE);
  assert.equal(say('2026-11-25T19:30:00Z'), 'api-server now stops at 19:30 (1 h later).');
  assert.equal(say('2026-11-25T18:00:00Z'), 'api-server now stops at 18:00 (30 min earlier).');
  assert.equal(extendedSentence('api-server', undefined, before, NOW, PLACE), 'api-server now stops at 18:30.');
});
