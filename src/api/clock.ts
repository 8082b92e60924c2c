import type { EpochMs } from './units.ts';

/**
 * The server's time. Deadlines are judged by the server's clock, and clocks differ (contract 5.6, 7.27).
 *
 * An answer's `Date` header has whole seconds, so each answer says only that the offset lies in an interval: the header
 * was written between sending and receiving. The intervals of several answers narrow it down; one that contradicts the
 * others means that a clock was set, and starts anew.
 */
export class ServerClock {
  readonly #localNow: () => number;
  #least = -Infinity;
  #most = Infinity;

  constructor(localNow: () => number = Date.now) {
    this.#localNow = localNow;
  }

  now(): EpochMs {
    return (this.#localNow() + this.offsetMs) as EpochMs;
  }

  /** Server minus local; 0 while nothing speaks against it. */
  get offsetMs(): number {
    if (this.#least <= 0 && this.#most >= 0) return 0;
    return Math.round((this.#least + this.#most) / 2);
  }

  /** `dateHeader` of an answer to a request sent at `sentAt` and received at `receivedAt`, both local. */
  observe(dateHeader: string | undefined, sentAt: number, receivedAt: number): void {
    const date = Date.parse(dateHeader ?? '');
    if (Number.isNaN(date) || receivedAt < sentAt) return;
    const least = date - receivedAt;
    const most = date + 1000 - sentAt;
    const contradicts = least > this.#most || most < this.#least;
    this.#least = contradicts ? least : Math.max(this.#least, least);
    this.#most = contradicts ? most : Math.min(this.#most, most);
  }
}
