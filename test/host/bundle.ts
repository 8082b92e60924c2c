// The host's tests as one file, since an extension host loads neither TypeScript nor ES modules.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { capture } from '../../scripts/lib/run.mjs';
import { projectDir } from '../../scripts/lib/paths.mjs';

/** The extension itself as it is shipped, where its manifest says. */
export async function buildExtension(): Promise<void> {
  await capture(process.execPath, ['esbuild.mjs', '--production'], { cwd: projectDir });
}

/** @returns the path of a file that exports `run()` */
export async function bundleHostTests(): Promise<string> {
  const folder = path.join(projectDir, 'test', 'host');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts')).sort();
  if (names.length === 0) throw new Error('There is no test in test/host.');
  const loads = names.map((name) => `() => import('./${name}')`);
  // Below the project, so that `require('mocha')` finds the project's.
  const outfile = path.join(projectDir, 'test-results', 'host', 'tests.cjs');
  await build({
    stdin: {
      contents: `import { runTests } from './inHost.ts';\nexport const run = () => runTests([${loads.join(', ')}]);`,
      resolveDir: folder,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['vscode', 'mocha', 'bufferutil', 'utf-8-validate'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
