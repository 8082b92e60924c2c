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
