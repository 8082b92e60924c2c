import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { eventStream } from '../../src/api/eventStream.ts';
import { Features } from '../../src/api/features.ts';
import { watchWorkspace } from '../../src/api/operations.ts';
import { Transport } from '../../src/api/transport.ts';
import { soon } from './client-fixture.ts';
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
