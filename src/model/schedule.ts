import type { Milliseconds, MonotonicMs } from '../api/units.ts';
import { between, later } from '../api/units.ts';
import { retryDelayMs } from './retry.ts';
import { FOREVER, type Timing } from './timing.ts';

export interface ScheduleOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** One read, whatever comes of it. */
  readonly read: () => Promise<void>;
  /** When the next read is due; `undefined`: not until somebody asks. */
  readonly dueAt: () => MonotonicMs | undefined;
  /** `read` or `dueAt` threw, which neither is meant to do; the schedule goes on after a growing pause. */
  readonly onError: (error: unknown) => void;
}

/** Where even when to read cannot be told. */
const BROKEN_MS = 30_000 as Milliseconds;

/** Reads again and again: when it is due, or at once when asked; never twice at once. Survives whatever is thrown. */
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

  /** Runs until the signal aborts; the first read is due at once. Never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    const wake = (): void => this.reconsider();
    signal.addEventListener('abort', wake, { once: true });
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

  /** Reads at once, or joins the read that is under way; ends with that read, however it ends. */
  ask(): Promise<void> {
    return this.#current ?? this.again();
  }

  /** Reads at once, and once more if a read is under way. */
  again(): Promise<void> {
    if (this.#options.signal.aborted) return Promise.resolve();
    this.#isAsked = true;
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#nap.abort();
    return done;
  }

  /** What `dueAt` depends on has changed. */
  reconsider(): void {
    this.#nap.abort();
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

/** Sleeps until it is over or somebody ends it. */
const nap = async (timing: Timing, length: Milliseconds, signal: AbortSignal): Promise<void> => {
  try {
    await timing.sleep(length, signal);
  } catch {
    // Woken on purpose: whoever did so has left word what to do.
  }
};
