export interface Disposable {
  dispose(): void;
}

/** A value that tells when it is replaced. */
export interface Observable<T> {
  readonly value: T;
  /** `listener` hears of each later replacement, in order; not of the value at hand. */
  subscribe(listener: (value: T, previous: T) => void): Disposable;
}

/** An observable for whoever owns the value. Setting what is there already tells nobody. */
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
    // A listener that sets again must not make the others hear the newer value before the older one.
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

/** One listener's failure must not keep the others from hearing; it surfaces as what it is, an uncaught error. */
const callSafely = <T>(listener: (value: T, previous: T) => void, value: T, previous: T): void => {
  try {
    listener(value, previous);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
