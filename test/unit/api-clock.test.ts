import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from '../../src/api/clock.ts';

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
  for (const header of [undefined, '', 'yesterday']) clock.observe(header, NOON, NOON);
  assert.equal(clock.offsetMs, before);
});
