import type { MonotonicMs, WorkspaceId } from '../api/units.ts';
import { later } from '../api/units.ts';
import type { Poll } from './attention.ts';
import { Schedule, type ScheduleOptions } from './schedule.ts';

export interface TransitionPollsOptions extends Pick<ScheduleOptions, 'timing' | 'signal' | 'onError'> {
  /** Reads one workspace, whatever comes of it. */
  readonly read: (id: WorkspaceId) => Promise<unknown>;
  /** While the deployment is away nothing is read. */
  readonly isPaused: () => boolean;
}

/** Reads the workspaces in transition, each in its own time; the first time after one of it. */
export class TransitionPolls {
  readonly #options: TransitionPollsOptions;
  readonly #schedule: Schedule;
  /** When each was last asked for, or first seen in transition. */
  readonly #askedAt = new Map<WorkspaceId, MonotonicMs>();
  #polls: readonly Poll[] = [];

  constructor(options: TransitionPollsOptions) {
    this.#options = options;
    this.#schedule = new Schedule({
      ...options,
      read: () => this.#readDue(),
      dueAt: () => (options.isPaused() ? undefined : this.#nextAt()),
    });
  }

  /** Runs until the signal aborts. Never rejects. */
  run(): Promise<void> {
    return this.#schedule.run();
  }

  /** What is to be read from now on. */
  follow(polls: readonly Poll[]): void {
    const now = this.#options.timing.monotonicMs();
    const ids = new Set(polls.map(({ id }) => id));
    for (const id of this.#askedAt.keys()) if (!ids.has(id)) this.#askedAt.delete(id);
    for (const id of ids) if (!this.#askedAt.has(id)) this.#askedAt.set(id, now);
    this.#polls = polls;
  }

  get count(): number {
    return this.#polls.length;
  }

  /** What was followed, or whether the deployment is away, has changed. */
  reconsider(): void {
    this.#schedule.reconsider();
  }

  async #readDue(): Promise<void> {
    const now = this.#options.timing.monotonicMs();
    const due = this.#polls.filter((poll) => this.#dueAt(poll) <= now).map(({ id }) => id);
    for (const id of due) this.#askedAt.set(id, now);
    await Promise.all(due.map((id) => this.#options.read(id)));
  }

  /** When the next one is due; `undefined`: none is in transition. */
  #nextAt(): MonotonicMs | undefined {
    let next: MonotonicMs | undefined;
    for (const poll of this.#polls) {
      const at = this.#dueAt(poll);
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  #dueAt({ id, everyMs }: Poll): MonotonicMs {
    return later(this.#askedAt.get(id) ?? (0 as MonotonicMs), everyMs);
  }
}
