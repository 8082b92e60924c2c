import { LinkedController } from '../api/abort.ts';
import type { Milliseconds } from '../api/units.ts';
import type { Timing } from './timing.ts';

export interface LingeringOptions {
  readonly timing: Timing;
  readonly lingerMs: Milliseconds;
  readonly signal: AbortSignal;
  readonly onChange: (value: boolean) => void;
}

/** A boolean that becomes true immediately, but false only after it wasn't set to true for `lingerMs`. */
export class Lingering {
  readonly #options: LingeringOptions;
  #value = false;
  #leaving: LinkedController | undefined;

  constructor(options: LingeringOptions) {
    this.#options = options;
  }

  set(value: boolean): void {
    const isLeaving = this.#leaving !== undefined;
    if (value === (this.#value && !isLeaving)) return;
    this.#leaving?.abort();
    this.#leaving = undefined;
    if (!value) this.#leaving = this.#leaveLater();
    else this.#take(true);
  }

  #leaveLater(): LinkedController {
    const { timing, lingerMs, signal } = this.#options;
    const leaving = new LinkedController(signal);
    timing.sleep(lingerMs, leaving.signal).then(
      () => {
        leaving.release();
        this.#leaving = undefined;
        this.#take(false);
      },
      () => undefined,
    );
    return leaving;
  }

  #take(value: boolean): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#options.onChange(value);
  }
}
