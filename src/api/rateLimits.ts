import { Elapsed } from './clock.ts';
import type { Milliseconds } from './units.ts';

/** Paths that returned 429, and how long they may not be requested: limits are per path (contract 1.5). */
export class RateLimits {
  readonly #pauses = new Map<string, { readonly elapsed: Elapsed; readonly forMs: Milliseconds }>();

  /** The server asked for a pause; a longer one that it asked for before goes on. */
  pause(path: string, forMs: Milliseconds): void {
    if (forMs > this.leftMs(path)) this.#pauses.set(path, { elapsed: new Elapsed(), forMs });
  }

  /** Not above 0 where the path may be requested. */
  leftMs(path: string): Milliseconds {
    const pause = this.#pauses.get(path);
    const left = (pause === undefined ? 0 : pause.forMs - pause.elapsed.ms) as Milliseconds;
    if (left <= 0) this.#pauses.delete(path);
    return left;
  }
}
