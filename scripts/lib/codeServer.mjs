// A real VS Code 1.139 that needs no download but npm packages: code-server, under the Node of that VS Code.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { installOnce } from './installOnce.mjs';
import { canInstallNode, ensureNode } from './nodeBinary.mjs';
import { capture, environmentForNpm } from './run.mjs';

const version = '4.139.1';
const nodeVersion = '24.21.0';

/** Its native modules are compiled while it installs. */
const buildPackages = [
  'g++',
  'make',
  'python3',
  'pkg-config',
  'libkrb5-dev',
  'libsecret-1-dev',
  'libx11-dev',
  'libxkbfile-dev',
];

export const canInstallCodeServer = canInstallNode;

/** @returns {Promise<{node: string, entry: string}>} start it as `node entry …` */
export async function ensureCodeServer() {
  const node = await ensureNode(nodeVersion);
  const folder = await installOnce(`code-server-${version}-node-${nodeVersion}`, async (empty) => {
    await ensureDebianPackages(buildPackages, 'VS Code (code-server)');
    console.log(`Installing VS Code (code-server ${version}), once for all clones; about two minutes`);
    const manifest = {
      private: true,
      // npm 11 runs the install scripts of these packages only.
      allowScripts: { 'code-server': true, argon2: true },
      dependencies: { 'code-server': version },
    };
    await writeFile(path.join(empty, 'package.json'), JSON.stringify(manifest));
    await capture('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: empty,
      env: environmentForNpm({ PATH: `${node.bin}:${process.env.PATH}`, npm_config_nodedir: node.home }),
    });
  });
  return {
    node: path.join(node.bin, 'node'),
    entry: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}
