import type { Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import type { Timing } from './timing.ts';

export interface HeartbeatOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly everyMs: Milliseconds;
  /** The clock has gone `jumpMs` further than the beats, negative when it went back: the machine slept, or its clock was set. */
  readonly onJump: (jumpMs: Milliseconds) => void;
  /** Each time. */
  readonly onBeat?: (() => void) | undefined;
  /** One of them threw; the loop goes on. */
  readonly onError: (error: unknown) => void;
}

/** Clocks are kept right in steps smaller than this. */
const SET_MS = 5_000;
/** A busy machine may be late by seconds; a sleeping one is late by more. */
const LATE_MS = 20_000;

/**
 * Beats until the signal aborts, and looks at the clocks each time: a timer does not count the time that a machine sleeps.
 * Where the monotonic clock stands still meanwhile the other one runs ahead of it, else the beat itself is late. Never
 * rejects.
 */
export const heartbeat = async (options: HeartbeatOptions): Promise<void> => {
  const { timing, signal, everyMs, onJump, onBeat, onError } = options;
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
    try {
      if (Math.abs(setMs) > SET_MS) onJump(setMs);
      else if (lateMs > LATE_MS) onJump(lateMs);
      onBeat?.();
    } catch (error) {
      onError(error);
    }
  }
};
