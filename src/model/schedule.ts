import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { FOREVER, type Timing } from './timing.ts';

export interface ScheduleOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** One read, whatever comes of it; rejects only when aborted or broken. */
  readonly read: () => Promise<void>;
  /** When the next read is due; `undefined`: not until somebody asks. */
  readonly dueAt: () => EpochMs | undefined;
}

/** Reads again and again: when it is due, or at once when asked; never twice at once. */
export class Schedule {
  readonly #options: ScheduleOptions;
  #isAsked = false;
  #current: Promise<void> | undefined;
  #nap = new AbortController();
  #waiting: (() => void)[] = [];

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Runs until the signal aborts; the first read is due at once. */
  async run(): Promise<void> {
    const { signal, read } = this.#options;
    const wake = (): void => this.reconsider();
    signal.addEventListener('abort', wake, { once: true });
    while (!signal.aborted) {
      this.#isAsked = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#current = read();
      try {
        await this.#current;
      } finally {
        this.#current = undefined;
        for (const resolve of waiting) resolve();
      }
      await this.#rest();
    }
    for (const resolve of this.#waiting) resolve();
  }

  /** Reads at once, or joins the read that is under way; ends with that read. */
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

  async #rest(): Promise<void> {
    const { timing, signal, dueAt } = this.#options;
    while (!this.#isAsked && !signal.aborted) {
      const at = dueAt();
      const wait = at === undefined ? FOREVER : between(timing.now(), at);
      if (wait <= 0) return;
      this.#nap = new AbortController();
      await nap(timing, wait, this.#nap.signal);
    }
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
