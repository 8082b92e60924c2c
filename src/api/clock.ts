import type { EpochMs, Milliseconds, MonotonicMs } from './units.ts';

export const monotonicNow = (): MonotonicMs => performance.now() as MonotonicMs;

/**
 * How long ago something was, even if the local clock was set back since, or the machine slept and its monotonic clock
 * stopped.
 */
export class Elapsed {
  readonly #wallStart = Date.now();
  readonly #monotonicStart = performance.now();

  get ms(): Milliseconds {
    return Math.max(Date.now() - this.#wallStart, performance.now() - this.#monotonicStart) as Milliseconds;
  }
}

/** A change of the offset below this is only a better estimate: the `Date` header has whole seconds. */
const CORRECTION_MS = 2_000;

/**
 * The server's time. Deadlines are judged by the server's clock, and clocks differ (contract 5.6, 7.27).
 *
 * An answer's `Date` header has whole seconds, so each answer says only that the offset lies in an interval: the header
 * was written between sending and receiving. The intervals of several answers narrow it down; one that contradicts the
 * others means that a clock was set, and starts anew.
 */
export class ServerClock {
  readonly #localNow: () => number;
  /** Called when `now()` has been corrected by seconds. */
  onCorrected: (() => void) | undefined;
  #least = -Infinity;
  #most = Infinity;
  /** The next response replaces the known interval. */
  #isDoubtful = false;

  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow;
  }

  now(): EpochMs {
    return (this.#localNow() + this.offsetMs) as EpochMs;
  }

  /** Whether any answer has told the time: some proxies remove the header. */
  get isKnown(): boolean {
    return this.#most < Infinity;
  }

  /** Server time minus local time; 0 as long as that is possible. */
  get offsetMs(): number {
    if (this.#least <= 0 && this.#most >= 0) return 0;
    return Math.round((this.#least + this.#most) / 2);
  }

  /** `dateHeader` of an answer to a request sent at `sentAt` and received at `receivedAt`, both local. */
  observe(dateHeader: string | undefined, sentAt: number, receivedAt: number): void {
    const date = Date.parse(dateHeader ?? '');
    // Go's zero time, whose year 0001 is 2001 to JavaScript, and what isn't after the beginning of 1970 tell no time.
    if (!(date > 0) || / 0\d{3} /.test(dateHeader ?? '') || receivedAt < sentAt) return;
    const before = this.offsetMs;
    const least = date - receivedAt;
    const most = date + 1000 - sentAt;
    const replaces = this.#isDoubtful || least > this.#most || most < this.#least;
    this.#isDoubtful = false;
    this.#least = replaces ? least : Math.max(this.#least, least);
    this.#most = replaces ? most : Math.min(this.#most, most);
    if (Math.abs(this.offsetMs - before) > CORRECTION_MS) this.onCorrected?.();
  }

  /**
   * The local clock moved by `jumpMs` beyond the time that has passed. If it went back, it was probably set, so `now()`
   * continues as before; if it went ahead, the machine probably slept. The next response decides.
   */
  localClockJumped(jumpMs: Milliseconds): void {
    const set = Math.min(0, jumpMs);
    this.#least -= set;
    this.#most -= set;
    this.#isDoubtful = true;
  }
}
