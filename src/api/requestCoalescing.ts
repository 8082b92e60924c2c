import { onAbort } from './abort.ts';

/**
 * Coalesces identical reads: a caller joins the pending request for the same key. The request is aborted only when no caller
 * waits for it any more.
 */
export class RequestCoalescing {
  readonly #pending = new Map<string, PendingRequest>();

  /** @throws what `send` throws, or the signal's own reason as soon as it aborts */
  run<T>(key: string, signal: AbortSignal, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const pending = this.#pending.get(key) ?? this.#start(key, send);
    return waitFor(pending, signal) as Promise<T>;
  }

  /** Data has changed: later callers don't join requests that are pending now. */
  forget(): void {
    this.#pending.clear();
  }

  #start(key: string, send: (signal: AbortSignal) => Promise<unknown>): PendingRequest {
    const controller = new AbortController();
    const remove = () => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key);
    };
    const stop = () => {
      remove();
      controller.abort();
    };
    const pending: PendingRequest = { result: send(controller.signal), waiters: 0, stop };
    this.#pending.set(key, pending);
    pending.result.then(remove, remove);
    return pending;
  }
}

interface PendingRequest {
  readonly result: Promise<unknown>;
  readonly stop: () => void;
  waiters: number;
}

const waitFor = (pending: PendingRequest, signal: AbortSignal): Promise<unknown> => {
  pending.waiters += 1;
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      pending.waiters -= 1;
      if (pending.waiters === 0) pending.stop();
      reject(signal.reason as Error);
    });
    pending.result.finally(stopListening).then(resolve, reject);
  });
};
