// What is installed once per machine, against interruptions and company: every run of the tests relies on it.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../../scripts/lib/paths.mjs';

const run = promisify(execFile);

describe('installing once', () => {
  let home: string;
  let cache: string;

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'install-once-'));
    cache = path.join(home, 'coder-workspaces');
  });
  beforeEach(() => rm(cache, { recursive: true, force: true }));
  after(() => rm(home, { recursive: true, force: true }));

  /** A process of its own, as two clones at once would be. Its installation notes itself and takes a while. */
  const script = (install: string) => `
    import { appendFile, writeFile } from 'node:fs/promises';
    import { setTimeout as sleep } from 'node:timers/promises';
    const { installOnce } = await import(${JSON.stringify(path.join(projectDir, 'scripts', 'lib', 'installOnce.mjs'))});
    await installOnce('thing-1', async (folder) => { ${install} });
  `;
  const installs = `
    await appendFile(${JSON.stringify('%LOG%')}, 'installed\\n');
    await writeFile(folder + '/half', '');
    await sleep(300);
    await writeFile(folder + '/whole', '');
  `;
  const env = () => ({ ...process.env, XDG_CACHE_HOME: home });
  const log = () => path.join(home, 'log');
  const argsOf = (install: string) => ['--input-type=module', '-e', script(install.replace('%LOG%', log()))];
  const install = () => run(process.execPath, argsOf(installs), { env: env() });
  const countInstalls = async () => (await readFile(log(), 'utf8')).split('\n').length - 1;

  beforeEach(() => rm(log(), { force: true }));

  test('two runs at the same time install once, and both find it whole', async () => {
    await Promise.all([install(), install()]);
    assert.equal(await countInstalls(), 1);
    assert.ok(existsSync(path.join(cache, 'thing-1', 'whole')));
  });

  test('a run that was killed half-way leaves nothing that the next one takes for whole', async () => {
    const killed = spawn(process.execPath, argsOf(installs.replace('300', '60_000')), { env: env(), stdio: 'ignore' });
    await until(() => existsSync(path.join(cache, `thing-1.installing-${killed.pid ?? 0}`, 'half')));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    assert.ok(!existsSync(path.join(cache, 'thing-1')));

    await install();
    assert.equal(await countInstalls(), 2);
    assert.deepEqual(await readdir(cache), ['thing-1']);
    assert.ok(existsSync(path.join(cache, 'thing-1', 'whole')));
  });

  test('an installation that fails is tried again', async () => {
    await assert.rejects(run(process.execPath, argsOf("throw new Error('no network')"), { env: env() }), /no network/);
    assert.ok(!existsSync(path.join(cache, 'thing-1')));
    await install();
    assert.ok(existsSync(path.join(cache, 'thing-1', 'whole')));
  });

  test('what is there is used as it is', async () => {
    await install();
    await writeFile(path.join(cache, 'thing-1', 'mark'), '');
    await install();
    assert.equal(await countInstalls(), 1);
    assert.ok(existsSync(path.join(cache, 'thing-1', 'mark')));
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(condition());
}
