import { isTooltipDue, untilTooltipDueMs, type SeenAt, type SeenTooltip } from '../model/seenTooltips.ts';
import type { TooltipLine } from '../model/tooltip.ts';
import type { Row } from './rows.ts';

/** Rows that were hovered since they were drawn. */
export class HoveredRows {
  readonly #seen = new Map<Row, SeenTooltip>();
  readonly #now: () => SeenAt;
  readonly #onTime: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** `onTime` is called when one of them may be due. */
  constructor(now: () => SeenAt, onTime: () => void) {
    this.#now = now;
    this.#onTime = onTime;
  }

  hovered(row: Row, lines: readonly TooltipLine[]): void {
    this.#seen.set(row, { lines, at: this.#now() });
    this.#timer ??= this.#wait();
  }

  /** VS Code requests the tooltip of a redrawn row again. */
  drawn(row: Row): void {
    this.#seen.delete(row);
  }

  /** Removes and returns the rows whose tooltip has changed. */
  takeDue(linesOf: (row: Row) => readonly TooltipLine[], isThere: (row: Row) => boolean): Row[] {
    clearTimeout(this.#timer);
    for (const row of this.#seen.keys()) if (!isThere(row)) this.#seen.delete(row);
    const now = this.#now();
    const due = [...this.#seen].flatMap(([row, seen]) => (isTooltipDue(seen, linesOf(row), now) ? [row] : []));
    for (const row of due) this.#seen.delete(row);
    this.#timer = this.#wait();
    return due;
  }

  /** The view is hidden: stops the timer. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): NodeJS.Timeout | undefined {
    const wait = untilTooltipDueMs(this.#seen.values(), this.#now());
    return wait === undefined ? undefined : setTimeout(this.#onTime, wait);
  }
}
