import { nextSlice, SLICE_MS } from '../api/slices.ts';

/**
 * Runs `work` to its end in slices, yielding to the event loop between them. The first slice runs synchronously, so short work
 * is done on return. Rejects with what `work` throws, or with the signal's reason.
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
