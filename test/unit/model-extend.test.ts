import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs } from '../../src/api/units.ts';
import { deadlineProblem } from '../../src/model/deadlineLimits.ts';
import { extendedSentence, extensionChoices, movedTo, readUsual, type Move } from '../../src/model/extend.ts';
import { at, fromNow, NOW, PLACE, stopping, workspace } from './model-fixture.ts';

const inMinutes = (minutes: number): EpochMs => (NOW + minutes * 60_000) as EpochMs;
const labels = (subject: ReturnType<typeof workspace>): string[] =>
  extensionChoices(subject, NOW, PLACE).longer.map((choice) => choice.label);
const shorter = (subject: ReturnType<typeof workspace>): string[] =>
  extensionChoices(subject, NOW, PLACE).shorter.map((choice) => choice.label);
const maxIn = (minutes: number) => ({ max_deadline: fromNow(minutes) });

test('coder#2633, #2141: an hour more is exactly an hour after the deadline, and each choice shows the resulting time', () => {
  const subject = stopping(20);
  const { longer, limit } = extensionChoices(subject, NOW, PLACE);
  const leadsTo = (move: Move) => new Date(movedTo(move, subject, NOW, PLACE) ?? 0).toISOString();
  assert.deepEqual(
    longer.map((choice) => [choice.label, leadsTo(choice.move), choice.description]),
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
  const { longer, limit } = extensionChoices(subject, NOW, PLACE);
  assert.equal(longer.at(-1)?.move, 'longest');
  assert.equal(movedTo('longest', subject, NOW, PLACE), inMinutes(140));
  assert.equal(limit, 'api-server must stop by 18:00, in 2 h 20 min.');
});

test('the maximum is not offered twice', () => {
  assert.deepEqual(labels(stopping(60, { build: { deadline: fromNow(60), ...maxIn(120) } })), ['+30 min', '+1 h']);
});

test('coder PR#15445: a required stop offers nothing later and says why, and offers to stop earlier', () => {
  const subject = stopping(120, { build: { deadline: fromNow(120), ...maxIn(120) } });
  const { longer, never, limit, takesTime } = extensionChoices(subject, NOW, PLACE, 'ttlOff');
  assert.deepEqual([longer, never], [[], undefined]);
  assert.match(limit ?? '', /required to stop at 17:40, in 2 h/);
  assert.deepEqual(shorter(subject), ['−30 min', '−1 h', 'As soon as allowed']);
  assert.equal(takesTime, true);
});

test('a required stop that is less than half an hour away can be moved nowhere', () => {
  const subject = stopping(20, { build: { deadline: fromNow(20), ...maxIn(20) } });
  const { longer, shorter: sooner, takesTime } = extensionChoices(subject, NOW, PLACE);
  assert.deepEqual([longer, sooner, takesTime], [[], [], false]);
});

test('what would be sooner than half an hour from now is not offered as an earlier stop', () => {
  assert.deepEqual(shorter(stopping(20)), []);
  assert.deepEqual(shorter(stopping(61)), ['−30 min', 'As soon as allowed']);
  assert.deepEqual(shorter(stopping(60)), ['−30 min'], 'and not twice');
});

test('not to stop is a choice of its own that says what it does, where it is allowed', () => {
  const never = (subject: Workspace, keepsRunning?: 'ttlOff' | 'farExtension') =>
    extensionChoices(subject, NOW, PLACE, keepsRunning).never?.description;
  assert.equal(never(stopping(60)), undefined);
  assert.equal(never(stopping(60), 'ttlOff'), 'turns off autostop for this and later starts');
  const limited = stopping(60, { build: { deadline: fromNow(60), ...maxIn(140) } });
  assert.match(never(limited, 'ttlOff') ?? '', /still required to stop at 18:00, in 2 h 20 min/);
  assert.equal(never(stopping(60), 'farExtension'), 'postpones the stop by 30 days, to Dec 25, 15:40');
  assert.equal(never(stopping(31 * 24 * 60), 'farExtension'), undefined, 'it would be earlier');
});

test('only what puts a stop off is remembered as the usual extension; what was stored oddly is none', () => {
  for (const usual of [3_600_000, 'longest', { until: '18:30' }]) assert.deepEqual(readUsual(usual), usual);
  for (const odd of [undefined, null, -1_800_000, NaN, 1e308, 'off', 'far', 'soonest', 'x', {}, { until: 5 }, []]) {
    assert.equal(readUsual(odd), undefined, JSON.stringify(odd));
  }
});

test('an extension that would end within half an hour is absent, and the reason stands there', () => {
  assert.deepEqual(labels(stopping(-10)), ['+1 h', '+2 h', '+4 h']);
  const { limit } = extensionChoices(stopping(-10), NOW, PLACE);
  assert.equal(limit, 'The stop time must be at least 30 minutes from now: 16:10 or later.');
});

test('coder#19354: a build that was made a day ago can still be extended: no limit is made up', () => {
  const subject = stopping(60, { build: { deadline: fromNow(60), updated_at: fromNow(-23 * 60) } });
  assert.equal(labels(subject).length, 4);
});

test('where no stop is counted there is nothing to put off', () => {
  for (const subject of [workspace('running'), workspace('stopped', { build: { deadline: fromNow(60) } })]) {
    const { longer, shorter: sooner, limit } = extensionChoices(subject, NOW, PLACE, 'ttlOff');
    assert.deepEqual([longer, sooner, limit], [[], [], 'api-server has no scheduled stop.']);
  }
});

test('coder#2942: a clock time is held against both limits before it is sent', () => {
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

test('coder#2515: the result names the workspace, the time and what was added', () => {
  const before = at('2026-11-25T18:30:00Z');
  const say = (after: string): string => extendedSentence('api-server', before, at(after), NOW, PLACE);
  assert.equal(say('2026-11-25T19:30:00Z'), 'api-server now stops at 19:30 (1 h later).');
  assert.equal(say('2026-11-25T18:00:00Z'), 'api-server now stops at 18:00 (30 min earlier).');
  assert.equal(extendedSentence('api-server', undefined, before, NOW, PLACE), 'api-server now stops at 18:30.');
});
