import { onAbort } from '../api/abort.ts';
import type { Milliseconds, WorkspaceId } from '../api/units.ts';
import { Alarm } from './alarm.ts';
import { USUAL_STREAMS, type Attention } from './attention.ts';
import { same } from './newer.ts';
import type { Timing } from './timing.ts';

export interface AttentionTrackerOptions {
  readonly timing: Timing;
  readonly signal: AbortSignal;
  readonly onChange: (after: Attention, before: Attention) => void;
  readonly onError: (error: unknown) => void;
}

/** What a window knows of its `Attention`: whether its tree is visible, and the rest as it is there. */
export interface WindowAttention extends Pick<Attention, 'isFocused' | 'isTold' | 'opened' | 'maxStreams'> {
  readonly isVisible: boolean;
}

/** Grace period after hiding the tree, during which its streams stay open. */
const GRACE_MS = 10_000 as Milliseconds;

/** Combines the window's state and the running commands into an `Attention`. */
export class AttentionTracker {
  readonly #onChange: AttentionTrackerOptions['onChange'];
  readonly #leaving: Alarm;
  readonly #followed: WorkspaceId[] = [];
  #value: Attention = {
    isSeen: false,
    isFocused: true,
    isTold: true,
    followed: new Set(),
    isAwaited: false,
    opened: new Set(),
    maxStreams: USUAL_STREAMS,
  };
  #awaiting = 0;

  constructor({ timing, signal, onChange, onError }: AttentionTrackerOptions) {
    this.#onChange = onChange;
    this.#leaving = new Alarm(timing, () => this.#set({ isSeen: false }), onError);
    onAbort(signal, () => this.#leaving.dispose());
  }

  get value(): Attention {
    return this.#value;
  }

  /** Takes over what is given; what is left out stays. Hiding the tree takes effect after a grace period. */
  attend({ isVisible, ...change }: Partial<WindowAttention>): void {
    this.#set(change);
    if (isVisible === true) {
      this.#leaving.set(undefined);
      this.#set({ isSeen: true });
    } else if (isVisible === false && this.#value.isSeen && !this.#leaving.isSet) this.#leaving.set(GRACE_MS);
  }

  /** Follows the builds of `id` until `wait` settles, even while the tree is hidden. */
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

  /** Keeps the list up to date until `wait` settles. */
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
    // A window tells all that it knows, most of which is unchanged.
    if (same(before, after)) return;
    this.#value = after;
    this.#onChange(after, before);
  }
}
