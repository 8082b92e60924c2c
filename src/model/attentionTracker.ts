import type { Milliseconds, WorkspaceId } from '../api/units.ts';
import type { Attention } from './attention.ts';
import { Lingering } from './lingering.ts';
import { same } from './newer.ts';
import type { Timing } from './timing.ts';

export interface AttentionTrackerOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onChange: (after: Attention, before: Attention) => void;
}

/** Who hides the rows and comes back within this finds all as it was. */
const GRACE_MS = 10_000 as Milliseconds;

/** Puts together from all sides who or what waits for facts in this window. */
export class AttentionTracker {
  readonly #onChange: AttentionTrackerOptions['onChange'];
  readonly #seen: Lingering;
  readonly #followed: WorkspaceId[] = [];
  #value: Attention = {
    isSeen: false,
    isFocused: true,
    isTold: true,
    followed: new Set(),
    isAwaited: false,
    opened: new Set(),
  };
  #showsDeadline = true;
  #tellsStops = false;
  #awaiting = 0;

  constructor({ timing, signal, onChange }: AttentionTrackerOptions) {
    this.#onChange = onChange;
    this.#seen = new Lingering({ timing, lingerMs: GRACE_MS, signal, onChange: (isSeen) => this.#set({ isSeen }) });
  }

  get value(): Attention {
    return this.#value;
  }

  /** Whether the rows are to be seen. Hiding them takes effect after a moment. */
  setVisible(isVisible: boolean): void {
    this.#seen.set(isVisible);
  }

  setFocused(isFocused: boolean): void {
    this.#set({ isFocused });
  }

  setShowsDeadline(showsDeadline: boolean): void {
    this.#showsDeadline = showsDeadline;
    this.#set({ isTold: this.#showsDeadline || this.#tellsStops });
  }

  setTellsStops(tellsStops: boolean): void {
    this.#tellsStops = tellsStops;
    this.#set({ isTold: this.#showsDeadline || this.#tellsStops });
  }

  setOpened(ids: Iterable<WorkspaceId>): void {
    this.#set({ opened: new Set(ids) });
  }

  /** Follows the builds of `id` while `wait` lasts, also if nobody looks. */
  async following<T>(id: WorkspaceId, wait: () => Promise<T>): Promise<T> {
    this.#followed.push(id);
    this.#set({ followed: new Set(this.#followed) });
    try {
      return await wait();
    } finally {
      this.#followed.splice(this.#followed.indexOf(id), 1);
      this.#set({ followed: new Set(this.#followed) });
    }
  }

  /** The list itself is needed while `wait` lasts. */
  async awaiting<T>(wait: () => Promise<T>): Promise<T> {
    this.#awaiting += 1;
    this.#set({ isAwaited: true });
    try {
      return await wait();
    } finally {
      this.#awaiting -= 1;
      this.#set({ isAwaited: this.#awaiting > 0 });
    }
  }

  #set(change: Partial<Attention>): void {
    const before = this.#value;
    const after = { ...before, ...change };
    // Whoever tells of one side tells of all: most of it is no news.
    if (same(before, after)) return;
    this.#value = after;
    this.#onChange(after, before);
  }
}
