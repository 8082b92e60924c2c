import { inBackground } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Milliseconds } from '../api/units.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { warn } from '../host/messages.ts';
import type { NextStop } from '../model/deadline.ts';
import type { Button } from '../model/prompt.ts';
import {
  answerLabel,
  dueWarnings,
  NO_WARNINGS,
  rereadWarning,
  silence,
  warningText,
  type Warning,
  type WarningAnswer,
  type WarningBasis,
} from '../model/warnings.ts';

/** What the warnings are drawn from; asked for anew each time. */
export interface WarningSource extends Omit<WarningBasis, 'calmMs'> {
  /** Reads the workspace anew; `undefined`: it is gone, or cannot be read. */
  readonly reread: (workspace: Workspace) => Promise<Workspace | undefined>;
}

/** What is just being bumped by somebody's work settles first: no warning in the first seconds. */
const CALM_MS = 15_000;
/** A timer cannot wait longer. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Tells before a workspace stops. */
export class DeadlineWarnings {
  readonly #source: () => WarningSource;
  readonly #run: (id: string, ...args: unknown[]) => unknown;
  readonly #logError: (error: unknown) => void;
  readonly #begunAt = performance.now();
  readonly #end = new AbortController();
  #memory = NO_WARNINGS;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends, by the monotonic clock. */
  #checkAtMs = 0;

  constructor(
    source: () => WarningSource,
    run: (id: string, ...args: unknown[]) => unknown,
    logError: (error: unknown) => void,
  ) {
    this.#source = source;
    this.#run = run;
    this.#logError = logError;
  }

  /** Warns of what is due, and waits for what will be. */
  check(): void {
    if (this.#end.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const calmMs = Math.max(0, this.#begunAt + CALM_MS - performance.now()) as Milliseconds;
    const { due, memory, askAgainInMs } = dueWarnings({ ...this.#source(), calmMs }, this.#memory);
    this.#memory = memory;
    for (const warning of due) inBackground(this.#warn(warning), this.#logError);
    if (askAgainInMs !== undefined) this.#checkIn(askAgainInMs);
  }

  dispose(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
  }

  #checkIn(waitMs: number): void {
    const atMs = performance.now() + waitMs;
    if (this.#timer !== undefined && this.#checkAtMs <= atMs) return;
    clearTimeout(this.#timer);
    this.#checkAtMs = atMs;
    this.#timer = setTimeout(() => this.check(), Math.min(Math.ceil(waitMs), LONGEST_WAIT_MS));
  }

  async #warn(warning: Warning): Promise<void> {
    const fresh = await this.#reread(warning.stop.workspace);
    if (this.#end.signal.aborted) return;
    const source = this.#source();
    const { stop, memory, askAgainInMs } = rereadWarning(warning, fresh, source.now, this.#memory);
    this.#memory = memory;
    if (askAgainInMs !== undefined) this.#checkIn(askAgainInMs);
    if (stop === undefined) return;
    const { message, answers } = warningText(stop, source, readDisplayLocale());
    await warn(
      message,
      answers.map((answer) => this.#button(answer, stop)),
    );
  }

  async #reread(workspace: Workspace): Promise<Workspace | undefined> {
    try {
      return await this.#source().reread(workspace);
    } catch (error) {
      this.#logError(error);
      return undefined;
    }
  }

  #button(answer: WarningAnswer, { workspace }: NextStop): Button {
    return { label: answerLabel(answer), run: () => this.#carryOut(answer, workspace) };
  }

  #carryOut(answer: WarningAnswer, workspace: Workspace): unknown {
    switch (answer) {
      case 'extendHour':
        return this.#run('coderWorkspaces.extend', workspace.id, '1h');
      case 'choose':
        return this.#run('coderWorkspaces.extend', workspace.id);
      case 'silence':
        return (this.#memory = silence(this.#memory, workspace.id));
    }
  }
}
