import type { MonotonicMs, WorkspaceId } from '../api/units.ts';
import { later } from '../api/units.ts';
import type { Poll } from './attention.ts';

/** Which of the workspaces in transition are to be asked for now, each in its own time; the first time after one of it. */
export class TransitionPolls {
  /** When each was last asked for, or first seen in transition. */
  readonly #askedAt = new Map<WorkspaceId, MonotonicMs>();
  #polls: readonly Poll[] = [];

  follow(polls: readonly Poll[], now: MonotonicMs): void {
    const ids = new Set(polls.map(({ id }) => id));
    for (const id of this.#askedAt.keys()) if (!ids.has(id)) this.#askedAt.delete(id);
    for (const id of ids) if (!this.#askedAt.has(id)) this.#askedAt.set(id, now);
    this.#polls = polls;
  }

  /** When the next one is due; `undefined`: none is in transition. */
  nextAt(): MonotonicMs | undefined {
    let next: MonotonicMs | undefined;
    for (const poll of this.#polls) {
      const at = this.#dueAt(poll);
      if (next === undefined || at < next) next = at;
    }
    return next;
  }

  /** Those that are due, counted as asked for. */
  take(now: MonotonicMs): WorkspaceId[] {
    const due = this.#polls.filter((poll) => this.#dueAt(poll) <= now).map(({ id }) => id);
    for (const id of due) this.#askedAt.set(id, now);
    return due;
  }

  #dueAt({ id, everyMs }: Poll): MonotonicMs {
    return later(this.#askedAt.get(id) ?? (0 as MonotonicMs), everyMs);
  }
}
