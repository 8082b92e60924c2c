import type { Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import type { Timing } from './timing.ts';

export interface HeartbeatOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly everyMs: Milliseconds;
  readonly onBeat: () => void;
  /** The clock has gone `jumpMs` further than the beats, negative when it went back: the machine slept, or its clock was set. */
  readonly onJump: (jumpMs: Milliseconds) => void;
}

/** Clocks are kept right in steps smaller than this. */
const SET_MS = 5_000;
/** A busy machine may be late by seconds; a sleeping one is late by more. */
const LATE_MS = 20_000;

/**
 * Beats until the signal aborts. A timer does not count the time that a machine sleeps, so the clocks are looked at: where
 * the monotonic clock stands still during sleep the other one runs ahead of it, else the beat itself is late.
 */
export const heartbeat = async (options: HeartbeatOptions): Promise<void> => {
  const { timing, signal, everyMs } = options;
  while (!signal.aborted) {
    const [beganAt, monotonicBeganAt] = [timing.now(), timing.monotonicMs()];
    try {
      await timing.sleep(everyMs, signal);
    } catch {
      return;
    }
    const passedMs = between(monotonicBeganAt, timing.monotonicMs());
    const setMs = (between(beganAt, timing.now()) - passedMs) as Milliseconds;
    const lateMs = (passedMs - everyMs) as Milliseconds;
    if (Math.abs(setMs) > SET_MS) options.onJump(setMs);
    else if (lateMs > LATE_MS) options.onJump(lateMs);
    options.onBeat();
  }
};
