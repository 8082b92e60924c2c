// A browser for VS Code in the browser. Debian's, since Playwright's own cannot be downloaded everywhere.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureDebianPackages } from './debian.mjs';

/** Chromium without windows: a start of the workbench took 20 CPU-seconds with it instead of 24. */
const headlessShell = 'chromium-headless-shell';
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @returns {Promise<string>} the path of an executable */
export async function ensureChromium() {
  const light = findProgram([headlessShell]);
  if (light) return light;
  const problem = await ensureDebianPackages([headlessShell], 'a browser (chromium)').catch((error) => error);
  const found = findProgram([headlessShell, ...browsers]);
  if (found) return found;
  throw problem ?? new Error('Install Chromium or Google Chrome, so that `chromium` or `google-chrome` is found.');
}

/**
 * @param {string[]} candidates program names, best first
 * @returns {string | undefined} the path of the first that is installed
 */
export function findProgram(candidates) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const name of candidates) {
    for (const folder of folders) {
      const hit = endings.map((ending) => path.join(folder, name + ending)).find((file) => existsSync(file));
      if (hit) return hit;
    }
  }
  return undefined;
}
