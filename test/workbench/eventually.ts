// Waiting for what a person would wait for: until it is there, but not for ever.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs?: number;
  /** Between two probes. By default from a tenth of a second to half of one: see `usualIntervalMs`. */
  readonly intervalMs?: number;
}

/**
 * A probe of the page takes 10 CPU-milliseconds, in the test, Playwright, and the browser: what takes long anyway is looked
 * at less often.
 */
const usualIntervalMs = (waitedMs: number): number => Math.min(100 + waitedMs / 10, 500);

/**
 * Repeats `probe` until it returns something other than `undefined`, `false` or `null`, and returns that.
 * `what` names it in the error: "Waited 30 s for <what>; last seen: …". A probe that throws is repeated too.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { timeoutMs = 30_000, intervalMs }: Patience = {},
): Promise<T> {
  const startedAt = performance.now();
  const waitedMs = () => performance.now() - startedAt;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (waitedMs() > timeoutMs) {
      const seen = last instanceof Error ? `; last error: ${last.message}` : '';
      throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}${seen}`);
    }
    await sleep(intervalMs ?? usualIntervalMs(waitedMs()));
  }
}
