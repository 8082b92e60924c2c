// Bundles src/extension.ts into dist/extension.cjs, and what it imports when it is asked for (`await import(…)`) into
// chunks beside it. `--production` minifies; `--watch` rebuilds on change; `--outdir=PATH` puts it elsewhere and
// `--metafile=PATH` writes down what is in it, for whoever only wants to look.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const argument = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
const outdir = argument('outdir') ?? 'dist';
const metafile = argument('metafile');
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

/**
 * `import * as vscode` becomes a plain `require`. esbuild would copy VS Code's whole API, one getter for each of its 400
 * names, into an object of its own for each file that imports it: a third of the time that loading takes.
 *
 * @type {esbuild.Plugin}
 */
const vscodeAsItIs = {
  name: 'vscode-as-it-is',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /^import \* as vscode from 'vscode';$/m,
        `const vscode = require('vscode');`,
      ),
      loader: 'ts',
    }));
  },
};

/**
 * Makes CommonJS modules of the chunks, which esbuild splits as ES modules only, and writes them. VS Code patches what
 * `require('node:https')` gives for proxies and certificates, and not what `import` gives.
 *
 * @type {esbuild.Plugin}
 */
const asCommonJs = {
  name: 'as-common-js',
  setup(build) {
    build.onEnd(async ({ errors, outputFiles = [], metafile: contents }) => {
      if (errors.length > 0) return;
      mkdirSync(outdir, { recursive: true });
      for (const { path, text } of outputFiles) {
        const { code } = await esbuild.transform(text, {
          ...common,
          format: 'cjs',
          sourcefile: path,
          // `import(…)` becomes a `require`, too.
          supported: { 'dynamic-import': false },
        });
        writeFileSync(path, code);
      }
      if (metafile !== undefined) writeFileSync(metafile, JSON.stringify(contents));
    });
  },
};

/** @type {esbuild.CommonOptions} */
const common = {
  platform: 'node',
  // The oldest host that engines.vscode allows (VS Code 1.105) runs Node 22.
  target: 'node22',
  charset: 'utf8',
  legalComments: 'none',
  minify: production,
  sourcemap: production ? false : 'inline',
  logLevel: 'warning',
};

/** @type {esbuild.BuildOptions} */
const options = {
  ...common,
  entryPoints: ['src/extension.ts'],
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'esm',
  splitting: true,
  write: false,
  metafile: true,
  external: ['vscode'],
  plugins: [onlyWhatIsReached, vscodeAsItIs, asCommonJs],
  define: {
    // Whoever looks at this global in an extension host makes VS Code log an error; zod would, on its way to other hosts.
    navigator: 'undefined',
    // Native helpers of ws are not shipped; it would look for them wherever the host keeps its modules.
    'process.env.WS_NO_BUFFER_UTIL': '"1"',
    'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
  },
};

rmSync(outdir, { recursive: true, force: true });
if (watch) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
