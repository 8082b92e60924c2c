import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { SharedFolder } from '../../src/host/sharedFolder.ts';
import { createSharedNames } from '../../src/host/sharedNames.ts';

suite('Names that windows share', () => {
  let folder = '';
  setup(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'names-'));
  });
  teardown(() => rm(folder, { recursive: true }));
  const open = (kept = 20) => createSharedNames(new SharedFolder(vscode.Uri.file(path.join(folder, 'restarts'))), kept);

  test('what one window adds the next one reads, the newest first, until it is removed', async () => {
    assert.deepEqual(await open().read(), [], 'no folder yet');
    await open().add('a');
    await utimes(path.join(folder, 'restarts', 'a'), 1_000, 1_000);
    await open().add('b');
    assert.deepEqual(await open().read(), ['b', 'a']);
    await open().remove('b');
    await open().remove('b');
    assert.deepEqual(await open().read(), ['a']);
  });

  test('only the newest stay', async () => {
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      await open(3).add(name);
      await utimes(path.join(folder, 'restarts', name), 1_000 + index, 1_000 + index);
    }
    await open(3).add('e');
    assert.deepEqual([...(await open(3).read())].sort(), ['c', 'd', 'e']);
  });

  test('a file that no window has written is ignored', async () => {
    await open().add('a');
    await writeFile(path.join(folder, 'restarts', '100%'), '');
    assert.deepEqual(await open().read(), ['a']);
  });

  test('an id that is no file name stays in the folder', async () => {
    await open().add('../../etc/passwd');
    assert.deepEqual(await readdir(folder), ['restarts']);
    assert.deepEqual(await open().read(), ['../../etc/passwd']);
    await open().remove('../../etc/passwd');
    assert.deepEqual(await open().read(), []);
  });
});
