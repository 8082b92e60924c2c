import * as vscode from 'vscode';
import type { Claims } from '../model/claims.ts';

/** Claims older than this are removed: they concern deadlines at most a day ahead, or stops just made. */
const KEPT_MS = 3 * 86_400_000;
/** After this time, windows that saw no claim have written their own. */
const SETTLE_MS = 200;

/**
 * Stores claims as empty files in `folder`, which all windows share: in globalState, windows would overwrite each other's
 * claims. A read or write error is logged once and counts as this window's claim: better two notifications than none.
 */
export function createClaims(folder: vscode.Uri, logError: (error: unknown) => void): Claims {
  const { fs } = vscode.workspace;
  const token = new TextEncoder().encode(`${Date.now()} ${Math.random()}`);
  let isTroubled = false;
  const at = (key: string): vscode.Uri => vscode.Uri.joinPath(folder, encodeURIComponent(key));
  const has = (key: string): Promise<boolean> =>
    Promise.resolve(fs.stat(at(key))).then(
      () => true,
      () => false,
    );

  const removeOld = async (): Promise<void> => {
    for (const [name] of await fs.readDirectory(folder)) {
      const uri = vscode.Uri.joinPath(folder, name);
      if ((await fs.stat(uri)).mtime < Date.now() - KEPT_MS) await fs.delete(uri);
    }
  };
  let prepared: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    await fs.createDirectory(folder);
    // Another window may remove the same ones.
    await removeOld().catch(() => undefined);
  };

  return {
    has,
    take: async (key) => {
      if (await has(key)) return false;
      try {
        await (prepared ??= prepare());
        await fs.writeFile(at(key), token);
        // If windows write at the same time, the last one gets the claim.
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        return new TextDecoder().decode(await fs.readFile(at(key))) === new TextDecoder().decode(token);
      } catch (error) {
        if (!isTroubled) logError(error);
        isTroubled = true;
        return true;
      }
    },
  };
}
