import { writeFile } from 'node:fs/promises';

/**
 * Makes an empty file; of those who ask at the same moment one does, which VS Code's own file system can't promise.
 * @returns whether it was made: false where it was there
 * @throws Error as Node names it (`ENOSPC`, `EACCES` …)
 */
export async function createFile(path: string): Promise<boolean> {
  try {
    await writeFile(path, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
