import { onAbort } from './onAbort.ts';
import type { Milliseconds } from './units.ts';

/** Waits; an abort ends the wait at once with the signal's reason. */
export const pause = (duration: Milliseconds, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const timer = setTimeout(() => {
      stopListening();
      resolve();
    }, duration);
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });

/** 1, 2, 4 … times `first`, at most `limit`, spread by a quarter so that many clients do not come back at once. */
export const backOff = (attempt: number, first: Milliseconds, limit: Milliseconds): Milliseconds =>
  (Math.min(limit, first * 2 ** attempt) * (0.75 + Math.random() / 2)) as Milliseconds;
