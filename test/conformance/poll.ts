import { sleep } from '../../src/api/abort.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import type { Limits } from './limits.ts';

/**
 * Looks until `found` gives something.
 * @throws Error naming `what` after `withinMs`; the signal's reason when aborted.
 */
export const poll = async <T>(
  what: string,
  withinMs: number,
  limits: Limits,
  signal: AbortSignal,
  found: () => Promise<T | undefined>,
): Promise<T> => {
  const endsAt = Date.now() + withinMs;
  let waitMs = limits.firstLookMs;
  for (;;) {
    const result = await found();
    if (result !== undefined) return result;
    if (Date.now() >= endsAt) throw new Error(`waited ${Math.round(withinMs / 1000)} s in vain for ${what}`);
    await sleep(waitMs as Milliseconds, signal);
    waitMs = Math.min(waitMs * 1.5, limits.lastLookMs);
  }
};
