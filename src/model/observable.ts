export interface Disposable {
  dispose(): void;
}

/** A value with change notifications. */
export interface Observable<T> {
  readonly value: T;
  /** Calls `listener` for each later change, in order, but not for the present value. */
  subscribe(listener: (value: T, previous: T) => void): Disposable;
}

/** An observable that its owner can set. Setting the same value doesn't notify. */
export class Variable<T> implements Observable<T> {
  #value: T;
  readonly #listeners = new Set<(value: T, previous: T) => void>();
  readonly #untold: { readonly value: T; readonly previous: T }[] = [];

  constructor(initial: T) {
    this.#value = initial;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#untold.push({ value, previous: this.#value });
    this.#value = value;
    // If a listener sets a new value, the others still get the values in order.
    if (this.#untold.length === 1) this.#tell();
  }

  subscribe(listener: (value: T, previous: T) => void): Disposable {
    // Wrapped, so that the same function may subscribe twice and each subscription ends by itself.
    const own = (value: T, previous: T): void => listener(value, previous);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  }

  #tell(): void {
    for (let next = this.#untold[0]; next !== undefined; next = this.#untold[0]) {
      for (const listener of [...this.#listeners]) {
        if (this.#listeners.has(listener)) callSafely(listener, next.value, next.previous);
      }
      this.#untold.shift();
    }
  }
}

/** An error in one listener doesn't affect the others; it is rethrown as an uncaught error. */
const callSafely = <T>(listener: (value: T, previous: T) => void, value: T, previous: T): void => {
  try {
    listener(value, previous);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
