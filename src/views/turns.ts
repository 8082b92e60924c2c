import type { WorkspaceId } from '../api/units.ts';
import { waitBeforeTelling, type Claims, type WindowStanding } from '../model/claims.ts';
import type { Timing } from '../model/timing.ts';

/** Makes sure that only one window shows a notification. */
export interface Turns {
  readonly timing: Timing;
  readonly claims: Claims;
  readonly standing: (id: WorkspaceId) => WindowStanding;
}

/** Waits for this window's turn to notify about `id`; resolves to whether none of `keys` has been claimed by then. */
export async function awaitTurn(
  { timing, claims, standing }: Turns,
  id: WorkspaceId,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const waitMs = waitBeforeTelling(standing(id), timing.random());
  if (waitMs > 0) await timing.sleep(waitMs, signal);
  return !(await Promise.all(keys.map((key) => claims.has(key)))).includes(true);
}
