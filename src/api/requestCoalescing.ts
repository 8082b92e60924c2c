import { onAbort } from './abort.ts';

/**
 * Reads in flight: who wants what is being read already gets that answer. The work stops only when nobody waits for it
 * any more.
 */
export class RequestCoalescing {
  readonly #inFlight = new Map<string, Flight>();

  /** Rejects with what `work` threw, or with the signal's own reason. */
  run<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const flight = this.#inFlight.get(key) ?? this.#start(key, work);
    return join(flight, signal) as Promise<T>;
  }

  /** What is in flight was asked before something changed: nobody joins it any more. */
  forget(): void {
    this.#inFlight.clear();
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const land = () => {
      if (this.#inFlight.get(key) === flight) this.#inFlight.delete(key);
    };
    const stop = () => {
      land();
      controller.abort();
    };
    const flight: Flight = { result: work(controller.signal), waiting: 0, stop };
    this.#inFlight.set(key, flight);
    flight.result.then(land, land);
    return flight;
  }
}

interface Flight {
  readonly result: Promise<unknown>;
  readonly stop: () => void;
  waiting: number;
}

const join = (flight: Flight, signal: AbortSignal): Promise<unknown> => {
  flight.waiting += 1;
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, () => {
      flight.waiting -= 1;
      if (flight.waiting === 0) flight.stop();
      reject(signal.reason as Error);
    });
    flight.result.finally(stopListening).then(resolve, reject);
  });
};
