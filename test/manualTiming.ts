import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EpochMs, Milliseconds, MonotonicMs } from '../src/api/units.ts';
import type { Timing } from '../src/model/timing.ts';

interface Sleeper {
  dueAt: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so; sockets are real meanwhile. */
export class ManualTiming implements Timing {
  #now = Date.now();
  #monotonic = 1_000;
  readonly #sleepers = new Set<Sleeper>();

  /** Waits that have not ended. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  now(): EpochMs {
    return this.#now as EpochMs;
  }

  monotonicMs(): MonotonicMs {
    return this.#monotonic as MonotonicMs;
  }

  random(): number {
    return 0.5;
  }

  sleep(length: Milliseconds, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper = { dueAt: this.#monotonic + length, wake };
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets `length` pass, waking whoever is due in turn, and what they set off run as far as it gets without waiting. */
  async advance(length: number): Promise<void> {
    const end = this.#monotonic + length;
    for (;;) {
      const next = [...this.#sleepers].sort((one, other) => one.dueAt - other.dueAt)[0];
      if (next === undefined || next.dueAt > end) break;
      this.#pass(Math.max(0, next.dueAt - this.#monotonic));
      this.#sleepers.delete(next);
      next.wake();
      await nextTurn();
    }
    this.#pass(end - this.#monotonic);
    await nextTurn();
  }

  /** The machine sleeps: its clock goes on, its timers and its monotonic clock do not. */
  sleepMachine(length: number): void {
    this.setClock(length);
  }

  /** Somebody sets the clock, ahead or back. */
  setClock(by: number): void {
    this.#now += by;
  }

  /** The process is held up, or sleeps where the monotonic clock goes on meanwhile: only its timers are late. */
  stall(length: number): void {
    this.#pass(length);
    for (const sleeper of this.#sleepers) sleeper.dueAt += length;
  }

  #pass(length: number): void {
    this.#now += length;
    this.#monotonic += length;
  }
}
