import { isSliceOver, nextSlice } from '../api/slices.ts';

/**
 * Runs `work` to its end in slices, yielding to the event loop between them. The first slice runs synchronously, so short work
 * is done on return unless other long work has used up the turn. Rejects with what `work` throws, or with the signal's reason.
 */
export async function inSlices(work: Iterator<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    do if (work.next().done === true) return;
    while (!isSliceOver());
    await nextSlice();
    signal.throwIfAborted();
  }
}
