import { inBackground } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Milliseconds } from '../api/units.ts';
import { Alarm } from '../model/alarm.ts';
import type { NextStop } from '../model/deadline.ts';
import type { Button } from '../model/prompt.ts';
import type { DisplayLocale } from '../model/times.ts';
import {
  answerLabel,
  dueWarnings,
  NO_WARNINGS,
  rereadWarning,
  silence,
  silenceKey,
  stoppingWithinLastLead,
  warningText,
  type Warning,
  type WarningAnswer,
  type WarningBasis,
} from '../model/warnings.ts';
import { awaitTurn, type Turns } from './turns.ts';

/** What the warnings are drawn from; asked for anew each time. */
export interface WarningSource extends Omit<WarningBasis, 'calmMs'> {
  /** Reads the workspace anew; `undefined`: it is gone, or cannot be read. */
  readonly reread: (workspace: Workspace) => Promise<Workspace | undefined>;
}

/** What the warnings need besides. */
export interface WarningParts extends Turns {
  readonly source: () => WarningSource;
  readonly displayLocale: () => DisplayLocale;
  /** Shows a warning. */
  readonly warn: (message: string, buttons: readonly Button[]) => Promise<void>;
  readonly run: (id: string, ...args: unknown[]) => unknown;
  /** How many workspaces stop within the last lead. */
  readonly showSoon: (count: number) => void;
  readonly logError: (error: unknown) => void;
}

/** No warnings in the first seconds, in which activity may still move deadlines. */
const CALM_MS = 15_000;

/** Warns before a workspace stops, in only one window. */
export class DeadlineWarnings {
  readonly #parts: WarningParts;
  readonly #calmUntilMs: number;
  readonly #end = new AbortController();
  #memory = NO_WARNINGS;
  readonly #alarm: Alarm;
  /** When the alarm fires, by the monotonic clock. */
  #checkAtMs = Infinity;

  constructor(parts: WarningParts) {
    this.#parts = parts;
    this.#alarm = new Alarm(parts.timing, () => this.check(), parts.logError);
    this.#calmUntilMs = parts.timing.monotonicMs() + CALM_MS;
  }

  /** Shows due warnings and sets the alarm for the next one. */
  check(): void {
    if (this.#end.signal.aborted) return;
    this.#alarm.set(undefined);
    this.#checkAtMs = Infinity;
    const { source, timing, showSoon } = this.#parts;
    const calmMs = Math.max(0, this.#calmUntilMs - timing.monotonicMs()) as Milliseconds;
    const basis = { ...source(), calmMs };
    const { due, memory, askAgainInMs } = dueWarnings(basis, this.#memory);
    this.#memory = memory;
    showSoon(stoppingWithinLastLead(basis));
    for (const warning of due) inBackground(this.#warn(warning), this.#parts.logError);
    if (askAgainInMs !== undefined) this.#checkIn(askAgainInMs);
  }

  dispose(): void {
    this.#end.abort();
    this.#alarm.dispose();
  }

  #checkIn(waitMs: number): void {
    const atMs = this.#parts.timing.monotonicMs() + waitMs;
    if (this.#checkAtMs <= atMs) return;
    this.#checkAtMs = atMs;
    this.#alarm.set(waitMs);
  }

  async #warn(warning: Warning): Promise<void> {
    const { workspace } = warning.stop;
    const { source, claims, displayLocale, warn } = this.#parts;
    const keys = [warning.key, silenceKey(warning.stop)];
    if (!(await awaitTurn(this.#parts, workspace.id, keys, this.#end.signal))) return;
    const fresh = await this.#reread(workspace);
    if (this.#end.signal.aborted) return;
    const { now, usualTimes } = source();
    const { stop, memory, askAgainInMs } = rereadWarning(warning, fresh, now, this.#memory);
    this.#memory = memory;
    if (askAgainInMs !== undefined) this.#checkIn(askAgainInMs);
    if (stop === undefined || !(await claims.take(warning.key))) return;
    const { message, answers } = warningText(stop, { now, usualTimes }, displayLocale());
    await warn(
      message,
      answers.map((answer) => ({ label: answerLabel(answer), run: () => this.#carryOut(answer, stop) })),
    );
  }

  async #reread(workspace: Workspace): Promise<Workspace | undefined> {
    try {
      return await this.#parts.source().reread(workspace);
    } catch (error) {
      this.#parts.logError(error);
      return undefined;
    }
  }

  #carryOut(answer: WarningAnswer, stop: NextStop): unknown {
    const { run, claims } = this.#parts;
    switch (answer) {
      case 'extendHour':
        return run('coderWorkspaces.extend', stop.workspace.id, '1h');
      case 'choose':
        return run('coderWorkspaces.extend', stop.workspace.id);
      case 'silence':
        this.#memory = silence(this.#memory, stop);
        // Also silences other windows, and this one after a reload.
        return claims.take(silenceKey(stop));
    }
  }
}
