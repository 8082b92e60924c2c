import type { Milliseconds } from '../api/units.ts';
import { between, later } from '../api/units.ts';
import type { Timing } from './timing.ts';

export interface HeartbeatOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly everyMs: Milliseconds;
  readonly onBeat: () => void;
  /** The clock has gone further than the beats: the machine slept, or its clock was set. */
  readonly onJump: (jumpMs: Milliseconds) => void;
}

/** A busy machine may be late by seconds; a sleeping one is late by more. */
const LATE_MS = 20_000;

/** Beats until the signal aborts. A timer does not count the time that a machine sleeps, so its clock is looked at. */
export const heartbeat = async (options: HeartbeatOptions): Promise<void> => {
  const { timing, signal, everyMs } = options;
  while (!signal.aborted) {
    const due = later(timing.now(), everyMs);
    try {
      await timing.sleep(everyMs, signal);
    } catch {
      return;
    }
    const jump = between(due, timing.now());
    if (Math.abs(jump) > LATE_MS) options.onJump(jump);
    options.onBeat();
  }
};
