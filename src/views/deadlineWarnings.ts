import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { hours, later, type EpochMs, type WorkspaceId } from '../api/units.ts';
import { warn } from '../host/messages.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { deadlineProblem } from '../model/extend.ts';
import type { Button } from '../model/prompt.ts';
import { nextStop, stopSentence, warningDue, warningKey, type NextStop } from '../model/deadline.ts';

/** What the warnings are drawn from. */
export interface WarningSource {
  /** Those that this window warns of. */
  readonly workspaces: readonly Workspace[];
  /** By the server's clock. */
  readonly now: EpochMs;
  readonly leadsMinutes: readonly number[];
  /**
   * Reads the workspace anew: activity moves deadlines by itself, and a warning that is not true is worse than none.
   * `undefined`: it is gone, or cannot be read.
   */
  readonly reread: (workspace: Workspace) => Promise<Workspace | undefined>;
}

/** What is just being bumped by somebody's work settles first: no warning in the first seconds. */
const CALM_MS = 15_000;
const LONGEST_WAIT_MS = 2 ** 31 - 1;
const MINUTE_MS = 60_000;

/** Tells before a workspace stops: once for each lead time and deadline in this window. */
export class DeadlineWarnings {
  readonly #source: () => WarningSource | undefined;
  readonly #run: (id: string, ...args: unknown[]) => unknown;
  readonly #given = new Set<string>();
  readonly #silenced = new Set<WorkspaceId>();
  readonly #begunAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #disposed = new AbortController();

  constructor(source: () => WarningSource | undefined, run: (id: string, ...args: unknown[]) => unknown) {
    this.#source = source;
    this.#run = run;
  }

  /** Warns of what is due, and waits for what will be. */
  check(): void {
    clearTimeout(this.#timer);
    if (this.#disposed.signal.aborted) return;
    const source = this.#source();
    if (source === undefined) return;
    const calmMs = this.#begunAt + CALM_MS - performance.now();
    const stops = this.#stopsOf(source);
    if (calmMs <= 0) for (const stop of stops) void this.#warnIfDue(stop, source);
    const waits = stops.flatMap((stop) =>
      source.leadsMinutes.map((lead) => stop.deadlineAt - lead * MINUTE_MS - source.now).filter((wait) => wait > 0),
    );
    if (calmMs > 0 && stops.length > 0) waits.push(calmMs + 1);
    if (waits.length > 0) this.#timer = setTimeout(() => this.check(), Math.min(...waits, LONGEST_WAIT_MS));
  }

  dispose(): void {
    this.#disposed.abort();
    clearTimeout(this.#timer);
  }

  #stopsOf({ workspaces, now }: WarningSource): NextStop[] {
    return workspaces
      .filter((workspace) => !this.#silenced.has(workspace.id))
      .flatMap((workspace) => nextStop([workspace], now) ?? []);
  }

  async #warnIfDue(stop: NextStop, { leadsMinutes, reread }: WarningSource): Promise<void> {
    const before = this.#source();
    if (before === undefined) return;
    const due = warningDue(stop, before.now, leadsMinutes, this.#given);
    if (due === undefined) return;
    // Marked before the first wait, so that a second check meanwhile does not warn again.
    const key = warningKey(stop, due);
    this.#given.add(key);
    const fresh = await reread(stop.workspace);
    // It is told once the deployment can be asked again.
    if (fresh === undefined) this.#given.delete(key);
    const after = this.#source();
    const still = fresh === undefined || after === undefined ? undefined : nextStop([fresh], after.now);
    if (after === undefined || still === undefined || this.#disposed.signal.aborted) return;
    // The deadline moved: what belongs to the new one is due in its own time.
    if (still.deadlineAt !== stop.deadlineAt) return;
    await warn(stopSentence(still, after.now, readDisplayLocale()), this.#buttons(still, after.now));
  }

  #buttons({ workspace, deadlineAt, isRequired }: NextStop, now: EpochMs): Button[] {
    const notThis: Button = {
      label: l10n.t('Not for This One'),
      run: () => this.#silenced.add(workspace.id),
    };
    if (isRequired) return [notThis];
    const hour = { label: l10n.t('Extend 1 h'), run: () => this.#run('coderWorkspaces.extend', workspace.id, '1h') };
    return [
      ...(deadlineProblem(workspace, later(deadlineAt, hours(1)), now, readDisplayLocale()) === undefined
        ? [hour]
        : []),
      { label: l10n.t('Choose…'), run: () => this.#run('coderWorkspaces.extend', workspace.id) },
      notThis,
    ];
  }
}
