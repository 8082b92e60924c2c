// When the scripts install the project's dependencies, and when they must not.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../scripts/lib/paths.mjs';

const run = promisify(execFile);

describe('the dependencies of a checkout', () => {
  let home = '';
  const checkout = () => path.join(home, 'checkout');
  const modules = () => path.join(home, 'modules');
  const lockOf = (version: string) => JSON.stringify({ packages: { 'node_modules/thing': { version } } });

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'node-modules-'));
    await cp(path.join(projectDir, 'scripts', 'lib'), path.join(checkout(), 'scripts', 'lib'), { recursive: true });
    await writeFile(path.join(checkout(), 'package-lock.json'), lockOf('2.0.0'));
    // Other modules than the lock file asks for.
    await mkdir(modules());
    await writeFile(path.join(modules(), '.package-lock.json'), lockOf('1.0.0'));
    // An npm that only notes what it is asked for.
    await mkdir(path.join(home, 'bin'));
    await writeFile(path.join(home, 'bin', 'npm'), `#!/bin/sh\necho "$@" >> '${path.join(home, 'log')}'\n`);
    await chmod(path.join(home, 'bin', 'npm'), 0o755);
  });

  afterEach(() => rm(home, { recursive: true, force: true }));

  const ensure = () => {
    const script = "import { ensureNodeModules } from './scripts/lib/nodeModules.mjs'; await ensureNodeModules();";
    const env = { ...process.env, PATH: `${path.join(home, 'bin')}${path.delimiter}${process.env.PATH ?? ''}` };
    return run(process.execPath, ['--input-type=module', '-e', script], { cwd: checkout(), env });
  };
  const npmRuns = () => readFile(path.join(home, 'log'), 'utf8').catch(() => '');

  test('are installed where they are missing or differ from the lock file', async () => {
    await ensure();
    assert.equal(await npmRuns(), 'ci --no-audit --no-fund --prefer-offline\n');
    await cp(modules(), path.join(checkout(), 'node_modules'), { recursive: true });
    await ensure();
    assert.equal((await npmRuns()).split('\n').length - 1, 2);
  });

  test('are installed with what npm has kept, and anew where that is too old', async () => {
    const log = path.join(home, 'log');
    await writeFile(
      path.join(home, 'bin', 'npm'),
      `#!/bin/sh\necho "$@" >> '${log}'\ncase "$*" in *offline*) exit 1;; esac\n`,
    );
    await ensure();
    assert.equal(await npmRuns(), 'ci --no-audit --no-fund --prefer-offline\nci --no-audit --no-fund\n');
  });

  test('are never installed through a symbolic link: one sentence says so', async () => {
    for (const target of [modules(), path.join(home, 'gone')]) {
      await symlink(target, path.join(checkout(), 'node_modules'));
      await assert.rejects(ensure(), ({ code, stderr }: { code: number; stderr: string }) => {
        assert.equal(code, 1);
        assert.match(
          stderr,
          /^node_modules is a symbolic link to modules that don't match package-lock\.json: .*\.\n$/,
        );
        return true;
      });
      await rm(path.join(checkout(), 'node_modules'));
    }
    assert.equal(await npmRuns(), '');
    assert.deepEqual(await readdir(modules()), ['.package-lock.json']);
  });

  test('are used through a symbolic link where they match', async () => {
    await writeFile(path.join(modules(), '.package-lock.json'), lockOf('2.0.0'));
    await symlink(modules(), path.join(checkout(), 'node_modules'));
    assert.equal((await ensure()).stderr, '');
    assert.equal(await npmRuns(), '');
  });
});
