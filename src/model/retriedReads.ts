import { ApiError } from '../api/errors.ts';
import { later, minutes, type MonotonicMs } from '../api/units.ts';
import type { Timing } from './timing.ts';

export interface RetriedReadsOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  /** A mistake of this extension. */
  readonly onError: (error: unknown) => void;
}

const AGAIN_AFTER = minutes(1);

/** Reads something when it is asked for, until that has succeeded once; at most once a minute. */
export class RetriedReads {
  readonly #options: RetriedReadsOptions;
  /** By what is read: when it may be read next. */
  readonly #nextAt = new Map<string, MonotonicMs>();

  constructor(options: RetriedReadsOptions) {
    this.#options = options;
  }

  /** An ApiError of `read` is ignored: whatever it is about, the list fails, too, and reports it. */
  ask(key: string, read: () => Promise<void>): void {
    const { timing, signal, onError } = this.#options;
    const now = timing.monotonicMs();
    if (signal.aborted || now < (this.#nextAt.get(key) ?? now)) return;
    this.#nextAt.set(key, later(now, AGAIN_AFTER));
    read().then(
      () => this.#nextAt.set(key, Infinity as MonotonicMs),
      (error: unknown) => {
        if (!(error instanceof ApiError) && !signal.aborted) onError(error);
      },
    );
  }
}
