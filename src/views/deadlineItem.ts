import type { WorkspaceId } from '../api/units.ts';
import { Alarm } from '../model/alarm.ts';
import {
  countdown,
  runningWorkspaces,
  type Countdown,
  type CountdownBasis,
  type RunningWorkspaces,
} from '../model/countdown.ts';
import { nextStop, toldWorkspaces } from '../model/deadline.ts';
import type { DisplayLocale } from '../model/times.ts';
import type { Timing } from '../model/timing.ts';

/** Input of the item; read on each redraw. */
export type DeadlineSource = Omit<CountdownBasis, 'show'>;

/** What the item shows. */
export interface DeadlineDrawing {
  readonly content: Countdown;
  readonly isExtending: boolean;
  /** For the tooltip. */
  readonly running: RunningWorkspaces;
}

export interface DeadlineParts {
  readonly timing: Timing;
  readonly source: () => DeadlineSource;
  readonly show: () => CountdownBasis['show'];
  readonly displayLocale: () => DisplayLocale;
  readonly draw: (drawing: DeadlineDrawing) => void;
  readonly logError: (error: unknown) => void;
}

/** Maximum number of workspaces in the tooltip. */
const SHOWN_AT_MOST = 10;

/** The status bar item `coderWorkspaces.deadline`: time until the next stop. Its timer fires only when its text changes. */
export class DeadlineItem {
  readonly #parts: DeadlineParts;
  readonly #alarm: Alarm;
  #working = 0;
  /** Last drawing as JSON, so that equal ones aren't sent to the window again. */
  #drawn = '';

  constructor(parts: DeadlineParts) {
    this.#parts = parts;
    this.#alarm = new Alarm(parts.timing, () => this.redraw(), parts.logError);
  }

  /** The workspace whose stop is shown, or would be. */
  shownId(): WorkspaceId | undefined {
    const { state, now, preference } = this.#parts.source();
    return state?.kind === 'ready'
      ? nextStop(toldWorkspaces(state, preference), now, preference)?.workspace.id
      : undefined;
  }

  /** Shows *Extending…* until `work` settles. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#working += 1;
    this.redraw();
    try {
      return await work;
    } finally {
      this.#working -= 1;
      this.redraw();
    }
  }

  redraw(): void {
    const { source, show, displayLocale, draw } = this.#parts;
    const basis = { ...source(), show: show() };
    const { changesAt, ...content } = countdown(basis, displayLocale());
    const running =
      content.kind === 'stops' || content.kind === 'stopped'
        ? runningWorkspaces(basis, displayLocale(), SHOWN_AT_MOST)
        : { first: [], more: 0 };
    const drawing = { content: content as Countdown, isExtending: this.#working > 0, running };
    const text = JSON.stringify(drawing);
    if (text !== this.#drawn) draw(drawing);
    this.#drawn = text;
    this.#alarm.set(changesAt && changesAt - basis.now);
  }

  dispose(): void {
    this.#alarm.dispose();
  }
}
