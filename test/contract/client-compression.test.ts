import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as zlib from 'node:zlib';
import { CoderClient } from '../../src/api/client.ts';
import { ApiError } from '../../src/api/errors.ts';
import type { Milliseconds, WorkspaceId } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import type { Coding } from '../deployment/compression.ts';
import { clientOf, collect, deploymentFor, soon } from './client-fixture.ts';
import { bodyBytes, exchange } from '../recorded.ts';
import { startReplay } from './replay.ts';

const CODINGS: readonly Coding[] = ['gzip', 'deflate', 'br'];

describe('a proxy that compresses unasked', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const client = clientOf(deployment);

  for (const coding of CODINGS) {
    test(`answers and refusals in ${coding} are read as if they were not`, async () => {
      await deployment.misbehave('compressed', { coding });
      const { count } = await workspaces.list(client.calls, {}, soon());
      assert.ok(count > 5);
      await assert.rejects(workspaces.get(client.calls, 'nonsense' as WorkspaceId, {}, soon()), (error) => {
        assert.ok(error instanceof ApiError);
        assert.match(error.serverMessage ?? '', /^[A-Z][\x20-\x7e]+\.$/);
        return true;
      });
      await deployment.heal();
    });

    test(`an event stream in ${coding} brings each frame when it is sent`, async () => {
      await deployment.misbehave('compressed', { coding });
      const workspace = deployment.workspace('owner/web');
      let seen = 0;
      await collect(watchWorkspace(client.calls, workspace.id as WorkspaceId, soon()), (event) => {
        if (event.kind === 'workspace' && (seen += 1) < 3) deployment.changed(workspace);
        return seen === 3;
      });
      await deployment.heal();
    });
  }
});

describe('answers that are compressed', async () => {
  const replay = await startReplay();
  const quick = { idleMs: 300 as Milliseconds };
  const me = () => users.me(new CoderClient({ url: replay.url, token: 'key-secret', timeouts: quick }).calls, soon());
  const json = bodyBytes(exchange('v2', 'me'));
  const answer = (coding: string, body: Buffer, status = 200, type = 'application/json') => {
    replay.answer((_request, response) => {
      response.writeHead(status, { 'content-type': type, 'content-encoding': coding }).end(body);
    });
  };
  const failure = async (): Promise<ApiError> => {
    const error = await me().then(
      () => assert.fail('it went well'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ApiError, String(error));
    assert.doesNotMatch(error.message, /[^\x20-\x7e’“”…]/);
    return error;
  };

  test('as proxies do it: without the header of zlib, by an old name, twice over, and not at all', async () => {
    for (const [coding, body] of [
      ['deflate', zlib.deflateRawSync(json)],
      ['X-Gzip', zlib.gzipSync(json)],
      ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(json))],
      ['identity', json],
    ] as const) {
      answer(coding, body);
      assert.equal((await me()).username, 'owner', coding);
    }
  });

  test('an answer that is no longer small once it is inflated is not taken, and costs no memory', async () => {
    answer('gzip', zlib.gzipSync(Buffer.alloc(400 * 1024 * 1024)));
    const before = process.memoryUsage().rss;
    assert.equal((await failure()).kind, 'tooLarge');
    assert.ok(process.memoryUsage().rss - before < 300 * 1024 * 1024);
  });

  test('broken and cut compression, and one that nobody knows, cannot be understood', async () => {
    const zipped = zlib.gzipSync(json);
    for (const [coding, body] of [
      ['gzip', json],
      ['br', Buffer.from([0xff, 0xff, 0xff, 0xff])],
      ['gzip', zipped.subarray(0, zipped.length - 12)],
      ['zstd', zipped],
    ] as const) {
      answer(coding, body);
      assert.equal((await failure()).kind, 'unreadable', coding);
    }
  });

  test('a compressed answer whose connection is cut is lost, and one that falls silent is given up on', async () => {
    const start = zlib.gzipSync(json).subarray(0, 40);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'content-length': '1000' };
    replay.answer((_request, response) => {
      response.writeHead(200, headers).write(start);
      setTimeout(() => response.destroy(), 20);
    });
    assert.equal((await failure()).kind, 'unreachable');
    replay.answer((_request, response) => void response.writeHead(200, headers).write(start));
    assert.equal((await failure()).kind, 'timeout');
  });

  test('a compressed page of a gateway is told by its status, and its bytes are nowhere', async () => {
    answer('gzip', zlib.gzipSync('<html>bad gateway</html>'), 502, 'text/html');
    assert.equal((await failure()).kind, 'server');
    answer('zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 400, 'text/plain');
    assert.equal((await failure()).kind, 'notCoder');
  });
});
