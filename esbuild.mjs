// Bundles src/extension.ts into dist/extension.cjs. `--production` minifies; `--watch` rebuilds on change.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const ws = join(dirname(fileURLToPath(import.meta.resolve('ws'))), 'lib');

/**
 * Of `ws` the client alone is shipped: its entry file would bring the server along. Compression is never offered
 * (contract 0.10), and ws refuses a handshake in which a server uses what was not offered, so the code for it stays out.
 *
 * @type {esbuild.Plugin}
 */
const webSocketClientOnly = {
  name: 'web-socket-client-only',
  setup(build) {
    build.onResolve({ filter: /^ws$/ }, () => ({ path: join(ws, 'websocket.js') }));
    build.onResolve({ filter: /^\.\/permessage-deflate$/ }, () => ({ path: 'no-compression', namespace: 'ws' }));
    build.onLoad({ filter: /.*/, namespace: 'ws' }, () => ({
      contents: `module.exports = { extensionName: 'permessage-deflate' };`,
    }));
  },
};

/** @type {esbuild.BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  bundle: true,
  platform: 'node',
  // The oldest host that engines.vscode allows (VS Code 1.105) runs Node 22. Static imports of node:http become
  // `require`, which is what VS Code patches for proxies and certificates (a runtime `import()` is not).
  target: 'node22',
  format: 'cjs',
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
  plugins: [webSocketClientOnly],
  charset: 'utf8',
  legalComments: 'none',
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
