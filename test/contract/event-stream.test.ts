import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { ApiError } from '../../src/api/errors.ts';
import { eventStream, type StreamEvent } from '../../src/api/eventStream.ts';
import { Features } from '../../src/api/features.ts';
import { watchWorkspace } from '../../src/api/operations.ts';
import { Transport } from '../../src/api/transport.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import { pause, soon } from './client-fixture.ts';
import { startReplay } from './replay.ts';

const MEGABYTE = 1024 * 1024;

test('a frame that never ends is given up on, and frames that end may be as many as they like', async () => {
  const replay = await startReplay();
  const sent = { megabytes: 0 };
  replay.answer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // 24 MB in frames of 1 MB, then one frame that goes on and on.
    for (let n = 0; n < 24; n += 1) response.write(`event: data\ndata: ${'x'.repeat(MEGABYTE)}\n\n`);
    response.write('event: data\ndata: ');
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(MEGABYTE))) sent.megabytes += 1;
      sent.megabytes += 1;
    };
    response.on('drain', more);
    more();
  });
  const transport = new Transport({ url: parseDeploymentUrl(replay.url) });
  const request = { operation: watchWorkspace, path: '/workspaces/x/watch' };
  let frames = 0;
  await assert.rejects(
    async () => {
      for await (const event of eventStream(transport, new Features(), request, soon()))
        if (event.kind === 'data') frames += 1;
    },
    { name: 'ApiError', kind: 'tooLarge' },
  );
  assert.equal(frames, 24);
  assert.ok(sent.megabytes < 64, `${sent.megabytes} MB were read of it`);
});

/** What a stream is known as when it ends by itself, with waits that are a tenth of the real ones. */
const endOf = async (
  send: (write: (text: string) => void) => Promise<void>,
  headers: Readonly<Record<string, string>> = { 'content-type': 'text/event-stream' },
): Promise<string> => {
  const replay = await startReplay();
  replay.answer((_request, response) => {
    response.writeHead(200, headers);
    response.flushHeaders();
    void send((text) => response.write(text)).then(() => response.end());
  });
  const timeouts = {
    firstBytesMs: 500 as Milliseconds,
    nextBytesMs: 1_000 as Milliseconds,
    idleMs: 2_000 as Milliseconds,
  };
  const transport = new Transport({ url: parseDeploymentUrl(replay.url), timeouts });
  const request = { operation: watchWorkspace, path: '/workspaces/x/watch' };
  try {
    for await (const event of eventStream(transport, new Features(), request, soon()))
      assert.notEqual(event.kind, 'error');
  } catch (error) {
    return error instanceof ApiError ? error.kind : String(error);
  }
  return 'nothing';
};

const ping = 'event: ping\n\n';

test('a stream is known by its type, however that is written; what a proxy calls something else does not get through', async () => {
  const calledLike = (type: Readonly<Record<string, string>>): Promise<string> =>
    endOf(
      (write) => {
        write(`${ping}event: data\ndata: {"a":"secret"}\n\n`);
        return Promise.resolve();
      },
      { 'x-coder-build-version': 'v2.36.0', ...type },
    );
  assert.equal(await calledLike({ 'content-type': 'Text/Event-Stream ;charset="UTF-8"' }), 'unreachable', 'it ended');
  assert.equal(await calledLike({ 'content-type': 'text/plain; charset=utf-8' }), 'heldBack');
  assert.equal(await calledLike({}), 'heldBack');
  assert.equal(await calledLike({ 'content-type': 'text/html' }), 'notCoder', 'a web page is a sign-on page');
});

test('a stream whose first bytes are not followed by a ping is held back until a buffer is full', async () => {
  assert.equal(
    await endOf(async (write) => {
      write(ping);
      await pause(3_000);
      write(ping);
    }),
    'heldBack',
  );
});

test('a stream whose pings come two at once is held back when that happens again, and not by one that stalled', async () => {
  const pings = (...counts: number[]): Promise<string> =>
    endOf(async (write) => {
      for (const count of counts) {
        write(ping.repeat(count));
        await pause(100);
      }
    });
  assert.equal(await pings(1, 2, 1, 2, 1), 'heldBack');
  assert.equal(await pings(1, 2, 1, 1, 1), 'unreachable', 'it ended, and that is all');
});

test('a stream whose first frame comes late is held back, whatever else comes before it', async () => {
  assert.equal(
    await endOf(async (write) => {
      for (let n = 0; n < 20; n += 1) {
        write(': the proxy is still there\n\n');
        await pause(100);
      }
      write(ping);
    }),
    'heldBack',
  );
});

test('a stream that brings only a proxy’s own comments any more is held back', async () => {
  assert.equal(
    await endOf(async (write) => {
      write(ping);
      write(ping);
      await pause(100);
      write(ping);
      for (let n = 0; n < 40; n += 1) {
        await pause(100);
        write(': the proxy is still there\n\n');
      }
    }),
    'heldBack',
  );
});

test('a stream of which only a proxy’s own events come, or whose events have lost their names, is held back', async () => {
  const every100 = (text: string, first = '') =>
    endOf(async (write) => {
      if (first !== '') write(first);
      for (let n = 0; n < 40; n += 1) {
        write(text);
        await pause(100);
      }
    });
  assert.equal(await every100('event: heartbeat\ndata: {"text":"event: data\\n"}\n\n'), 'heldBack');
  assert.equal(await every100('event: heartbeat\ndata: {}\n\n', `${ping}${ping}`), 'heldBack', 'the server is gone');
  assert.equal(await every100('event:\ndata: {"id":"x"}\n\n'), 'heldBack');
  assert.equal(await every100('data: {"id":"x"}\n\n'), 'heldBack');
});

test('a stream whose lines end as on Windows, cut anywhere, with a proxy’s own words between, is heard', async () => {
  const replay = await startReplay();
  const bytes = Buffer.from(
    '\ufeff: hello\r\n\r\nretry: 1\r\nevent: ping\r\n\r\ndata: keep-alive\r\n\r\n' +
      'id: 7\r\nevent: data\r\ndata: {"name":\r\ndata: "ü"}\r\n\r\nevent: heartbeat\r\ndata: {}\r\n\r\nevent:data\ndata:{"name":"b"}\n\n',
  );
  for (let cut = 1; cut < bytes.length; cut += 1) {
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(bytes.subarray(0, cut));
      setImmediate(() => response.end(bytes.subarray(cut)));
    });
    const transport = new Transport({ url: parseDeploymentUrl(replay.url) });
    const request = { operation: watchWorkspace, path: '/workspaces/x/watch' };
    const came: string[] = [];
    await assert.rejects(
      async () => {
        for await (const event of eventStream(transport, new Features(), request, soon()))
          came.push('json' in event ? (JSON.parse(event.json) as { name: string }).name : event.kind);
      },
      { kind: 'unreachable' },
    );
    assert.deepEqual(came, ['alive', 'ü', 'b'], `cut at ${cut}`);
  }
});

test('of frames that come faster than they are used, older data is left out, and no error of the server', async () => {
  const replay = await startReplay();
  const data = Array.from({ length: 150 }, (_, n) => `event: data\ndata: ${n}\n\n`).join('');
  replay.answer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${ping}${data}event: error\ndata: "first"\n\n${data}event: error\ndata: "second"\n\n${data}`);
  });
  const transport = new Transport({ url: parseDeploymentUrl(replay.url) });
  const request = { operation: watchWorkspace, path: '/workspaces/x/watch' };
  const came: StreamEvent[] = [];
  await assert.rejects(
    async () => {
      for await (const event of eventStream(transport, new Features(), request, soon())) came.push(event);
    },
    { kind: 'unreachable' },
  );
  const errors = came.filter(({ kind }) => kind === 'error');
  assert.deepEqual(errors, [
    { kind: 'error', json: '"first"' },
    { kind: 'error', json: '"second"' },
  ]);
  assert.deepEqual(came.at(-1), { kind: 'data', json: '149' }, 'the newest is there');
  assert.ok(came.length < 450, `${came.length} frames are there`);
});

test('a stream that comes byte by byte is heard', async () => {
  assert.equal(
    await endOf(async (write) => {
      for (const byte of ping.repeat(4)) {
        write(byte);
        await pause(20);
      }
    }),
    'unreachable',
  );
});

test('a stream that pings in its time is heard, however long nothing else comes', async () => {
  assert.equal(
    await endOf(async (write) => {
      write(ping);
      await pause(600);
      write(ping);
      // Silence from here on is judged as that of any stream.
      await pause(1_500);
    }),
    'unreachable',
  );
});
