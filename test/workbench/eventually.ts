// Waiting for what a person would wait for: until it is there, but not for ever.
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Repeats `probe` until it returns something other than `undefined`, `false` or `null`, and returns that.
 * `what` names it in the error: "Waited 30 s for <what>; last seen: …". A probe that throws is repeated too.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { timeoutMs = 30_000, intervalMs = 100 }: Patience = {},
): Promise<T> {
  const deadlineAt = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadlineAt) {
      const seen = last instanceof Error ? `; last error: ${last.message}` : '';
      throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}${seen}`);
    }
    await sleep(intervalMs);
  }
}
