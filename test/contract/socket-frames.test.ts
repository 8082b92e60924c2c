// What a WebSocket brings in the very segment that answers its handshake (networking 3).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { CoderClient } from '../../src/api/client.ts';
import { buildLogs } from '../../src/api/operations.ts';
import { Socket } from '../../src/api/socket.ts';
import { soon } from './client-fixture.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

const frame = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);

/** Sends the handshake's answer, all texts and the close frame at once. */
const serveAtOnce = async (texts: readonly string[]): Promise<string> => {
  const server = net.createServer((socket) => {
    let request = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (request.endsWith('\r\n\r\n')) return;
      request += chunk.toString('latin1');
      if (!request.endsWith('\r\n\r\n')) return;
      const key = /^sec-websocket-key: (.+)\r$/im.exec(request)?.[1] ?? '';
      const accept = createHash('sha1')
        .update(key + GUID)
        .digest('base64');
      const answer = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
      const done = Buffer.from([0x03, 0xe8]);
      socket.write(
        Buffer.concat([Buffer.from(answer), ...texts.map((text) => frame(1, Buffer.from(text))), frame(8, done)]),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const TEXTS = Array.from({ length: 60 }, (_, index) => `line ${index}`);

test('frames that come in the segment of the handshake’s answer are all there, also for who waits until it is connected', async () => {
  const url = parseDeploymentUrl(await serveAtOnce(TEXTS));
  for (const waits of [false, true]) {
    const { calls } = new CoderClient({ url });
    const socket = new Socket(
      calls,
      { operation: buildLogs, path: '/workspacebuilds/x/logs', query: { follow: true } },
      soon(),
    );
    if (waits) {
      await socket.opened;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const taken: string[] = [];
    for (let texts = await socket.take(); texts.length > 0; texts = await socket.take()) taken.push(...texts);
    assert.deepEqual(taken, TEXTS, waits ? 'waited' : 'at once');
  }
});
