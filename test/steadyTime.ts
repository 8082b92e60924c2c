/**
 * Time in which this process ran: for tests whose time-outs are short, so that a machine that holds the process up doesn't
 * make them fire. Node runs timers before it reads sockets: without this, a time-out of 300 ms that met a stall of 300 ms
 * would end a request whose answer is there. Importing this module replaces `setTimeout`, `setInterval` and
 * `performance.now`; wall clocks, `node:timers/promises` and what Node waits for itself stay as they are.
 */
const BEAT_MS = 10;
/** What one turn of the event loop counts at most: a turn that takes longer was held up. */
const LONGEST_TURN_MS = 25;

const real = { setTimeout, clearTimeout, now: performance.now.bind(performance) };

let steadyMs = real.now();
let beatAt = real.now();

const steadyNow = (): number => steadyMs + Math.min(real.now() - beatAt, LONGEST_TURN_MS);

setInterval(() => {
  steadyMs = steadyNow();
  beatAt = real.now();
}, BEAT_MS).unref();

/** As Node's own, as far as the extension, the deployment and the tests use it. */
class SteadyTimer {
  readonly #ms: number;
  readonly #isRepeated: boolean;
  readonly #work: () => void;
  #dueAt = 0;
  #isReferenced = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(work: () => void, ms: number, isRepeated: boolean) {
    this.#work = work;
    this.#ms = ms;
    this.#isRepeated = isRepeated;
    this.refresh();
  }

  refresh(): this {
    this.#dueAt = steadyNow() + this.#ms;
    this.#arm(this.#ms);
    return this;
  }

  ref(): this {
    this.#isReferenced = true;
    this.#timer?.ref();
    return this;
  }

  unref(): this {
    this.#isReferenced = false;
    this.#timer?.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#isReferenced;
  }

  close(): this {
    real.clearTimeout(this.#timer);
    this.#timer = undefined;
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arm(ms: number): void {
    real.clearTimeout(this.#timer);
    this.#timer = real.setTimeout(() => this.#onTime(), ms);
    if (!this.#isReferenced) this.#timer.unref();
  }

  #onTime(): void {
    const leftMs = this.#dueAt - steadyNow();
    // Node's timers are up to a millisecond early.
    if (leftMs > 1) {
      this.#arm(leftMs);
      return;
    }
    this.#timer = undefined;
    if (this.#isRepeated) this.refresh();
    this.#work();
  }
}

type Work = (...args: unknown[]) => void;

const start =
  (isRepeated: boolean) =>
  (work: Work, ms = 0, ...args: unknown[]): SteadyTimer =>
    new SteadyTimer(() => work(...args), ms, isRepeated);

const stop = (timer: unknown): void => {
  if (timer instanceof SteadyTimer) timer.close();
  else real.clearTimeout(timer as NodeJS.Timeout | undefined);
};

Object.assign(globalThis, {
  setTimeout: start(false),
  setInterval: start(true),
  clearTimeout: stop,
  clearInterval: stop,
});
performance.now = steadyNow;
