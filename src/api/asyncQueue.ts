import type { Milliseconds } from './units.ts';

/** A queue between a source that pushes and one reader, which takes all queued items at once. */
export class AsyncQueue<T> {
  #queue: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  get size(): number {
    return this.#queue.length;
  }

  /**
   * Once `most` are queued, one is left out: the oldest of those that `isWhole`, if a newer one makes up for it, else the
   * last one.
   */
  push(item: T, most = Infinity, isWhole: (item: T) => boolean = () => false): void {
    if (this.#end !== undefined) return;
    if (this.#queue.length >= most) {
      const oldest = this.#queue.findIndex(isWhole);
      const hasNewer = isWhole(item) || this.#queue.findLastIndex(isWhole) > oldest;
      this.#queue.splice(hasNewer ? oldest : -1, 1);
    }
    this.#queue.push(item);
    this.#wake?.();
  }

  /** Ends the queue. */
  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** Ends the queue with an error: `take` throws it after all queued items have been taken. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  /**
   * All that is queued, at least one item; nothing only when the end has been reached. `undefined`: nothing has come within
   * `ms`. @throws what `fail` was given
   */
  take(): Promise<T[]>;
  take(ms: Milliseconds): Promise<T[] | undefined>;
  async take(ms?: Milliseconds): Promise<T[] | undefined> {
    if (this.#isWaitedFor) {
      await new Promise<void>((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    if (this.#isWaitedFor) return undefined;
    if (this.#queue.length === 0 && this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
    return this.drain();
  }

  get #isWaitedFor(): boolean {
    return this.#queue.length === 0 && this.#end === undefined;
  }

  /** All that is queued now, without waiting. */
  drain(): T[] {
    const taken = this.#queue;
    this.#queue = [];
    return taken;
  }
}
