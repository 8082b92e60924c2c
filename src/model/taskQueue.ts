/** Runs asynchronous tasks one after the other, in the order in which they were given. */
export class TaskQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Settles as `task` does, which begins when all earlier tasks have settled, however they did. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
