// Bundles src/extension.ts into dist/extension.cjs, and what it imports when it is asked for (`await import(…)`) into
// chunks beside it. `--production` minifies; `--watch` rebuilds on change; `--outdir=PATH` puts it elsewhere and
// `--metafile=PATH` writes down what is in it, for whoever only wants to look.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import * as esbuild from 'esbuild';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const argument = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3);
const outdir = argument('outdir') ?? 'dist';
const metafile = argument('metafile');
/** Files that every window loads, or every one in which somebody is signed in, in this order. */
const ALWAYS_LOADED = ['src/extension.ts', 'src/api/client.ts', 'src/model/session.ts', 'src/views/openViews.ts'];
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
 * Makes CommonJS of a chunk, which esbuild splits as ES modules only: of the few forms of `import` and `export` that it
 * writes. VS Code patches what `require('node:https')` gives, for proxies and certificates. esbuild's own conversion
 * would copy each module that is imported whole, VS Code's API once for each file that uses it: a third of the time that
 * loading took. Chunks never import each other in a circle, and nothing exported is assigned twice: plain values will do.
 * `required` writes where a module comes from, `given` how the exports are handed over.
 */
const toCommonJs = (code, required, given) =>
  code
    .replace(/\bimport\s*\*\s*as ([\w$]+) from\s*"([^"]+)"/g, (_, name, from) => `var ${name}=${required(from)}`)
    .replace(
      /\bimport\s*\{([^}]*)\}\s*from\s*"([^"]+)"/g,
      (_, names, from) => `var {${names.replaceAll(' as ', ':')}}=${required(from)}`,
    )
    // For their side effects, which our own files do not have.
    .replace(/\bimport\s*"\.[^"]+";?/g, '')
    .replace(/\bimport\s*"([^"]+)"/g, (_, from) => required(from))
    .replace(/\bimport\(("[^"]+")\)/g, 'Promise.resolve().then(()=>require($1))')
    .replace(/\bexport\s*\{([^}]*)\}/g, (_, names) => `${given}{${names.replace(/([\w$]+) as ([\w$]+)/g, '$2:$1')}}`);

/**
 * Which file each chunk is part of. What others share with a file that every window loads belongs to the first such
 * file: to find, read and compile ten files takes longer than one. While developing each chunk stays a file, since it
 * has a source map of its own.
 *
 * @returns {Map<string, string[]>} the chunks of each file, by output path, in the order in which they need each other
 */
const filesOfChunks = (outputs) => {
  const entryFile = (source) => Object.keys(outputs).find((file) => outputs[file].entryPoint === source);
  const owned = new Set();
  const files = new Map();
  for (const file of production ? ALWAYS_LOADED.map(entryFile) : []) {
    const chunks = [];
    const visit = (chunk) => {
      if (owned.has(chunk)) return;
      owned.add(chunk);
      for (const { path, kind, external } of outputs[chunk].imports) {
        if (external !== true && kind === 'import-statement') visit(path);
      }
      chunks.push(chunk);
    };
    visit(file);
    files.set(file, chunks);
  }
  for (const file of Object.keys(outputs)) if (!owned.has(file)) files.set(file, [file]);
  return files;
};

/** @type {esbuild.Plugin} */
const writeAsCommonJs = {
  name: 'write-as-common-js',
  setup(build) {
    build.onEnd(({ errors, outputFiles = [], metafile: contents }) => {
      if (errors.length > 0) return;
      mkdirSync(outdir, { recursive: true });
      const textOf = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
      const files = filesOfChunks(contents.outputs);
      const fileOf = new Map();
      for (const [file, chunks] of files) for (const chunk of chunks) fileOf.set(basename(chunk), basename(file));
      const numbers = new Map();
      const variable = (name) => {
        if (!numbers.has(name)) numbers.set(name, numbers.size);
        return `$${numbers.get(name)}`;
      };

      for (const [file, chunks] of files) {
        const name = basename(file);
        // Once for each file: VS Code looks up the path of whoever asks for its API, each time.
        const needed = new Set();
        const required = (from) => {
          const chunk = basename(from);
          const owner = fileOf.get(chunk);
          if (owner === name) return variable(chunk);
          const module = owner === undefined ? from : `./${owner}`;
          needed.add(module);
          return owner === undefined || owner === chunk ? variable(module) : `${variable(module)}.${variable(chunk)}`;
        };
        const shared = chunks.map((chunk) => basename(chunk)).filter((chunk) => chunk !== name);
        const parts = shared.map(
          (chunk) => `var ${variable(chunk)}=(()=>{${toCommonJs(textOf.get(chunk), required, 'return')}})();`,
        );
        const own = toCommonJs(textOf.get(name), required, 'module.exports=');
        const exported = shared.length > 0 ? `Object.assign(module.exports,{${shared.map(variable).join(',')}});` : '';
        const others = [...needed].map((module) => `var ${variable(module)}=require("${module}");`);
        const code = `"use strict";${others.join('')}${parts.join('')}${own}${exported}`;
        // What is left of ES modules is an error of syntax.
        new Script(code, { filename: name });
        writeFileSync(join(outdir, name), code);
      }
      if (metafile !== undefined) writeFileSync(metafile, JSON.stringify(contents));
    });
  },
};

/** @type {esbuild.BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  // The oldest host that engines.vscode allows (VS Code 1.105) runs Node 22.
  target: 'node22',
  format: 'esm',
  splitting: true,
  write: false,
  metafile: true,
  external: ['vscode'],
  plugins: [onlyWhatIsReached, writeAsCommonJs],
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
  sourcemap: production ? false : 'inline',
  logLevel: 'warning',
};

rmSync(outdir, { recursive: true, force: true });
if (watch) {
  await (await esbuild.context(options)).watch();
} else {
  await esbuild.build(options);
}
