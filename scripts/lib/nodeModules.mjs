// The project's own dependencies: installed when they are missing or are not those of the lock file.
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from './paths.mjs';
import { capture, environmentForNpm } from './run.mjs';

/**
 * Needs nothing that is installed, so that a fresh clone can call it. Modules that are another checkout's are used as they
 * are or not at all: npm would empty their folder. Then this ends the process.
 */
export async function ensureNodeModules() {
  if (isUpToDate()) return;
  if (lstatSync(path.join(projectDir, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(
      "node_modules is a symbolic link to modules that don't match package-lock.json: remove the link, or run npm ci where it leads.",
    );
    process.exit(1);
  }
  console.log('Installing dependencies (npm ci)');
  const install = (...more) =>
    capture('npm', ['ci', '--no-audit', '--no-fund', ...more], { cwd: projectDir, env: environmentForNpm() });
  // The lock file says no addresses, so npm looks into each package's list of versions: those that it has kept will do,
  // unless they are older than the lock file.
  await install('--prefer-offline').catch(() => install());
}

function isUpToDate() {
  const installed = packagesOf(path.join('node_modules', '.package-lock.json'));
  const wanted = packagesOf('package-lock.json');
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([folder, { version, optional }]) => {
    if (folder === '') return true;
    // What is for another platform is never installed.
    if (installed[folder] === undefined) return optional === true;
    return installed[folder].version === version;
  });
}

/** npm notes what it has installed in a lock file of its own below node_modules. */
function packagesOf(lockFile) {
  const file = path.join(projectDir, lockFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}
