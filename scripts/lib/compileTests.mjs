// Test files as JavaScript with the modules that they share: a file that Node or tsx reads as TypeScript module by module
// computes for one to three seconds before its first test. What the extension depends on is compiled with them: zod by itself
// is 80 files, half of the 300 CPU-milliseconds in which a contract file starts.
import { readFile, rm } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectDir, resultsDir } from './paths.mjs';

/**
 * @param {readonly string[]} files relative to the project; Node runs them in the order of their names, and here of `files`
 * @param {string} label names the folder that holds what is compiled
 * @returns {Promise<string[]>} the compiled files
 */
export async function compileTests(files, label) {
  // Not there yet when the scripts are loaded in a fresh clone.
  const { build } = await import('esbuild');
  const { devDependencies } = JSON.parse(await readFile(path.join(projectDir, 'package.json'), 'utf8'));
  const outdir = path.join(resultsDir, 'compiled', label);
  await rm(outdir, { recursive: true, force: true });
  const digits = String(files.length).length;
  const entries = files.map((file, index) => ({
    in: path.join(projectDir, file),
    out: `${String(index + 1).padStart(digits, '0')}-${path.basename(file, '.ts')}`,
  }));
  await build({
    absWorkingDir: projectDir,
    entryPoints: entries,
    outdir,
    chunkNames: 'shared/[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    external: ['vscode', ...Object.keys(devDependencies)],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    // As Node itself: a module that is imported is run, also when nothing of it is used.
    ignoreAnnotations: true,
    plugins: [originalPlaces, builtinsAsBundled],
    logLevel: 'warning',
  });
  return entries.map(({ out }) => path.join(outdir, `${out}.mjs`));
}

/** A module finds the files beside it where it stands in the project, not where it is compiled to. */
const originalPlaces = {
  name: 'original places',
  setup(build) {
    build.onLoad({ filter: /\.m?ts$|\.mjs$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const places = { url: pathToFileURL(file).href, dirname: path.dirname(file), filename: file };
      const contents = text.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, name) =>
        JSON.stringify(places[name]),
      );
      return { contents, loader: file.endsWith('ts') ? 'ts' : 'js' };
    });
  },
};

/**
 * Node's modules as the extension's bundle gets them where a library says `require`, and `node:http` everywhere. An `import` of
 * that one reads every property, among them those for which Node loads its `fetch` and WebSocket: 60 CPU-milliseconds.
 */
const builtinsAsBundled = {
  name: 'builtins as bundled',
  setup(build) {
    build.onResolve({ filter: /^[\w:/]+$/ }, ({ path: name, kind }) =>
      name === 'node:http' || (kind === 'require-call' && isBuiltin(name))
        ? { path: name, namespace: 'builtin' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
    }));
  },
};
