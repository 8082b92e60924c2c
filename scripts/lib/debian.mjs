// Debian packages that a step needs: installed where that is allowed, else the one command for it.
import { capture } from './run.mjs';

/**
 * @param {string[]} names
 * @param {string} purpose ends the sentence "Installing … for …"
 */
export async function ensureDebianPackages(names, purpose) {
  // Other systems name their packages otherwise: what is missing there shows when it is used.
  if (!(await canRun('dpkg-query'))) return;
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
  // Refused while another run updates the lists; what then is really missing, the next step says.
  await capture(program, [...args, ...waiting, 'update'], { env }).catch(() => undefined);
  await capture(program, [...args, ...waiting, 'install', '-y', '--no-install-recommends', ...missing], { env });
}

async function missingPackages(names) {
  const states = await Promise.all(
    names.map((name) => capture('dpkg-query', ['-W', '-f', '${Status}', name]).catch(() => '')),
  );
  return names.filter((_, index) => !states[index]?.startsWith('install ok installed'));
}

async function howToBecomeRoot() {
  if (!(await canRun('apt-get'))) return undefined;
  if (process.getuid?.() === 0) return [];
  return (await canRun('sudo', ['-n', 'true'])) ? ['sudo', '-n'] : undefined;
}

function canRun(program, args = ['--version']) {
  return capture(program, args).then(
    () => true,
    () => false,
  );
}
