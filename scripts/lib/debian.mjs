// Debian packages that a step needs: installed where that is allowed, else the one command for it.
import { capture } from './run.mjs';

/**
 * @param {string[]} names
 * @param {string} purpose ends the sentence "Installing … for …"
 */
export async function ensureDebianPackages(names, purpose) {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  const sudo = await howToBecomeRoot();
  if (sudo === undefined) {
    throw new Error(
      `${purpose} needs these packages: sudo apt-get update && sudo apt-get install -y ${missing.join(' ')}`,
    );
  }
  console.log(`Installing Debian packages for ${purpose}: ${missing.join(' ')}`);
  const [program = 'apt-get', ...args] = [...sudo, 'apt-get'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Two runs at once wait for each other instead of failing on apt's lock.
  const waiting = ['-o', 'DPkg::Lock::Timeout=300'];
  await capture(program, [...args, ...waiting, 'update'], { env });
  await capture(program, [...args, ...waiting, 'install', '-y', '--no-install-recommends', ...missing], { env });
}

async function missingPackages(names) {
  const states = await Promise.all(
    names.map((name) => capture('dpkg-query', ['-W', '-f', '${Status}', name]).catch(() => '')),
  );
  return names.filter((_, index) => !states[index]?.startsWith('install ok installed'));
}

async function howToBecomeRoot() {
  const canInstall = await capture('apt-get', ['--version']).then(
    () => true,
    () => false,
  );
  if (!canInstall) return undefined;
  if (process.getuid?.() === 0) return [];
  return capture('sudo', ['-n', 'true']).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
}
