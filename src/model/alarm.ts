import { LinkedController } from '../api/abort.ts';
import { inBackground } from '../api/errors.ts';
import type { Milliseconds } from '../api/units.ts';
import type { Timing } from './timing.ts';

/** A timer that fires once; setting it again replaces the time. */
export class Alarm {
  readonly #timing: Timing;
  readonly #ring: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #end = new AbortController();
  #waiting: LinkedController | undefined;

  constructor(timing: Timing, ring: () => void, onError: (error: unknown) => void) {
    this.#timing = timing;
    this.#ring = ring;
    this.#onError = onError;
  }

  get isSet(): boolean {
    return this.#waiting !== undefined;
  }

  /** `undefined`: not at all. */
  set(waitMs: number | undefined): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    if (waitMs === undefined || this.#end.signal.aborted) return;
    const waiting = new LinkedController(this.#end.signal);
    this.#waiting = waiting;
    const rung = this.#timing.sleep(Math.ceil(waitMs) as Milliseconds, waiting.signal).then(() => {
      waiting.release();
      this.#waiting = undefined;
      this.#ring();
    });
    inBackground(rung, this.#onError);
  }

  dispose(): void {
    this.#end.abort();
  }
}
