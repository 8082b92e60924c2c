import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import * as operations from '../../src/api/operations.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import { soon } from './client-fixture.ts';
import { startReplay } from './replay.ts';
import { until } from './session-fixture.ts';

const WORKSPACE = '9fee0b36-91dd-4a1c-8a8e-3e6b1f5f8a10' as WorkspaceId;

test('a write that is under way when connections may have been lost is sent once, and its answer is waited for', async () => {
  const replay = await startReplay();
  const held: ServerResponse[] = [];
  const lost: string[] = [];
  replay.answer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) lost.push(request.method ?? '');
    });
    // The first of each is held until it is let go.
    if (replay.asked.filter((each) => each.startsWith(request.method ?? '')).length === 1) held.push(response);
    else response.setHeader('content-type', 'application/json').end('{"id":"u","username":"dana"}');
  });
  const { calls } = new CoderClient({ url: replay.url, token: 'key-secret' });
  const read = users.me(calls, soon());
  const written = workspaceSettings.updateTtl(calls, WORKSPACE, undefined, soon());
  await until('both are under way', () => held.length === 2);
  calls.reconnect();
  assert.equal((await read).username, 'dana', 'the read is sent again');
  for (const response of held) if (!response.destroyed) response.writeHead(204).end();
  await written;
  assert.deepEqual(lost, ['GET']);
  assert.equal(replay.asked.filter((each) => each.startsWith('PUT')).length, 1, replay.asked.join('\n'));
});

test('nothing stays behind of a read that was given up before it began', async () => {
  const { calls } = new CoderClient({ url: 'http://127.0.0.1:9', token: 'key-secret' });
  const reason = new Error('given up');
  await assert.rejects(calls.readBytes(operations.buildState, '/x', AbortSignal.abort(reason)), reason);
  let failures = 0;
  calls.failure = () => {
    failures += 1;
    throw reason;
  };
  calls.reconnect();
  assert.equal(failures, 0, 'it still waits for the loss of its connection');
});
