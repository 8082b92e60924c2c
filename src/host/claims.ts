import type { Claims } from '../model/claims.ts';
import type { SharedFolder } from './sharedFolder.ts';

/** Claims older than this are removed: they concern deadlines at most a day ahead, or stops just made. */
const KEPT_MS = 3 * 86_400_000;
/** After this time, windows that saw no claim have written their own. */
const SETTLE_MS = 200;

/** A read or write error is logged once and counts as this window's claim: better two notifications than none. */
export function createClaims(shared: SharedFolder, logError: (error: unknown) => void): Claims {
  const token = `${Date.now()} ${Math.random()}`;
  let isTroubled = false;
  let isTidy = false;
  const removeOld = async (): Promise<void> => {
    isTidy = true;
    for (const { name, atMs } of await shared.list()) if (atMs < Date.now() - KEPT_MS) await shared.remove(name);
  };
  return {
    has: (key) => shared.has(key),
    take: async (key) => {
      if (await shared.has(key)) return false;
      try {
        await shared.write(key, token);
        if (!isTidy) await removeOld();
        // If windows write at the same time, the last one gets the claim.
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        return (await shared.read(key)) === token;
      } catch (error) {
        if (!isTroubled) logError(error);
        isTroubled = true;
        return true;
      }
    },
  };
}
