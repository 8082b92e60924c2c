import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import * as zlib from 'node:zlib';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { CoderClient } from '../../src/api/client.ts';
import { BadCoding, withoutCoding } from '../../src/api/contentCoding.ts';
import { ApiError } from '../../src/api/errors.ts';
import { eventStream } from '../../src/api/eventStream.ts';
import { Features } from '../../src/api/features.ts';
import { watchWorkspace as watchOperation } from '../../src/api/operations.ts';
import type { Timeouts } from '../../src/api/timeouts.ts';
import { Transport } from '../../src/api/transport.ts';
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
  const me = (timeouts: Partial<Timeouts> = quick) =>
    users.me(new CoderClient({ url: replay.url, token: 'key-secret', timeouts }).calls, soon());
  const json = bodyBytes(exchange('v2', 'me'));
  const answer = (coding: string, body: Buffer, status = 200, type = 'application/json') => {
    replay.answer((_request, response) => {
      response.writeHead(status, { 'content-type': type, 'content-encoding': coding }).end(body);
    });
  };
  const failure = async (timeouts?: Partial<Timeouts>): Promise<ApiError> => {
    const error = await me(timeouts).then(
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

  test('in zstd, of which Node knows since 22.15', async () => {
    // A frame of one raw block (RFC 8878): its header, its size, its bytes.
    const size = Buffer.alloc(2);
    size.writeUInt16LE(json.length - 256);
    const block = Buffer.alloc(3);
    block.writeUIntLE(json.length * 8 + 1, 0, 3);
    const frame = Buffer.concat([Buffer.from('28b52ffd60', 'hex'), size, block, json]);
    answer('zstd', frame);
    if ('createZstdDecompress' in zlib) assert.equal((await me()).username, 'owner');
    else assert.equal((await failure()).kind, 'unreadable');
    answer('zstd', frame.subarray(0, frame.length - 9));
    assert.equal((await failure()).kind, 'unreadable');
  });

  test('an answer that is no longer small once it is inflated is not taken, and costs no memory', async () => {
    const member = zlib.gzipSync(Buffer.alloc(8 * 1024 * 1024), { level: 1 });
    answer('gzip', Buffer.concat(Array.from({ length: 50 }, () => member)));
    const before = process.memoryUsage().rss;
    // Threads inflate it: a busy machine may give them no time for longer than is waited for otherwise.
    assert.equal((await failure({})).kind, 'tooLarge');
    assert.ok(process.memoryUsage().rss - before < 300 * 1024 * 1024);
  });

  test('broken and cut compression, and one that nobody knows, cannot be understood', async () => {
    const zipped = zlib.gzipSync(json);
    for (const [coding, body] of [
      ['gzip', json],
      ['br', Buffer.from([0xff, 0xff, 0xff, 0xff])],
      ['gzip', zipped.subarray(0, zipped.length - 12)],
      ['zstd', zipped],
      ['compress', zipped],
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
      void setTimeout(20).then(() => response.destroy());
    });
    assert.equal((await failure()).kind, 'unreachable');
    replay.answer((_request, response) => void response.writeHead(200, headers).write(start));
    assert.equal((await failure()).kind, 'timeout');
  });

  test('of a refusal what Coder says is read through each coding, and its status is told where nothing can be read', async () => {
    const spaces = Buffer.alloc(70 * 1024 * 1024, 32);
    answer('br', zlib.brotliCompressSync(spaces, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }), 400);
    assert.equal((await failure()).kind, 'notCoder');
    const words = Buffer.from('{"message":"Slow down.","detail":"Later."}');
    answer('GZIP, Identity', zlib.gzipSync(words), 409);
    const refused = await failure();
    assert.deepEqual([refused.kind, refused.serverMessage], ['conflict', 'Slow down.']);
    answer('deflate, gzip', zlib.gzipSync(zlib.deflateRawSync(words)), 429);
    assert.equal((await failure()).kind, 'rateLimited');
    for (const [status, kind] of [
      [502, 'server'],
      [403, 'proxy'],
      [413, 'tooLarge'],
    ] as const) {
      answer('gzip', words, status, 'text/html');
      assert.equal((await failure()).kind, kind, 'it is told by its status, although it is not compressed');
    }
  });

  /** How a stream ends that a proxy compresses in its own way, and how many frames came before. */
  const endOfStream = async (coding: string, send: (write: (bytes: Buffer) => void) => Promise<void>) => {
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
      response.flushHeaders();
      void send((bytes) => response.write(bytes)).then(() => response.end());
    });
    const url = parseDeploymentUrl(replay.url);
    const request = { operation: watchOperation, path: '/workspaces/x/watch' };
    const seen: string[] = [];
    try {
      for await (const event of eventStream(new Transport({ url }), new Features(), request, soon()))
        if (event.kind === 'data') seen.push(event.json);
    } catch (error) {
      return { kind: error instanceof ApiError ? error.kind : String(error), frames: seen.length };
    }
    return assert.fail('it went on');
  };
  const frame = (n: number) => `event: data\ndata: {"n":${n}}\n\n`;
  const flushed =
    (encoder: zlib.Gzip | zlib.DeflateRaw | zlib.BrotliCompress, kind: number) =>
    async (write: (bytes: Buffer) => void): Promise<void> => {
      for (let n = 0; n < 3; n += 1) {
        encoder.write(frame(n));
        await new Promise<void>((resolve) => encoder.flush(kind, resolve));
        const bytes = encoder.read() as Buffer | null;
        if (bytes !== null) write(bytes);
      }
    };
  const { Z_PARTIAL_FLUSH, Z_NO_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;

  test('an event stream is read however its proxy flushes, and one that breaks off in its compression was cut', async () => {
    const lost = { kind: 'unreachable', frames: 3 };
    assert.deepEqual(await endOfStream('gzip', flushed(zlib.createGzip(), Z_PARTIAL_FLUSH)), lost);
    assert.deepEqual(await endOfStream('deflate', flushed(zlib.createDeflateRaw(), Z_PARTIAL_FLUSH)), lost);
    assert.deepEqual(await endOfStream('BR', flushed(zlib.createBrotliCompress(), BROTLI_OPERATION_FLUSH)), lost);
    const members = (write: (bytes: Buffer) => void): Promise<void> => {
      for (let n = 0; n < 3; n += 1) write(zlib.gzipSync(frame(n)));
      return Promise.resolve();
    };
    assert.deepEqual(await endOfStream('x-gzip', members), lost);
  });

  test('an event stream of which nothing can be decompressed does not get through, so that a socket is tried', async () => {
    const blocked = { kind: 'heldBack', frames: 0 };
    assert.deepEqual(await endOfStream('gzip', flushed(zlib.createGzip(), Z_NO_FLUSH)), blocked);
    const plain = (write: (bytes: Buffer) => void): Promise<void> => {
      write(Buffer.from(frame(0)));
      return Promise.resolve();
    };
    assert.deepEqual(await endOfStream('gzip', plain), blocked);
  });

  test('what came before a break in its compression or of its connection is read, also when it is taken slowly', async () => {
    const text = 'a frame, and the next frame. '.repeat(9);
    const gone = new Error('the connection is gone');
    for (const [coding, cut] of [
      ['gzip', zlib.gzipSync(text, { finishFlush: zlib.constants.Z_SYNC_FLUSH })],
      ['deflate', zlib.deflateRawSync(text, { finishFlush: zlib.constants.Z_SYNC_FLUSH })],
      ['br', zlib.brotliCompressSync(text, { finishFlush: BROTLI_OPERATION_FLUSH })],
    ] as const) {
      for (const error of [undefined, gone]) {
        const source = async function* () {
          yield cut.subarray(0, 15);
          await setImmediate();
          yield cut.subarray(15);
          if (error !== undefined) throw error;
        };
        let read = '';
        await assert.rejects(
          async () => {
            for await (const bytes of withoutCoding(source(), { 'content-encoding': coding })) {
              read += Buffer.from(bytes).toString();
              await setTimeout(10);
            }
          },
          (thrown) => thrown === error || thrown instanceof BadCoding,
        );
        assert.equal(read, text, `${coding}, ${String(error)}`);
      }
    }
  });

  test('a compressed page of a gateway is told by its status, and its bytes are nowhere', async () => {
    answer('gzip', zlib.gzipSync('<html>bad gateway</html>'), 502, 'text/html');
    assert.equal((await failure()).kind, 'server');
    answer('zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 400, 'text/plain');
    assert.equal((await failure()).kind, 'notCoder');
  });
});
