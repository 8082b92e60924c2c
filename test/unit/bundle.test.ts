import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { bytesOf, makeProductionBundle } from '../productionBundle.ts';

const AT_ACTIVATION_BYTES = 36_000;
/** 275,000 was the aim; all verbs with their questions, sentences and documents take 397,000 (src/README.md). */
const TOGETHER_BYTES = 400_000;

describe('The bundle', () => {
  const bundle = makeProductionBundle();
  const { files, atActivation, metafile } = bundle;

  test('brings at most 36,000 bytes at activation', () => {
    assert.deepEqual(
      atActivation.filter((name) => !name.startsWith('chunk-')),
      ['extension.cjs'],
    );
    const bytes = bytesOf(bundle, atActivation);
    assert.ok(bytes <= AT_ACTIVATION_BYTES, `${bytes} bytes are more than ${AT_ACTIVATION_BYTES}`);
  });

  test('is at most 400,000 bytes with all that is loaded when it is asked for', () => {
    const bytes = bytesOf(bundle, files.keys());
    assert.ok(bytes <= TOGETHER_BYTES, `${bytes} bytes are more than ${TOGETHER_BYTES}`);
  });

  test('looks at no global that VS Code calls an error', () => {
    for (const [name, text] of files) {
      // eventsource asks for it too, but only where it was given the global fetch; it is given ours.
      assert.ok(!/(?<!globalThis\.)\bnavigator\b/.test(text), name);
    }
  });

  test('has of each group of the API only the operations that are called', async () => {
    const api = new URL('../../src/api/', import.meta.url);
    for (const { group, called, operation, left } of [
      { group: 'builds', called: 'get', operation: 'getBuild', left: ['buildState', 'buildResources'] },
      { group: 'users', called: 'me', operation: 'getMe', left: ['listUsers', 'getQuota', 'authMethods'] },
      { group: 'workspaces', called: 'get', operation: 'getWorkspace', left: ['createWorkspace', 'listBuilds'] },
      { group: 'workspaceSettings', called: 'rename', operation: 'rename', left: ['favorite', 'updateTtl'] },
    ]) {
      const contents = `import * as ${group} from './${group}.ts'; console.log(${group}.${called});`;
      const { outputFiles } = await esbuild.build({
        stdin: { contents, resolveDir: fileURLToPath(api) },
        bundle: true,
        platform: 'node',
        packages: 'external',
        write: false,
      });
      const text = outputFiles[0]?.text ?? '';
      assert.ok(text.includes(`name: "${operation}"`), operation);
      for (const name of left) assert.ok(!text.includes(`name: "${name}"`), `${group}.${called} ships ${name}`);
      // Nor the schemas of a module of which nothing is used.
      assert.ok(!text.includes('provisioner_timings'), group);
    }
  });

  test('needs nothing but VS Code, what Node brings and its own chunks', () => {
    const needed = Object.values(metafile.outputs).flatMap(({ imports }) => imports);

    const foreign = needed.filter(
      ({ external, path: name }) =>
        external === true && name !== 'vscode' && !builtinModules.includes(name.replace(/^node:/, '')),
    );
    assert.ok(needed.some(({ path: name }) => name === 'vscode'));
    assert.deepEqual(foreign, []);
  });

  test('comes with the licence of each library that is in it', () => {
    const shipped = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
        bytesInOutput === 0 ? [] : (/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1] ?? []),
      ),
    );
    const packages = [...new Set(shipped)].sort();
    const root = new URL('../../', import.meta.url);
    const notices = readFileSync(new URL('ThirdPartyNotices.txt', root), 'utf8');
    const rule = '-'.repeat(78);
    assert.deepEqual(
      notices.split('\n').filter((_, index, lines) => lines[index - 1] === rule && lines[index + 1] === rule),
      packages,
    );
    for (const name of packages) {
      const file = new URL(`node_modules/${name}/LICENSE`, root);
      if (existsSync(file)) assert.ok(notices.includes(readFileSync(file, 'utf8').trim()), name);
    }
    assert.match(readFileSync(new URL('.vscodeignore', root), 'utf8'), /^!ThirdPartyNotices\.txt$/m);
  });

  test('gets Node’s modules by require alone, which is what VS Code patches for proxies and certificates', () => {
    for (const [name, text] of files) assert.ok(!/\bimport\s*[("'{*]/.test(text), name);
  });

  test('does not copy VS Code’s API', () => {
    // `__toESM(require("vscode"))` in esbuild's words.
    for (const [name, text] of files) assert.ok(!/\(\s*require\("vscode"\)/.test(text), name);
  });
});
