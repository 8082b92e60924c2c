import { setMaxListeners } from 'node:events';

/**
 * Calls `listener` once `signal` aborts; gives back how to stop listening. Dozens of waiters on one signal are normal
 * here, so Node's warning about more than ten of them is switched off for it.
 */
export const onAbort = (signal: AbortSignal, listener: () => void): (() => void) => {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
};
