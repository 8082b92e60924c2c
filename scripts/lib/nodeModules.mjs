// The project's own dependencies: installed when they are missing or are not those of the lock file.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from './paths.mjs';
import { capture, environmentForNpm } from './run.mjs';

/** Needs nothing that is installed, so that a fresh clone can call it. */
export async function ensureNodeModules() {
  if (isUpToDate()) return;
  console.log('Installing dependencies (npm ci)');
  await capture('npm', ['ci', '--no-audit', '--no-fund'], { cwd: projectDir, env: environmentForNpm() });
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
