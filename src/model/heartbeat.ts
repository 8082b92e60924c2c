import { isAbort } from '../api/errors.ts';
import type { Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import type { Timing } from './timing.ts';

export interface HeartbeatOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly everyMs: Milliseconds;
  /** The wall clock is `jumpMs` ahead of the elapsed time (negative: behind): the machine slept, or its clock was set. */
  readonly onJump: (jumpMs: Milliseconds) => void;
  /** Called on each beat. */
  readonly onBeat?: (() => void) | undefined;
  /** Receives what `onJump` or `onBeat` throws; the loop continues. */
  readonly onError: (error: unknown) => void;
}

/** Smaller differences are normal clock synchronization. */
const SET_MS = 5_000;
/** A busy machine delays timers by seconds; a longer delay means that it slept. */
const LATE_MS = 20_000;

/**
 * Compares the clocks every `everyMs` until the signal aborts, since timers don't count the time that a machine sleeps. If
 * the monotonic clock stops during sleep, the wall clock gets ahead of it; otherwise the beat is late. Rejects only with
 * what `timing` or `onError` throws.
 */
export const heartbeat = async (options: HeartbeatOptions): Promise<void> => {
  const { timing, signal, everyMs, onJump, onBeat, onError } = options;
  while (!signal.aborted) {
    const [beganAt, monotonicBeganAt] = [timing.now(), timing.monotonicMs()];
    try {
      await timing.sleep(everyMs, signal);
    } catch (error) {
      if (isAbort(error, signal)) return;
      throw error;
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
