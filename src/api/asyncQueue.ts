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

  /** All that is queued, at least one item; nothing only when the end has been reached. @throws what `fail` was given */
  async take(): Promise<T[]> {
    while (this.#isWaitedFor) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#taken();
  }

  /** The same; `undefined` when nothing has come within `ms`. */
  async takeWithin(ms: Milliseconds): Promise<T[] | undefined> {
    if (this.#isWaitedFor) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#isWaitedFor ? undefined : this.#taken();
  }

  get #isWaitedFor(): boolean {
    return this.#queue.length === 0 && this.#end === undefined;
  }

  #taken(): T[] {
    if (this.#queue.length === 0 && this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
    return this.drain();
  }

  /** All that is queued now, without waiting. */
  drain(): T[] {
    const taken = this.#queue;
    this.#queue = [];
    return taken;
  }
}
