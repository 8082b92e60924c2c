import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Elapsed, ServerClock } from '../../src/api/clock.ts';
import type { Milliseconds } from '../../src/api/units.ts';

const at = (ms: number): string => new Date(ms).toUTCString();
const NOON = Date.parse('2026-11-25T12:00:00Z');

test('clocks that agree within what a Date header can tell stay exactly equal', () => {
  let local = NOON + 400;
  const clock = new ServerClock(() => local);
  for (let step = 0; step < 50; step += 1) {
    clock.observe(at(Math.floor(local / 1000) * 1000), local - 20, local);
    local += 733;
  }
  assert.equal(clock.offsetMs, 0);
  assert.equal(clock.now(), local);
});

test('the offset of a skewed server is found to well under a second after a few answers', () => {
  let local = NOON;
  const skewMs = 3_600_250;
  const clock = new ServerClock(() => local);
  for (let step = 0; step < 40; step += 1) {
    const server = local + skewMs;
    clock.observe(at(Math.floor(server / 1000) * 1000), local - 10, local + 10);
    local += 1130;
  }
  assert.ok(Math.abs(clock.offsetMs - skewMs) < 150, `off by ${clock.offsetMs - skewMs} ms`);
});

test('a clock that was set starts anew, and a header that is none changes nothing', () => {
  const clock = new ServerClock(() => NOON);
  clock.observe(at(NOON), NOON - 5, NOON);
  clock.observe(at(NOON + 7_200_000), NOON - 5, NOON);
  assert.ok(Math.abs(clock.offsetMs - 7_200_000) <= 1000);
  const before = clock.offsetMs;
  for (const header of [undefined, '', 'yesterday', 'Mon, 01 Jan 0001 00:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'])
    clock.observe(header, NOON, NOON);
  assert.equal(clock.offsetMs, before);
});

test('a clock that is set back goes on as before, until the next answer decides', () => {
  let local = NOON;
  const clock = new ServerClock(() => local);
  clock.observe(at(NOON + 7_200_000), NOON - 5, NOON);
  const before = clock.now();
  local -= 3_600_000;
  clock.localClockJumped(-3_600_000 as Milliseconds);
  assert.equal(clock.now(), before);
  clock.observe(at(NOON + 7_200_000), local, local + 5);
  assert.ok(Math.abs(clock.now() - before) <= 1_000);
});

test('a clock that goes ahead is believed to have slept, until the next answer decides', () => {
  let local = NOON;
  const clock = new ServerClock(() => local);
  clock.observe(at(NOON), NOON - 5, NOON);
  local += 3_600_000;
  clock.localClockJumped(3_600_000 as Milliseconds);
  assert.equal(clock.now(), NOON + 3_600_000);
  clock.observe(at(NOON), local, local);
  assert.ok(Math.abs(clock.now() - NOON) <= 1_000, 'it did not sleep: its clock was set');
});

test('after a jump one answer is enough, also where it does not contradict the ones before', () => {
  const clock = new ServerClock(() => NOON);
  clock.observe(at(NOON + 5_000), NOON - 10_000, NOON);
  clock.localClockJumped(0 as Milliseconds);
  // From 14 to 20 s ahead; with the answer before, it would be from 14 to 16.
  clock.observe(at(NOON + 14_000), NOON - 5_000, NOON);
  assert.equal(clock.offsetMs, 17_000);
});

test('an answer during which the local clock was set back tells no time', () => {
  const clock = new ServerClock(() => NOON);
  clock.observe(at(NOON + 7_200_000), NOON + 60_000, NOON);
  assert.equal(clock.isKnown, false);
  assert.equal(clock.offsetMs, 0);
});

test('whoever listens hears of a correction by seconds, not of a better estimate', () => {
  const clock = new ServerClock(() => NOON);
  let corrections = 0;
  clock.onCorrected = () => (corrections += 1);
  clock.observe(at(NOON), NOON - 5, NOON);
  clock.observe(at(NOON + 1_000), NOON, NOON + 5);
  assert.equal(corrections, 0);
  clock.observe(at(NOON + 7_200_000), NOON, NOON);
  assert.equal(corrections, 1);
  clock.onCorrected = undefined;
  clock.observe(at(NOON), NOON, NOON);
  assert.equal(corrections, 1);
});

test('what has elapsed counts sleep, and a clock that is set back takes nothing away', (t) => {
  const [wall, monotonic] = [Date.now(), performance.now()];
  const clocks = (wallMs: number, monotonicMs: number): void => {
    t.mock.method(Date, 'now', () => wall + wallMs);
    t.mock.method(performance, 'now', () => monotonic + monotonicMs);
  };
  clocks(0, 0);
  const elapsed = new Elapsed();
  clocks(8 * 3_600_000, 10);
  assert.equal(Math.round(elapsed.ms), 8 * 3_600_000);
  clocks(-3_600_000, 1_000);
  assert.equal(Math.round(elapsed.ms), 1_000);
});
