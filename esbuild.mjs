// Bundles src/extension.ts into dist/extension.cjs. `--production` minifies; `--watch` rebuilds on change;
// `--outfile=PATH` puts it elsewhere, for whoever only wants to look.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const elsewhere = process.argv.find((argument) => argument.startsWith('--outfile='))?.slice('--outfile='.length);
const folderOf = (name) => dirname(fileURLToPath(import.meta.resolve(name)));

/**
 * What libraries bring along and nobody here can reach. Of `ws` the client alone is shipped, not the server that its
 * entry file names; compression and other extensions are never offered (contract 0.10), and ws ends a handshake in which
 * a server uses what was not offered before it looks at it; nobody listens to a socket as to an element of a page
 * (`addEventListener`). Translations are handed to l10n by VS Code, so the build for browsers does, which reads no files.
 *
 * @type {esbuild.Plugin}
 */
const onlyWhatIsReached = {
  name: 'only-what-is-reached',
  setup(build) {
    build.onResolve({ filter: /^ws$/ }, () => ({ path: join(folderOf('ws'), 'lib', 'websocket.js') }));
    build.onResolve({ filter: /^@vscode\/l10n$/ }, () => ({ path: join(folderOf('@vscode/l10n'), 'browser.js') }));
    build.onResolve({ filter: /^\.\/(permessage-deflate|extension|event-target)$/ }, ({ path, importer }) =>
      importer.startsWith(folderOf('ws')) ? { path, namespace: 'never-used' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'never-used' }, () => ({
      contents: `module.exports = { extensionName: 'permessage-deflate', EventTarget: {} };`,
    }));
  },
};

/** @type {esbuild.BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outfile: elsewhere ?? 'dist/extension.cjs',
  bundle: true,
  platform: 'node',
  // The oldest host that engines.vscode allows (VS Code 1.105) runs Node 22. Static imports of node:http become
  // `require`, which is what VS Code patches for proxies and certificates (a runtime `import()` is not).
  target: 'node22',
  format: 'cjs',
  external: ['vscode'],
  plugins: [onlyWhatIsReached],
  define: {
    // Whoever looks at this global in an extension host makes VS Code log an error; zod would, on its way to other hosts.
    navigator: 'undefined',
    // Native helpers of ws are not shipped; it would look for them wherever the host keeps its modules.
    'process.env.WS_NO_BUFFER_UTIL': '"1"',
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  },
  charset: 'utf8',
  legalComments: 'none',
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
};

if (elsewhere === undefined) rmSync('dist', { recursive: true, force: true });
if (watch) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
