/** The host may not be blocked for longer than 50 ms; the collector and others want to work in it, too. */
export const SLICE_MS = 10;

const waiting: (() => void)[] = [];
let endsAt: number | undefined;
let isScheduled = false;

/**
 * Whether the time that each turn of the host's loop has for long work is used up, by whoever worked in it: ten logs at
 * once hold up the host no longer than one.
 */
export const isSliceOver = (): boolean => {
  const now = performance.now();
  if (endsAt === undefined) {
    endsAt = now + SLICE_MS;
    schedule();
  }
  return now > endsAt;
};

/** Waits for the next slice; each turn of the event loop gives one, first come, first served. */
export const nextSlice = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    schedule();
  });

const schedule = (): void => {
  if (!isScheduled) setImmediate(turn);
  isScheduled = true;
};

const turn = (): void => {
  isScheduled = false;
  endsAt = undefined;
  waiting.shift()?.();
  if (waiting.length > 0) schedule();
};
