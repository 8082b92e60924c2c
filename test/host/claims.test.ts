import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createClaims } from '../../src/host/claims.ts';
import { SharedFolder } from '../../src/host/sharedFolder.ts';

suite('What windows share', () => {
  let folder = '';
  setup(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'claims-'));
  });
  teardown(() => rm(folder, { recursive: true }));

  const fails = (error: unknown): never => {
    throw error;
  };
  const windows = (count: number, below = 'claims') =>
    Array.from({ length: count }, () =>
      createClaims(new SharedFolder(vscode.Uri.file(path.join(folder, below))), fails),
    );

  test('what one window has taken no other one has, also after a reload', async () => {
    const [one, other] = windows(2);
    assert.ok(one && other);
    assert.equal(await one.take('w-1 1795 30'), true);
    assert.equal(await other.take('w-1 1795 30'), false);
    assert.equal(await other.has('w-1 1795 30'), true);
    assert.equal(await other.take('w-1 1795 5'), true);
    assert.equal(await windows(1)[0]?.take('w-1 1795 30'), false);
  });

  test('of windows that take at the same moment one has it, and never none', async () => {
    for (let round = 0; round < 50; round += 1) {
      const taken = await Promise.all(windows(8).map((claims) => claims.take(`round ${round}`)));
      assert.equal(taken.filter(Boolean).length, 1, taken.join());
    }
  });

  test('an id that is no file name stays in the folder', async () => {
    const [claims] = windows(1);
    assert.equal(await claims?.take('../../etc/passwd 1 5'), true);
    assert.deepEqual(await readdir(folder), ['claims']);
    assert.equal((await readdir(path.join(folder, 'claims'))).length, 1);
  });

  test('old claims go when the next is made', async () => {
    await windows(1)[0]?.take('old');
    const old = new Date(Date.now() - 4 * 86_400_000);
    await utimes(path.join(folder, 'claims', 'old'), old, old);
    await windows(1)[0]?.take('new');
    assert.deepEqual(await readdir(path.join(folder, 'claims')), ['new']);
  });

  test('where nothing can be written, it is told rather twice than never, and logged once', async () => {
    await writeFile(path.join(folder, 'claims'), '');
    const errors: unknown[] = [];
    const claims = createClaims(new SharedFolder(vscode.Uri.file(path.join(folder, 'claims'))), (error) =>
      errors.push(error),
    );
    assert.deepEqual([await claims.take('a'), await claims.take('b')], [true, true]);
    assert.equal(errors.length, 1);
  });
});

suite('A metadata service', () => {
  test('is asked past the proxy of VS Code’s settings', async () => {
    const url = 'http://elsewhere.test/';
    const outcome = (request: http.ClientRequest): Promise<string> =>
      new Promise((resolve) => {
        request.on('response', (response) => {
          response.resume();
          resolve('answered');
        });
        request.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
        request.end();
      });
    // What `api/cloudMetadata.ts` relies on.
    assert.notEqual(await outcome(http.request(url)), 'ENOTFOUND', 'the settings have a proxy');
    assert.match(await outcome(new http.ClientRequest(url)), /ENOTFOUND|EAI_AGAIN/);
  });
});
