import { nextSlice, SLICE_MS } from '../api/slices.ts';

/**
 * Runs `work` to its end in slices, between which the host has its turn. The first one runs at once, so that what is
 * short is done when this returns. Rejects with what `work` throws, or with the signal's reason.
 */
export async function inSlices(work: Iterator<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    const endsAt = performance.now() + SLICE_MS;
    do if (work.next().done === true) return;
    while (performance.now() < endsAt);
    await nextSlice();
    signal.throwIfAborted();
  }
}
