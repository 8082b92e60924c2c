import { sleep } from '../api/abort.ts';
import { isAbort } from '../api/errors.ts';
import type { Milliseconds } from '../api/units.ts';

/** Pause before a loop begins anew. */
const BROKEN_MS = 1_000 as Milliseconds;

/**
 * Runs an endless loop until `signal` aborts, whatever it throws: that is for `onError`, and after a pause the loop begins
 * anew. The pause is measured by a real timer, because the loop's own may be what fails.
 */
export const keepRunning = (
  loop: () => Promise<void>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): void => {
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await loop();
      } catch (error) {
        if (!isAbort(error, signal)) onError(error);
      }
      await sleep(BROKEN_MS, signal);
    }
  };
  // It rejects only with the signal's reason.
  run().catch(() => undefined);
};
