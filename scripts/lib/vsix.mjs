// Packages an extension as people install it.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { projectDir, resultsDir } from './paths.mjs';
import { capture, environmentForNpm } from './run.mjs';

/**
 * Packaging runs the `vscode:prepublish` script, which bundles for production.
 * @param {{folder?: string, file?: string}} [options] this project by default
 * @returns {Promise<string>} the path of the VSIX
 */
export async function packageExtension({
  folder = projectDir,
  file = path.join(resultsDir, 'coder-workspaces.vsix'),
} = {}) {
  await mkdir(path.dirname(file), { recursive: true });
  const vsce = path.join(projectDir, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Links in the README cannot be made absolute while there is no repository address.
  const withoutRepository = ['--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = ['package', '--no-dependencies', ...withoutRepository, '--skip-license', '--out', file];
  await capture(process.execPath, [vsce, ...args], { cwd: folder, env: environmentForNpm() });
  return file;
}
