import { sleep } from '../api/abort.ts';
import { monotonicNow } from '../api/clock.ts';
import type { EpochMs, Milliseconds, MonotonicMs } from '../api/units.ts';

/** Clock, timers, and randomness of a session; tests replace them. */
export interface Timing {
  /** The local wall clock, for displayed times; it can be set. */
  now(): EpochMs;
  /** The monotonic clock, for measuring waits. */
  monotonicMs(): MonotonicMs;
  /** Ends after `length`, by which a sleeping machine's time may not count; never, for an infinite one. Rejects with the signal's reason. */
  sleep(length: Milliseconds, signal: AbortSignal): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

export const FOREVER = Infinity as Milliseconds;

export const realTiming: Timing = {
  now: () => Date.now() as EpochMs,
  monotonicMs: monotonicNow,
  random: () => Math.random(),
  sleep,
};
