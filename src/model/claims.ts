import type { Milliseconds } from '../api/units.ts';

/** Notifications that one window has claimed, so that the user's other windows don't show them. */
export interface Claims {
  has(key: string): Promise<boolean>;
  /** Resolves to whether this window got the claim. Of windows that ask at the same moment one gets it. */
  take(key: string): Promise<boolean>;
}

/** Decides which window notifies first about a workspace. */
export interface WindowStanding {
  readonly isFocused: boolean;
  /** It is open in that workspace. */
  readonly isConnected: boolean;
}

/**
 * How long a window waits before it shows a notification: the focused window doesn't wait; the others wait for a random
 * time, and show it only if it isn't claimed by then. `chance` is in [0, 1).
 */
export const waitBeforeTelling = ({ isFocused, isConnected }: WindowStanding, chance: number): Milliseconds =>
  (isFocused || isConnected ? 0 : 3_000 + 2_000 * chance) as Milliseconds;
