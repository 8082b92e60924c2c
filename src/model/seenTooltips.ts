import type { EpochMs, Milliseconds } from '../api/units.ts';
import { same } from './newer.ts';
import type { TooltipLine } from './tooltip.ts';

/** A tooltip shown since its row was drawn. VS Code requests each tooltip only once per drawn row. */
export interface SeenTooltip {
  readonly lines: readonly TooltipLine[];
  readonly at: SeenAt;
}

/** One moment by two clocks: the monotonic clock may stop during sleep, the other may be set. */
export interface SeenAt {
  readonly monotonicMs: number;
  readonly now: EpochMs;
}

/** Minimum interval between two redraws of a row because of its tooltip. */
const HOLDS_MS = 60_000 as Milliseconds;

/** Whether a row is to be redrawn because its tooltip has changed. */
export const isTooltipDue = ({ lines, at }: SeenTooltip, current: readonly TooltipLine[], now: SeenAt): boolean =>
  elapsedMs(at, now) >= HOLDS_MS && !same(lines, current);

/** Time until one of `seen` may be due. */
export const untilTooltipDueMs = (seen: Iterable<SeenTooltip>, now: SeenAt): Milliseconds | undefined => {
  let least: number | undefined;
  for (const { at } of seen) {
    const left = HOLDS_MS - elapsedMs(at, now);
    // An unchanged tooltip is checked again a minute later.
    const wait = left > 0 ? left : HOLDS_MS;
    least = Math.min(least ?? wait, wait);
  }
  return least as Milliseconds | undefined;
};

const elapsedMs = (from: SeenAt, to: SeenAt): number =>
  Math.max(to.monotonicMs - from.monotonicMs, Math.abs(to.now - from.now));
