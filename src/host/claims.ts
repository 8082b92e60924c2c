import type { Claims } from '../model/claims.ts';
import type { SharedFolder } from './sharedFolder.ts';

/** Claims older than this are removed: they concern deadlines at most a day ahead, or stops just made. */
const KEPT_MS = 3 * 86_400_000;

/** A write error is logged once and counts as this window's claim: better two notifications than none. */
export function createClaims(shared: SharedFolder, logError: (error: unknown) => void): Claims {
  let isTroubled = false;
  let isTidy = false;
  const removeOld = async (): Promise<void> => {
    isTidy = true;
    for (const { name, atMs } of await shared.list()) if (atMs < Date.now() - KEPT_MS) await shared.remove(name);
  };
  return {
    has: (key) => shared.has(key),
    take: async (key) => {
      try {
        const isMine = await shared.create(key);
        if (isMine && !isTidy) await removeOld();
        return isMine;
      } catch (error) {
        if (!isTroubled) logError(error);
        isTroubled = true;
        return true;
      }
    },
  };
}
