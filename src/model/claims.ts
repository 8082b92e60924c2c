import type { Milliseconds } from '../api/units.ts';

/** What one window has taken upon itself to tell; the windows of one person share them. */
export interface Claims {
  has(key: string): Promise<boolean>;
  /** Whether this window has it now: no other one had. Two that ask at the same moment may both be told so. */
  take(key: string): Promise<boolean>;
}

/** How a window stands to what is to be told of a workspace. */
export interface WindowStanding {
  readonly isFocused: boolean;
  /** It is open in that workspace. */
  readonly isConnected: boolean;
}

/**
 * The window where somebody is tells at once; the others a while later, if it was not claimed by then, and not all at the
 * same moment. `chance` is from 0 up to 1.
 */
export const waitBeforeTelling = ({ isFocused, isConnected }: WindowStanding, chance: number): Milliseconds =>
  (isFocused || isConnected ? 0 : 3_000 + 2_000 * chance) as Milliseconds;
