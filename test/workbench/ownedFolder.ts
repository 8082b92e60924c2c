// A folder for one run, outside the project.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atExit } from './atExit.ts';

export interface OwnedFolder {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** What has just been ended may still write its last files. */
const withRetries = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const;

export async function createOwnedFolder(purpose: string): Promise<OwnedFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), `coder-workspaces-${purpose}-`));
  const forget = atExit(() => rmSync(folder, withRetries));
  return {
    path: folder,
    async remove() {
      await rm(folder, withRetries);
      forget();
    },
  };
}
