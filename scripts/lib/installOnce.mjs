// Installs something into the cache once: an interrupted installation is never taken for a complete one, and two
// runs at the same time do not install twice.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
    await removeInterrupted(name);
    const unfinished = path.join(cacheDir, `${name}.installing-${process.pid}`);
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
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    // 0: its owner is just writing it, or has just removed it.
    if (owner !== 0 && !isRunning(owner)) await rm(lock, { force: true });
    else await sleep(500);
  }
  throw new Error(
    `Another run has been installing for ${longestInstallMs / 60_000} minutes; if none is, remove ${lock}.`,
  );
}

/** What runs left that are gone. One that is still there keeps its own, should the lock ever have failed. */
async function removeInterrupted(name) {
  for (const entry of await readdir(cacheDir)) {
    const [, pid] = entry.split(`${name}.installing-`);
    if (pid && (Number(pid) === process.pid || !isRunning(Number(pid)))) {
      await rm(path.join(cacheDir, entry), { recursive: true, force: true });
    }
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}
