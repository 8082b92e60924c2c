import * as vscode from 'vscode';
import type { Claims } from '../model/claims.ts';

/** A claim is of a deadline at most a day away, or of a stop that has just happened. */
const KEPT_MS = 3 * 86_400_000;
/** Within this, who saw no claim has written its own. */
const SETTLE_MS = 200;

/**
 * Claims as empty files below `folder`, which all windows share: unlike in globalState, where each window writes all that
 * it knows, one window's claim undoes no other's. Whatever keeps a file from being written or read is logged once, and
 * counts as a claim of one's own: rather twice than never.
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
        // Of windows that write at the same time, the last one has it.
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
