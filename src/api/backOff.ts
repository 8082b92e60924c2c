import type { Milliseconds } from './units.ts';

export interface BackOffLimits {
  readonly firstMs: Milliseconds;
  readonly longestMs: Milliseconds;
}

/**
 * How long to wait after failure number 1, 2, 3 …: 1, 2, 4 … times `firstMs`, at most `longestMs`. `random` (0 to 1)
 * takes up to a quarter off, so that many clients do not come back at once; never below `firstMs`.
 */
export const backOffMs = (failures: number, random: number, { firstMs, longestMs }: BackOffLimits): Milliseconds => {
  const longest = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return Math.round(Math.max(firstMs, longest * (0.75 + random / 4))) as Milliseconds;
};

/** 1, 2, 4 … 30 seconds. */
const USUAL: BackOffLimits = { firstMs: 1_000 as Milliseconds, longestMs: 30_000 as Milliseconds };

/** Delay after `error`: `Retry-After` or the back-off delay, whichever is longer. */
export const retryDelayMs = (
  error: { readonly retryAfterMs?: Milliseconds | undefined } | undefined,
  failures: number,
  random: number,
  limits = USUAL,
): Milliseconds => Math.max(backOffMs(failures, random, limits), error?.retryAfterMs ?? 0) as Milliseconds;
