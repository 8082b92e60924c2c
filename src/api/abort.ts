import { setMaxListeners } from 'node:events';
import type { Milliseconds } from './units.ts';

/**
 * Calls `listener` once `signal` aborts; gives back how to stop listening. Dozens of waiters on one signal are normal
 * here, so Node's warning about more than ten of them is switched off for it.
 */
export const onAbort = (signal: AbortSignal, listener: () => void): (() => void) => {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
};

/** Why what nobody waits for any more ends. Without a reason, Node makes such an error each time, with its stack trace. */
export const NOT_NEEDED = new DOMException('This operation was aborted', 'AbortError');

/**
 * A controller whose signal also aborts with `parent`, for the same reason, and after `withinMs`, until one of them aborts
 * or it is released. Whoever makes one releases it: `AbortSignal.any` cannot be released, and each signal that it makes keeps
 * some 260 bytes at the parent for as long as that lives.
 */
export class LinkedController extends AbortController {
  readonly #unlink: () => void;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(parent: AbortSignal, withinMs?: number) {
    super();
    this.#unlink = onAbort(parent, () => this.abort(parent.reason));
    this.#timer = withinMs === undefined ? undefined : setTimeout(() => this.abort(), withinMs);
    if (parent.aborted) this.abort(parent.reason);
  }

  override abort(reason: unknown = NOT_NEEDED): void {
    this.release();
    super.abort(reason);
  }

  /** Detaches from `parent`, and stops the time. */
  release(): void {
    clearTimeout(this.#timer);
    this.#unlink();
  }
}

/**
 * Waits for `work`, which goes on, until `signal` aborts.
 * @throws what `work` throws, or the signal's reason as soon as it aborts
 */
export const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stopListening = onAbort(signal, () => reject(signal.reason as Error));
    work.finally(stopListening).then(resolve, reject);
  });

/** Longer timeouts than 2^31 ms would fire immediately. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Ends after `duration`; never, for an infinite one. @throws the signal's reason as soon as it aborts */
export const sleep = (duration: Milliseconds, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const wait = (leftMs: number): void => {
      timer = setTimeout(
        () => {
          if (leftMs > LONGEST_TIMER_MS) {
            wait(leftMs - LONGEST_TIMER_MS);
            return;
          }
          stopListening();
          resolve();
        },
        Math.min(leftMs, LONGEST_TIMER_MS),
      );
    };
    const stopListening = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
    // No timer for an endless wait: it would keep the process alive.
    if (Number.isFinite(duration)) wait(duration);
  });
