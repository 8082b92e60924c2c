import type { EpochMs, Milliseconds } from '../api/units.ts';
import { same } from './newer.ts';
import type { TooltipLine } from './tooltip.ts';

/** A tooltip that was shown since its row was drawn. VS Code asks for each only once, and then shows it for ever. */
export interface SeenTooltip {
  readonly lines: readonly TooltipLine[];
  readonly at: SeenAt;
}

/** The same moment by both clocks: the monotonic one may stand still while the machine sleeps, the other may be set. */
export interface SeenAt {
  readonly monotonicMs: number;
  readonly now: EpochMs;
}

/** No row is drawn more often for its tooltip's sake. */
const HOLDS_MS = 60_000 as Milliseconds;

/** Whether a row is to be drawn anew because its tooltip would read otherwise by now. */
export const isTooltipDue = ({ lines, at }: SeenTooltip, current: readonly TooltipLine[], now: SeenAt): boolean =>
  elapsedMs(at, now) >= HOLDS_MS && !same(lines, current);

/** How long until one of `seen` may be due. */
export const untilTooltipDueMs = (seen: Iterable<SeenTooltip>, now: SeenAt): Milliseconds | undefined => {
  let least: number | undefined;
  for (const { at } of seen) {
    const left = HOLDS_MS - elapsedMs(at, now);
    // What has not changed so far is looked at again a minute later.
    const wait = left > 0 ? left : HOLDS_MS;
    least = Math.min(least ?? wait, wait);
  }
  return least as Milliseconds | undefined;
};

const elapsedMs = (from: SeenAt, to: SeenAt): number =>
  Math.max(to.monotonicMs - from.monotonicMs, Math.abs(to.now - from.now));
