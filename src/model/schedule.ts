import { NOT_NEEDED, onAbort } from '../api/abort.ts';
import { retryDelayMs } from '../api/backOff.ts';
import type { Milliseconds, MonotonicMs } from '../api/units.ts';
import { between, later } from '../api/units.ts';
import { FOREVER, type Timing } from './timing.ts';

export interface ScheduleOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** Performs one read; failures are handled inside. */
  readonly read: () => Promise<void>;
  /** When the next read is due; `undefined`: not until somebody asks. */
  readonly dueAt: () => MonotonicMs | undefined;
  /** Receives unexpected errors of `read` or `dueAt`; the schedule continues after a growing delay. */
  readonly onError: (error: unknown) => void;
}

/** Delay if `dueAt` throws. */
const BROKEN_MS = 30_000 as Milliseconds;

/** Repeats a read: when it is due, or immediately on request; never two at once. Survives any error. */
export class Schedule {
  readonly #options: ScheduleOptions;
  #isAsked = false;
  #current: Promise<void> | undefined;
  #nap = new AbortController();
  #waiting: (() => void)[] = [];
  /** In a row. */
  #failures = 0;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts; the first read is due at once. Rejects only with what `timing` or `onError` throws. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    onAbort(signal, () => this.reconsider());
    while (!signal.aborted) {
      this.#isAsked = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#current = this.#read();
      await this.#current;
      this.#current = undefined;
      for (const resolve of waiting) resolve();
      await this.#rest();
    }
    for (const resolve of this.#waiting) resolve();
  }

  /** Reads immediately, or joins the read in progress. Resolves when it has ended, even if it failed. */
  ask(): Promise<void> {
    return this.#current ?? this.again();
  }

  /** Reads immediately, and once more if a read is in progress. */
  again(): Promise<void> {
    if (this.#options.signal.aborted) return Promise.resolve();
    this.#isAsked = true;
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#nap.abort(NOT_NEEDED);
    return done;
  }

  /** What `dueAt` depends on has changed. */
  reconsider(): void {
    this.#nap.abort(NOT_NEEDED);
  }

  async #read(): Promise<void> {
    try {
      await this.#options.read();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.#report(error);
    }
  }

  async #rest(): Promise<void> {
    const { timing, signal } = this.#options;
    const restedAt = timing.monotonicMs();
    const failed = this.#failures > 0;
    const notBefore = failed ? later(restedAt, retryDelayMs(undefined, this.#failures, timing.random())) : restedAt;
    while (!this.#isAsked && !signal.aborted) {
      const at = this.#dueAt(restedAt);
      const now = timing.monotonicMs();
      const wait = at === undefined ? FOREVER : between(now, at > notBefore ? at : notBefore);
      if (wait <= 0) return;
      this.#nap = new AbortController();
      await nap(timing, wait, this.#nap.signal);
    }
  }

  #dueAt(restedAt: MonotonicMs): MonotonicMs | undefined {
    try {
      return this.#options.dueAt();
    } catch (error) {
      this.#report(error);
      return later(restedAt, BROKEN_MS);
    }
  }

  #report(error: unknown): void {
    if (!this.#options.signal.aborted) this.#options.onError(error);
  }
}

/** Sleeps until the time is over or it is woken. @throws what `timing` throws for another reason */
const nap = async (timing: Timing, length: Milliseconds, signal: AbortSignal): Promise<void> => {
  try {
    await timing.sleep(length, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
