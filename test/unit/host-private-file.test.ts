import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { writePrivateFile } from '../../src/host/privateFile.ts';

/** A disk of 64 KiB; `undefined` where this machine lets nobody mount one. */
async function smallDisk(context: TestContext): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  context.after(async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  });
  return folder;
}

test('a full disk leaves what was there, no half file, and says that it is full', async (context) => {
  const folder = await smallDisk(context);
  if (folder === undefined) {
    context.skip('this machine lets nobody mount a small disk');
    return;
  }
  const file = path.join(folder, 'web-4.tfstate');
  await writeFile(file, 'before');
  await assert.rejects(writePrivateFile(file, Buffer.alloc(200_000, 'x')), { code: 'ENOSPC' });
  assert.deepEqual(await readdir(folder), ['web-4.tfstate']);
  assert.equal(await readFile(file, 'utf8'), 'before');
  // What fits still does.
  await writePrivateFile(file, Buffer.alloc(20_000, 'x'));
  assert.equal((await stat(file)).size, 20_000);
  await assert.rejects(writePrivateFile(path.join(folder, 'other.tfstate'), Buffer.alloc(60_000, 'x')), {
    code: 'ENOSPC',
  });
  assert.deepEqual(await readdir(folder), ['web-4.tfstate'], 'a half file stays');
});

test('a file that cannot be made leaves nothing, and says why', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'private-'));
  context.after(() => rm(folder, { recursive: true }));
  await assert.rejects(writePrivateFile(path.join(folder, 'x'.repeat(300)), Buffer.from('x')), {
    code: 'ENAMETOOLONG',
  });
  // Where a folder has that name.
  await mkdir(path.join(folder, 'web-4.tfstate'));
  await assert.rejects(writePrivateFile(path.join(folder, 'web-4.tfstate'), Buffer.from('x')), { code: 'EISDIR' });
  assert.deepEqual(await readdir(folder), ['web-4.tfstate']);
});
