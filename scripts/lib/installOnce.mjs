// Installs something into the cache once: an interrupted installation is never taken for a complete one, and two
// runs at the same time do not install twice.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir } from './paths.mjs';

const longestInstallMs = 15 * 60_000;

/**
 * @param {string} name a folder name that says what it holds and its version
 * @param {(folder: string) => Promise<void>} install fills an empty folder
 * @returns {Promise<string>} the folder
 */
export async function installOnce(name, install) {
  const folder = path.join(cacheDir, name);
  if (existsSync(folder)) return folder;
  await mkdir(cacheDir, { recursive: true });
  const lock = path.join(cacheDir, `${name}.lock`);
  await takeLock(lock);
  try {
    if (existsSync(folder)) return folder;
    const unfinished = path.join(cacheDir, `${name}.installing`);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
    await install(unfinished);
    await rename(unfinished, folder);
    return folder;
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock) {
  const deadlineAt = Date.now() + longestInstallMs;
  while (Date.now() < deadlineAt) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (await isAbandoned(lock)) await rm(lock, { force: true });
    else await sleep(500);
  }
  throw new Error(
    `Another run has been installing for ${longestInstallMs / 60_000} minutes; if none is, remove ${lock}.`,
  );
}

/** A lock whose process is gone was left by an interrupted run. */
async function isAbandoned(lock) {
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  // Empty: its owner is just writing it, or has just removed it.
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
