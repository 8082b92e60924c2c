import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ServerClock } from '../../src/api/clock.ts';
import type { EpochMs, Milliseconds } from '../../src/api/units.ts';
import { countdown } from '../../src/model/countdown.ts';
import { stopLimits } from '../../src/model/deadline.ts';
import { extensionChoices, movedTo } from '../../src/model/extend.ts';
import { listed, LOADING } from '../../src/model/state.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { localized, MEMBER, NOW, PLACE, workspace } from './model-fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (at: number): string => new Date(at).toISOString();

/** Any deadline from long past to far ahead, with or without a maximum. */
const facts = fc.record({
  deadline: fc.option(fc.integer({ min: -3 * HOUR, max: 800 * HOUR }), { nil: undefined }),
  maxAfter: fc.option(fc.integer({ min: 0, max: 50 * HOUR }), { nil: undefined }),
  status: fc.constantFrom('running', 'stopped', 'starting', 'failed', 'deleting', 'canceled', 'pending'),
});
type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

const subjectOf = ({ deadline, maxAfter, status }: Facts) =>
  workspace(status, {
    build: {
      deadline: deadline === undefined ? null : iso(NOW + deadline),
      max_deadline: deadline === undefined || maxAfter === undefined ? null : iso(NOW + deadline + maxAfter),
    },
  });

test('whatever is known, no choice is offered that the server refuses, also where its clock is nearly a minute ahead', () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: -59_000, max: 59_000 }), (known, errorMs) => {
      const subject = subjectOf(known);
      const limits = stopLimits(subject);
      const { longer, shorter, never } = extensionChoices(subject, NOW, PLACE, 'farExtension');
      const all = [...longer, ...shorter, ...(never === undefined ? [] : [never])];
      if (limits === undefined) assert.deepEqual(all, []);
      for (const { move, label, description } of all) {
        const at = movedTo(move, subject, NOW, PLACE);
        assert.ok(at !== undefined && limits !== undefined, label);
        // The server's own checks (contract 2.8).
        assert.ok(at >= NOW + errorMs + 29 * MINUTE, `${label} is too soon`);
        if (move !== 'far') assert.ok(limits.maxAt === undefined || at <= limits.maxAt, `${label} is too late`);
        assert.notEqual(at, limits.deadlineAt, `${label} moves nothing`);
        assert.doesNotMatch(description, / -|ago|NaN|undefined/);
      }
    }),
    propertyRuns(600),
  );
});

test('whatever is known and however late a timer is, the countdown is never negative and never more than there is', () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: 0, max: 400 * HOUR }), (known, passed) => {
      const now = (NOW + passed) as EpochMs;
      const state = listed(LOADING, { user: MEMBER, workspaces: [subjectOf(known)], skippedRows: 0, readAt: NOW });
      const content = countdown({ state, now, preference: {}, show: 'always' }, PLACE);
      const isOn = known.status === 'running' && known.deadline !== undefined;
      assert.equal(content.kind, isOn ? 'stops' : 'hidden');
      if (content.kind !== 'stops') return;
      assert.doesNotMatch(`${content.text} ${content.sentence}`, / -\d|ago|NaN|undefined|\d{5}/);
      const left = (known.deadline ?? 0) - passed;
      if (left <= 0) assert.equal(content.text, 'stopping soon');
      else assert.ok(content.changesAt !== undefined && content.changesAt > now && content.changesAt <= now + HOUR + 1);
    }),
    propertyRuns(600),
  );
});

test('for any skew of two hours, way of the answers, sleep and set clock, the server’s time is known to two seconds', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('answer' as const), wayMs: fc.integer({ min: 0, max: 900 }) }),
    fc.record({ kind: fc.constant('sleep' as const), ms: fc.integer({ min: 10_000, max: 9 * HOUR }) }),
    fc.record({ kind: fc.constant('set' as const), ms: fc.integer({ min: -2 * HOUR, max: 2 * HOUR }) }),
  );
  fc.assert(
    fc.property(fc.integer({ min: -2 * HOUR, max: 2 * HOUR }), fc.array(step, { maxLength: 20 }), (skewMs, steps) => {
      let server = NOW + 0.5;
      let local = server - skewMs;
      const clock = new ServerClock(() => local);
      const pass = (ms: number): void => {
        server += ms;
        local += ms;
      };
      const answer = (wayMs: number): void => {
        const sentAt = local;
        pass(wayMs / 2);
        const header = new Date(Math.floor(server / 1000) * 1000).toUTCString();
        pass(wayMs / 2);
        clock.observe(header, sentAt, local);
      };
      answer(100);
      for (const each of steps) {
        if (each.kind === 'answer') {
          pass(700);
          answer(each.wayMs);
        } else if (each.kind === 'sleep') {
          pass(each.ms);
          clock.localClockJumped(each.ms as Milliseconds);
        } else {
          local += each.ms;
          clock.localClockJumped(each.ms as Milliseconds);
          // Gone ahead it looks like a sleep, until the next answer.
          answer(100);
        }
        assert.ok(Math.abs(clock.now() - server) < 2_000, `off by ${clock.now() - server} ms after ${each.kind}`);
      }
    }),
    propertyRuns(300),
  );
});

test('across a change of the clocks an hour more is an hour, and the time shown is that of the new offset', () => {
  const place = localized('en', { timeZone: 'Europe/Berlin' });
  // 25 October 2026, 03:00 becomes 02:00.
  const now = Date.parse('2026-10-24T23:10:00Z') as EpochMs;
  const subject = workspace('running', { build: { deadline: '2026-10-25T00:30:00Z' } });
  const { longer } = extensionChoices(subject, now, place);
  const hour = longer.find(({ label }) => label === '+1 h');
  assert.ok(hour !== undefined, 'an hour is offered');
  assert.equal(iso(movedTo(hour.move, subject, now, place) ?? 0), '2026-10-25T01:30:00.000Z');
  assert.equal(hour.description, 'stops 02:30, in 2 h 20 min');
});
