// Without the tests' own clock, by which a turn of the event loop takes no time that counts.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { watchWorkspace } from '../../src/api/operations.ts';
import { serverFrames } from '../../src/api/serverFrames.ts';

test('of frames that come faster than they are used, those in between are left out, and the host has its turns', async () => {
  const FRAMES = 4_000;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: ping\n\n');
    const padding = 'x'.repeat(2_000);
    for (let n = 1; n <= FRAMES; n += 1) response.write(`event: data\ndata: ${JSON.stringify({ n, padding })}\n\n`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { calls } = new CoderClient({ url, token: 'key-secret' });
  const routes = { operation: watchWorkspace, events: '/workspaces/x/watch', socket: '/x' };
  const came: number[] = [];
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  await assert.rejects(
    async () => {
      for await (const frame of serverFrames(calls, routes, new AbortController().signal)) {
        if (frame.kind !== 'data') continue;
        came.push((frame.value as { n: number }).n);
        // A millisecond of work.
        const end = process.hrtime.bigint() + 1_000_000n;
        while (process.hrtime.bigint() < end);
      }
    },
    { kind: 'unreachable' },
  );
  clearInterval(turning);
  assert.equal(came.at(-1), FRAMES);
  assert.deepEqual(
    came,
    came.toSorted((one, other) => one - other),
  );
  assert.ok(came.length < FRAMES / 2, `${came.length} of ${FRAMES}`);
  assert.ok(turns >= came.length / 100, `${turns} turns`);
});

test('streams that are refused while the deployment becomes another build are tried again soon', async () => {
  const { calls } = new CoderClient({
    url: await refusing(() => calls.features.observe('v2.36.0')),
    token: 'key-secret',
  });
  const routes = { operation: watchWorkspace, events: '/workspaces/x/watch', socket: '/x', isRefused: true };
  const next = () => serverFrames(calls, routes, new AbortController().signal).next();
  calls.features.observe('v0.13.0');
  calls.features.stream = 'events';
  await assert.rejects(next(), { kind: 'server' });
  assert.equal(calls.features.stream, undefined, 'it is another build');
  await assert.rejects(next(), { kind: 'heldBack' });
});

/** Answers each request with the page of a gateway, and tells of it. */
const refusing = async (onRequest: () => void): Promise<string> => {
  const server = createServer((_request, response) => {
    onRequest();
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
