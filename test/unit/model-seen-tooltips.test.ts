import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EpochMs } from '../../src/api/units.ts';
import { isTooltipDue, untilTooltipDueMs, type SeenAt } from '../../src/model/seenTooltips.ts';
import type { TooltipLine } from '../../src/model/tooltip.ts';
import { NOW } from './model-fixture.ts';

const lines = (text: string): readonly TooltipLine[] => [{ kind: 'field', label: 'Last used', text }];
const after = (monotonicMs: number, clockMs = monotonicMs): SeenAt => ({
  monotonicMs: 1_000 + monotonicMs,
  now: (NOW + clockMs) as EpochMs,
});
const seen = { lines: lines('just now'), at: after(0) };

test('a tooltip that was seen is due after a minute, if it would read otherwise by then', () => {
  assert.equal(isTooltipDue(seen, lines('2 minutes ago'), after(59_999)), false);
  assert.equal(isTooltipDue(seen, lines('2 minutes ago'), after(60_000)), true);
  assert.equal(isTooltipDue(seen, lines('just now'), after(3_600_000)), false);
});

test('a clock that jumps, forward in a sleep or back, holds no tooltip up', () => {
  assert.equal(isTooltipDue(seen, lines('8 hours ago'), after(1_000, 28_800_000)), true);
  assert.equal(isTooltipDue(seen, lines('in 1 h'), after(60_000, -3_600_000)), true);
});

test('the next look is when the oldest may be due; what is unchanged is looked at again a minute later', () => {
  assert.equal(untilTooltipDueMs([], after(0)), undefined);
  assert.equal(untilTooltipDueMs([{ ...seen, at: after(20_000) }, seen], after(25_000)), 35_000);
  assert.equal(untilTooltipDueMs([seen], after(61_000)), 60_000);
});
