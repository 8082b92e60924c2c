import { isTooltipDue, untilTooltipDueMs, type SeenAt, type SeenTooltip } from '../model/seenTooltips.ts';
import type { TooltipLine } from '../model/tooltip.ts';
import type { Row } from './rows.ts';

/** The rows whose tooltip somebody has seen since they were drawn. */
export class HoveredRows {
  readonly #seen = new Map<Row, SeenTooltip>();
  readonly #now: () => SeenAt;
  readonly #onTime: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `onTime` is called when a look at them is worth while. */
  constructor(now: () => SeenAt, onTime: () => void) {
    this.#now = now;
    this.#onTime = onTime;
  }

  hovered(row: Row, lines: readonly TooltipLine[]): void {
    this.#seen.set(row, { lines, at: this.#now() });
    this.#timer ??= this.#wait();
  }

  /** A row that is drawn anew is asked for its tooltip anew. */
  drawn(row: Row): void {
    this.#seen.delete(row);
  }

  /** Those to be drawn anew, which then count as not hovered. */
  takeDue(linesOf: (row: Row) => readonly TooltipLine[], isThere: (row: Row) => boolean): Row[] {
    clearTimeout(this.#timer);
    for (const row of this.#seen.keys()) if (!isThere(row)) this.#seen.delete(row);
    const now = this.#now();
    const due = [...this.#seen].flatMap(([row, seen]) => (isTooltipDue(seen, linesOf(row), now) ? [row] : []));
    for (const row of due) this.#seen.delete(row);
    this.#timer = this.#wait();
    return due;
  }

  /** Nobody looks. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): NodeJS.Timeout | undefined {
    const wait = untilTooltipDueMs(this.#seen.values(), this.#now());
    return wait === undefined ? undefined : setTimeout(this.#onTime, wait);
  }
}
