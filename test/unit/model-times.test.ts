import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Milliseconds } from '../../src/api/units.ts';
import { absoluteAndRelative, clockTime, day, duration, fromNow, logTime, stopwatch } from '../../src/model/times.ts';
import { at, localized, NOW, PLACE } from './model-fixture.ts';

const ms = (value: number): Milliseconds => value as Milliseconds;

test('a time today is only the time; another day names the weekday; a far one the date', () => {
  assert.equal(clockTime(at('2026-11-25T18:30:00Z'), NOW, PLACE), '18:30');
  assert.equal(clockTime(at('2026-11-27T09:05:00Z'), NOW, PLACE), 'Fri 09:05');
  assert.equal(clockTime(at('2026-12-13T18:30:00Z'), NOW, PLACE), 'Dec 13, 18:30');
});

test('which day it is depends on the zone of the reader', () => {
  const night = at('2026-11-26T01:00:00Z');
  assert.equal(clockTime(night, NOW, PLACE), 'Thu 01:00');
  assert.equal(clockTime(night, NOW, { ...PLACE, timeZone: 'America/New_York' }), '20:00');
  assert.equal(clockTime(night, NOW, { ...PLACE, timeZone: 'Asia/Tokyo' }), '10:00');
});

test('times follow the locale and its hour cycle', () => {
  const evening = at('2026-11-25T18:30:00Z');
  assert.match(clockTime(evening, NOW, localized('en-US', { hourCycle: 'h12' })), /^6:30\sPM$/);
  assert.equal(clockTime(evening, NOW, localized('de')), '18:30');
  assert.match(clockTime(evening, NOW, localized('de', { hourCycle: 'h12' })), /6:30/);
});

test('absolute and relative time stand together', () => {
  assert.equal(absoluteAndRelative(at('2026-11-25T17:30:00Z'), NOW, PLACE), '17:30, in 1 h 50 min');
  assert.equal(absoluteAndRelative(at('2026-11-23T09:00:00Z'), NOW, PLACE), 'Mon 09:00, 2 days ago');
});

test('the past is told coarsely, the present is now', () => {
  assert.equal(fromNow(at('2026-11-25T15:39:30Z'), NOW, PLACE), 'just now');
  assert.equal(fromNow(at('2026-11-25T15:35:00Z'), NOW, PLACE), '5 minutes ago');
  assert.equal(fromNow(at('2026-11-25T12:35:00Z'), NOW, PLACE), '3 hours ago');
  assert.equal(fromNow(at('2026-05-25T12:35:00Z'), NOW, PLACE), '6 months ago');
  assert.equal(fromNow(at('2026-11-29T15:40:00Z'), NOW, PLACE), 'in 4 days');
});

test('a day names its year when that is another one', () => {
  assert.equal(day(at('2026-12-03T00:00:00Z'), NOW, PLACE), 'Dec 3');
  assert.equal(day(at('2027-01-03T00:00:00Z'), NOW, PLACE), 'Jan 3, 2027');
});

test('durations are rounded down and never negative', () => {
  const cases: [number, string][] = [
    [-5, '0 s'],
    [43_900, '43 s'],
    [60_000, '1 min'],
    [110_000, '1 min 50 s'],
    [120_000, '2 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [6_600_000, '1 h 50 min'],
    [90_000_000, '25 h'],
  ];
  for (const [length, text] of cases) assert.equal(duration(ms(length)), text);
});

test('a running time counts like a stopwatch', () => {
  assert.equal(stopwatch(ms(42_000)), '0:42');
  assert.equal(stopwatch(ms(725_000)), '12:05');
  assert.equal(stopwatch(ms(3_723_000)), '1:02:03');
  assert.equal(stopwatch(ms(-1)), '0:00');
});

test("a log's time is the same in every locale", () => {
  assert.equal(
    logTime(at('2026-11-25T17:04:11Z'), { timeZone: 'Europe/Paris', showsZone: false }),
    '2026-11-25 18:04:11',
  );
});
