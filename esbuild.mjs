// Bundles src/extension.ts into dist/extension.cjs. `--production` minifies; `--watch` rebuilds on change.
import { rmSync } from 'node:fs';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {esbuild.BuildOptions} */
export const options = {
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  platform: 'node',
  // The oldest host that engines.vscode allows (VS Code 1.105) runs Node 22. Static imports of node:http become
  // `require`, which is what VS Code patches for proxies and certificates (a runtime `import()` is not).
  target: 'node22',
  format: 'cjs',
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
};

rmSync('dist', { recursive: true, force: true });
if (watch) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
