import { unlessAborted } from '../api/abort.ts';

/** Blocks `pass` while closed. */
export class Gate {
  #opened: Promise<void> = Promise.resolve();
  #open: (() => void) | undefined;

  close(): void {
    if (this.#open !== undefined) return;
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#open?.();
    this.#open = undefined;
  }

  /** Ends when the gate is open. @throws the signal's reason as soon as that aborts */
  passed(signal: AbortSignal): Promise<void> {
    return unlessAborted(this.#opened, signal);
  }
}
