import { inBackground } from '../api/errors.ts';
import { inSlices } from './slices.ts';

/** What is drawn, and for whom. */
export interface Drawn {
  readonly isVisible: () => boolean;
  /** What is known so far is only a part. */
  readonly isPartial: () => boolean;
  /** The steps of a whole drawing. */
  readonly draw: () => Iterator<unknown>;
  /** A drawing failed and will be repeated. */
  readonly onFailure: () => void;
  /** Gets the first error of a series of failed drawings. */
  readonly logError: (error: unknown) => void;
}

/** Changes within this time are drawn together. */
const BATCH_MS = 250;
/** First delay before a failed drawing is repeated; doubled each time, up to a minute. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;

/** Decides when a view is drawn: batched, in slices, one drawing at a time, again after a failure, and never while hidden. */
export class Redrawing {
  readonly #drawn: Drawn;
  /** Something may have changed since the last drawing began. */
  #isDue = true;
  /** By the monotonic clock. */
  #drawnAtMs = -Infinity;
  #isPartDrawn = false;
  #failures = 0;
  #running: AbortController | undefined;
  #ended = Promise.resolve();
  #next: NodeJS.Timeout | undefined;

  constructor(drawn: Drawn) {
    this.#drawn = drawn;
  }

  /** Something changed: draws immediately or, after a recent drawing, batched; if hidden, when asked again. */
  request(): void {
    const { isVisible, isPartial } = this.#drawn;
    this.#isDue = true;
    if (!isVisible() || this.#running !== undefined) return;
    const waitMs = this.#drawnAtMs + BATCH_MS - performance.now();
    // What was drawn in part is drawn immediately once it is complete.
    if (this.#isPartDrawn && !isPartial()) this.#draw();
    else if (this.#next !== undefined) return;
    else if (waitMs > 0) this.#drawIn(waitMs);
    else this.#draw();
  }

  /** Draws now what has changed, even while hidden. */
  drawDue(): void {
    if (this.#isDue && this.#running === undefined) this.#draw();
  }

  /** Waits until all that has changed is drawn. */
  async settled(): Promise<void> {
    await this.#ended;
    if (this.#isDue || this.#next !== undefined) this.#draw();
    await this.#ended;
  }

  /** Runs the steps of a smaller drawing, unless a drawing is scheduled or in progress anyway. */
  runBetween(steps: () => Iterator<unknown>): void {
    if (this.#next === undefined && this.#running === undefined) inBackground(this.#run(steps()), this.#drawn.logError);
  }

  /** Draws nothing until it is asked again. */
  rest(): void {
    this.#isDue ||= this.#running !== undefined;
    this.#running?.abort();
    this.#running = undefined;
    clearTimeout(this.#next);
    this.#next = undefined;
  }

  #drawIn(waitMs: number): void {
    this.#next = setTimeout(() => this.#draw(), waitMs);
  }

  #draw(): void {
    const { isPartial, draw, logError } = this.#drawn;
    clearTimeout(this.#next);
    this.#next = undefined;
    this.#isDue = false;
    this.#drawnAtMs = performance.now();
    this.#isPartDrawn = isPartial();
    this.#ended = this.#run(draw());
    inBackground(this.#ended, logError);
  }

  async #run(steps: Iterator<unknown>): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      await inSlices(steps, running.signal);
      this.#failures = 0;
    } catch (error) {
      if (!running.signal.aborted) {
        if (this.#failures === 0) this.#drawn.logError(error);
        this.#drawn.onFailure();
        this.#drawIn(Math.min(RETRY_MS * 2 ** this.#failures, LONGEST_RETRY_MS));
        this.#failures += 1;
      }
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
    if (this.#isDue) this.request();
  }
}
