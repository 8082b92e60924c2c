import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseClock } from '../../src/model/clockInput.ts';
import type { DisplayLocale } from '../../src/model/times.ts';
import { at, localized, NOW, PLACE } from './model-fixture.ts';

const parsed = (input: string, displayLocale: DisplayLocale = PLACE, now = NOW): string => {
  const result = parseClock(input, now, displayLocale);
  return result.kind === 'time' ? new Date(result.at).toISOString() : result.problem;
};

test('a clock time is read as people type it', () => {
  for (const input of [
    '18:30',
    '18.30',
    '18h30',
    '1830',
    ' 18:30 ',
    '6:30 pm',
    '6:30pm',
    '6.30 PM',
    '6:30 p.m.',
    '１８：３０',
  ]) {
    assert.equal(parsed(input), '2026-11-25T18:30:00.000Z', input);
  }
});

test('a time that has passed today is tomorrow’s', () => {
  assert.equal(parsed('9'), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('15:40'), '2026-11-26T15:40:00.000Z');
  assert.equal(parsed('12 am'), '2026-11-26T00:00:00.000Z');
  assert.equal(parsed('24:00'), '2026-11-26T00:00:00.000Z');
});

test('a day may stand in front or behind', () => {
  assert.equal(parsed('tomorrow 9'), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('9:30 tomorrow'), '2026-11-26T09:30:00.000Z');
  assert.equal(parsed('today 18:30'), '2026-11-25T18:30:00.000Z');
  assert.equal(parsed('fri 8:15'), '2026-11-27T08:15:00.000Z');
  assert.equal(parsed('Tuesday 8am'), '2026-12-01T08:00:00.000Z');
});

test('the weekday of today means today while the time is ahead, else next week', () => {
  assert.equal(parsed('wed 18:00'), '2026-11-25T18:00:00.000Z');
  assert.equal(parsed('wed 9:00'), '2026-12-02T09:00:00.000Z');
});

test('the reader’s own language is understood beside English', () => {
  const german = localized('de');
  assert.equal(parsed('morgen 9', german), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('Freitag 8.15', german), '2026-11-27T08:15:00.000Z');
  assert.equal(parsed('tomorrow 9', german), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('demain 9', localized('fr')), '2026-11-26T09:00:00.000Z');
  assert.equal(parsed('١٨:٣٠', localized('ar')), '2026-11-25T18:30:00.000Z');
});

test('a time today that has passed is refused and says so', () => {
  assert.equal(parsed('today 9'), '09:00 has passed already.');
});

test('what is no time is refused with an example', () => {
  for (const input of [
    '',
    'soon',
    '25:00',
    '24:30',
    '18:60',
    '0 pm',
    '13 pm',
    '18:30:15:1',
    'tomorrow',
    '-5',
    '1e3',
    '99999',
  ]) {
    assert.match(parsed(input), /is no time\. Type one like 18:30/, input);
  }
});

test('the time is that of the reader’s zone', () => {
  assert.equal(parsed('18:30', { ...PLACE, timeZone: 'America/New_York' }), '2026-11-25T23:30:00.000Z');
  assert.equal(parsed('18:30', { ...PLACE, timeZone: 'Asia/Kolkata' }), '2026-11-26T13:00:00.000Z');
});

const PARIS: DisplayLocale = { ...PLACE, timeZone: 'Europe/Paris' };

test('nine tomorrow is nine by the clock, also when clocks change overnight', () => {
  assert.equal(parsed('tomorrow 9', PARIS, at('2026-03-28T12:00:00Z')), '2026-03-29T07:00:00.000Z');
  assert.equal(parsed('tomorrow 9', PARIS, at('2026-10-24T12:00:00Z')), '2026-10-25T08:00:00.000Z');
});

test('a time that clocks skip becomes the one an hour later', () => {
  assert.equal(parsed('tomorrow 2:30', PARIS, at('2026-03-28T12:00:00Z')), '2026-03-29T01:30:00.000Z');
});

test('a time that comes twice is the next one ahead', () => {
  assert.equal(parsed('2:30', PARIS, at('2026-10-25T00:00:00Z')), '2026-10-25T00:30:00.000Z');
  assert.equal(parsed('2:30', PARIS, at('2026-10-25T00:45:00Z')), '2026-10-25T01:30:00.000Z');
});
