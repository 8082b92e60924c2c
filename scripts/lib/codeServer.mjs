// A real VS Code that needs no download but npm packages: code-server, under the Node of that VS Code.
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureDebianPackages } from './debian.mjs';
import { installOnce } from './installOnce.mjs';
import { canInstallNode, ensureNode } from './nodeBinary.mjs';
import { capture, environmentForNpm } from './run.mjs';
import { userEnvironment } from './userEnvironment.mjs';
import * as versions from './versions.mjs';

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

/**
 * @param {'newest' | 'floor'} [release]
 * @returns {Promise<{node: string, entry: string, builtInExtensions: string}>} start it as `node entry …`; the folder of
 *   VS Code's own extensions
 */
export async function ensureCodeServer(release = 'newest') {
  const { codeServerVersion, nodeVersion } = versions[release];
  const node = await ensureNode(nodeVersion);
  const folder = await installOnce(`code-server-${codeServerVersion}-node-${nodeVersion}`, async (empty) => {
    await ensureDebianPackages(buildPackages, 'VS Code (code-server)');
    console.log(`Installing VS Code (code-server ${codeServerVersion}), once for all clones; about two minutes`);
    const env = environmentForNpm({ PATH: `${node.bin}:${process.env.PATH}`, npm_config_nodedir: node.home });
    const npm = (cwd, ...args) => capture('npm', [...args, '--no-audit', '--no-fund'], { cwd, env });
    const manifest = {
      private: true,
      // npm 11 runs the install scripts of these packages only.
      allowScripts: { 'code-server': release === 'newest', argon2: true },
      dependencies: { 'code-server': codeServerVersion },
    };
    await writeFile(path.join(empty, 'package.json'), JSON.stringify(manifest));
    if (release === 'newest') await npm(empty, 'install');
    else await installWithoutItsScript(empty, npm);
  });
  const codeServer = path.join(folder, 'node_modules', 'code-server');
  return {
    node: path.join(node.bin, 'node'),
    entry: path.join(codeServer, 'out', 'node', 'entry.js'),
    builtInExtensions: path.join(codeServer, 'lib', 'vscode', 'extensions'),
  };
}

/**
 * @param {readonly string[]} vsixes
 * @param {string} userDataDir they are installed into its folder `extensions`
 * @param {{release?: 'newest' | 'floor' | undefined}} [options]
 */
export async function installExtensions(vsixes, userDataDir, { release } = {}) {
  const { node, entry } = await ensureCodeServer(release);
  const installs = vsixes.flatMap((vsix) => ['--install-extension', vsix]);
  await capture(node, [entry, ...foldersIn(userDataDir), ...installs], { env: userEnvironment() });
}

/**
 * @param {string} userDataDir
 * @returns {string[]} arguments for a code-server that writes nowhere else
 */
export function foldersIn(userDataDir) {
  return [
    ...['--user-data-dir', userDataDir],
    ...['--extensions-dir', path.join(userDataDir, 'extensions')],
    ...['--config', path.join(userDataDir, 'code-server.yaml')],
  ];
}

/**
 * What code-server 4.105's own script does, which refuses to run as root and fetches a package from git and a program
 * from GitHub. What is in npm takes the first's place; the program (ripgrep, for searching in files) is left out.
 */
async function installWithoutItsScript(folder, npm) {
  await npm(folder, 'install', '--ignore-scripts');
  await npm(folder, 'rebuild', 'argon2');
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const native = ['@vscode/spdlog', 'native-watchdog', 'node-pty'];
  await edit(path.join(vscode, 'package.json'), (manifest) => {
    manifest.dependencies['@parcel/watcher'] = '2.5.1';
    manifest.allowScripts = Object.fromEntries(native.map((name) => [name, true]));
  });
  await edit(path.join(vscode, 'npm-shrinkwrap.json'), ({ packages }) => {
    packages[''].dependencies['@parcel/watcher'] = '2.5.1';
    delete packages['node_modules/@parcel/watcher'];
  });
  await npm(vscode, 'install', '--omit=dev', '--ignore-scripts');
  await npm(vscode, 'rebuild', ...native);
  await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
}

async function edit(file, change) {
  const content = JSON.parse(await readFile(file, 'utf8'));
  change(content);
  await writeFile(file, JSON.stringify(content, null, 2));
}
