import { onAbort } from './abort.ts';

/** Lets so much work run at the same time; the rest waits its turn, in the order in which it came. */
export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs `work` in a slot, which is free again at its end, or once it calls `release`.
   * @throws what `work` throws, or the signal's reason when aborted before
   */
  async run<T>(signal: AbortSignal, work: (release: () => void) => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let isTaken = true;
    const release = (): void => {
      if (!isTaken) return;
      isTaken = false;
      const [next] = this.#waiting;
      if (next === undefined) this.#free += 1;
      else next();
    };
    try {
      return await work(release);
    } finally {
      release();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(go);
        stopListening();
      };
      const go = (): void => {
        leave();
        resolve();
      };
      const stopListening = onAbort(signal, () => {
        leave();
        reject(signal.reason as Error);
      });
      this.#waiting.add(go);
    });
  }
}
