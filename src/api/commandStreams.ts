import { onAbort } from './abort.ts';

/** Reads that are sent at the same time: with a write, six connections beside the streams. */
const MOST_READS = 5;

/** Sends at most `MOST_READS` reads at the same time; others wait their turn. */
export class ReadQueue {
  readonly #waiting = new Set<() => void>();
  #sent = 0;

  /** @throws what `send` throws, or the signal's reason when aborted before. */
  async run<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    if (this.#sent >= MOST_READS) await this.#turn(signal);
    else this.#sent += 1;
    try {
      return await send();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#sent -= 1;
      else next();
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

/** Streams that commands have open, of logs and values of agents. A session opens fewer of its own meanwhile. */
export class CommandStreams {
  /** Called before one is opened, and after one was closed. */
  onChange: (() => void) | undefined;
  readonly #open = new Set<object>();

  get count(): number {
    return this.#open.size;
  }

  add(stream: object): void {
    this.#open.add(stream);
    this.onChange?.();
  }

  delete(stream: object): void {
    if (this.#open.delete(stream)) this.onChange?.();
  }
}
