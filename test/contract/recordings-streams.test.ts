import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { followAgentLog, watchAgentMetadata } from '../../src/api/agentStreams.ts';
import { CoderClient } from '../../src/api/client.ts';
import { DynamicParameters } from '../../src/api/dynamicParameters.ts';
import { ApiError } from '../../src/api/errors.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import type { AgentId, BuildId, TemplateVersionId, UserId, WorkspaceId } from '../../src/api/units.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import { collect, quickPace, soon } from './client-fixture.ts';
import { bodyBytes, exchange, socketMoments, streamBytes, type SocketMoment } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const workspaceId = 'w' as WorkspaceId;
const buildId = 'b' as BuildId;
const agentId = 'a' as AgentId;

/** The `data` frames of recorded bytes, as they were sent. */
const payloads = (bytes: Buffer): unknown[] =>
  bytes
    .toString('utf8')
    .split('\n\n')
    .filter((frame) => frame.startsWith('event: data\n'))
    .map((frame): unknown => JSON.parse(frame.slice('event: data\ndata: '.length)));

const texts = (moments: readonly SocketMoment[]): string[] =>
  moments.filter((moment) => moment.event === 'text').map((moment) => moment.data ?? '');

const entryIds = (moments: readonly SocketMoment[]): number[] =>
  texts(moments).map((text) => (JSON.parse(text) as { id: number }).id);

for (const age of ['v0', 'v2'] as const) {
  describe(`recorded streams of ${age}`, async () => {
    const replay = await startReplay();
    const client = () => new CoderClient({ url: replay.url, token: 'key-secret' });

    /** Serves the bytes in pieces of that many, then nothing more; the workspace itself is not there. */
    const stream = (bytes: Buffer, pieceLength: number) =>
      replay.answer((request, response) => {
        if (!(request.url ?? '').includes('/watch')) {
          response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Gone."}');
          return;
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (let at = 0; at < bytes.length; at += pieceLength) response.write(bytes.subarray(at, at + pieceLength));
      });

    for (const name of ['watch', 'watch-cancel', 'watch-failed']) {
      for (const pieceLength of [1, 7, 1000, Infinity]) {
        test(`${name}.sse split every ${pieceLength} bytes brings each workspace once, in order`, async () => {
          const bytes = streamBytes(age, name);
          const sent = payloads(bytes) as { latest_build: { status: string; updated_at: string } }[];
          stream(bytes, pieceLength);
          let left = sent.length;
          const events = await collect(
            watchWorkspace(client().calls, workspaceId, soon()),
            (event) => event.kind === 'workspace' && (left -= 1) === 0,
          );
          assert.equal(events[0]?.kind, 'open');
          const read = events.flatMap((event) =>
            event.kind === 'workspace' ? [event.workspace.latest_build.status] : [],
          );
          assert.deepEqual(
            read,
            sent.map((workspace) => workspace.latest_build.status),
          );
        });
      }
    }

    test('CRLF instead of LF in an event stream changes nothing', async () => {
      const bytes = Buffer.from(streamBytes(age, 'watch-cancel').toString('utf8').replaceAll('\n', '\r\n'));
      stream(bytes, 5);
      let left = payloads(streamBytes(age, 'watch-cancel')).length;
      await collect(
        watchWorkspace(client().calls, workspaceId, soon()),
        (event) => event.kind === 'workspace' && (left -= 1) === 0,
      );
    });

    test('an error frame is told apart from a lost connection by its words, and the stream goes on', async () => {
      const [workspace] = payloads(streamBytes(age, 'watch'));
      const error = { message: 'Internal error fetching workspace.', detail: 'x' };
      stream(
        Buffer.from(
          `event: ping\n\nevent: error\ndata: ${JSON.stringify(error)}\n\nevent: data\ndata: ${JSON.stringify(workspace)}\n\n`,
        ),
        Infinity,
      );
      const events = await collect(
        watchWorkspace(client().calls, workspaceId, soon()),
        (event) => event.kind === 'workspace',
      );
      assert.deepEqual(
        events.map((event) => event.kind),
        ['open', 'error', 'workspace'],
      );
      assert.ok(events[1]?.kind === 'error');
      assert.equal(events[1].error.serverMessage, error.message);
      assert.equal(events[1].error.detail, error.detail);
    });

    for (const name of ['logs-follow-live', 'logs-follow-complete', 'logs-follow-canceled']) {
      test(`${name}.ws is followed to the end of the build`, async () => {
        const moments = socketMoments(age, name);
        replay.speak(moments);
        replay.answer((request, response) => {
          const isLog = (request.url ?? '').includes('/logs');
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(isLog ? `[${texts(moments).join(',')}]` : bodyBytes(exchange(age, 'build')));
        });
        const events = await collect(
          followBuildLog(client().calls, buildId, { signal: soon(), pace: quickPace }),
          () => false,
        );
        const ids = events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
        assert.deepEqual(ids, entryIds(moments));
        assert.equal(events.at(-1)?.kind, 'ended');
      });
    }

    test('logs-follow-refused.ws ends with the refusal and its words', async () => {
      const moments = socketMoments(age, 'logs-follow-refused');
      replay.speak(moments);
      replay.answer(replying(exchange(age, 'build')));
      const refused = collect(
        followBuildLog(client().calls, buildId, { signal: soon(), pace: quickPace }),
        () => false,
      );
      const { message } = JSON.parse(moments[0]?.body ?? '') as { message: string };
      await assert.rejects(refused, { name: 'ApiError', kind: 'unauthorized', serverMessage: message });
    });
  });
}

describe('recorded sockets that only V2 has', async () => {
  const replay = await startReplay();
  const client = () => new CoderClient({ url: replay.url, token: 'key-secret' });
  const noRoute = () => replay.answer(replying(exchange('v2', 'route-not-found')));

  test('watch.ws is used where the event stream is unknown, and then remembered', async () => {
    const moments = socketMoments('v2', 'watch');
    replay.speak(moments);
    noRoute();
    const sent = texts(moments).filter((text) => text.startsWith('{"type":"data"')).length;
    const watcher = client();
    for (const asked of [
      ['GET /api/v2/workspaces/w/watch', 'GET /api/v2/workspaces/w/watch-ws'],
      ['GET /api/v2/workspaces/w/watch-ws'],
    ]) {
      replay.asked.splice(0);
      let left = sent;
      const events = await collect(
        watchWorkspace(watcher.calls, workspaceId, soon()),
        (event) => event.kind === 'workspace' && (left -= 1) === 0,
      );
      assert.equal(events[0]?.kind, 'open');
      assert.deepEqual(replay.asked, asked);
    }
  });

  test('agent-metadata.ws and agent-metadata.sse bring all values, a failed one with its error', async () => {
    replay.speak(socketMoments('v2', 'agent-metadata'));
    noRoute();
    const bySocket = await collect(watchAgentMetadata(client().calls, agentId, soon()), () => true);
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(streamBytes('v2', 'agent-metadata'));
    });
    const byEvents = await collect(watchAgentMetadata(client().calls, agentId, soon()), () => true);
    for (const [event] of [bySocket, byEvents]) {
      assert.ok(event?.kind === 'metadata');
      assert.deepEqual(
        event.metadata.map(({ description, result }) => [description.key, result.value, result.error]),
        [
          ['bad', '', 'run cmd: exit status 3'],
          ['cpu', '12%\n', ''],
        ],
      );
    }
  });

  test('agent-logs-follow.ws brings each entry once', async () => {
    const moments = socketMoments('v2', 'agent-logs-follow');
    replay.speak([...moments, ...moments, { t: 0, event: 'close', code: 1000, reason: '' }]);
    const batches = await collect(followAgentLog(client().calls, agentId, {}, soon()), () => false);
    assert.deepEqual(
      batches.flat().map(({ id }) => id),
      [1, 2, 3, 4, 5, 6],
    );
  });

  test('dynamic-parameters.ws brings the form with its defaults', async () => {
    replay.speak(socketMoments('v2', 'dynamic-parameters'));
    const dynamic = await DynamicParameters.open(client().calls, 'v' as TemplateVersionId, 'u' as UserId, soon());
    const [form] = await collect(dynamic.forms(), () => true);
    assert.deepEqual(
      form?.parameters.map(({ name, styling }) => [name, styling?.mask_input]),
      [
        ['size', false],
        ['secret', true],
      ],
    );
  });

  test('agent-connection-watch.ws was refused as an unknown route', async () => {
    const [moment] = socketMoments('v2', 'agent-connection-watch');
    replay.speak(moment === undefined ? [] : [moment]);
    await assert.rejects(
      collect(followAgentLog(client().calls, agentId, {}, soon()), () => false),
      (error) => error instanceof ApiError && error.kind === 'routeNotFound' && error.status === 404,
    );
  });
});

test('a restart that the server makes is seen as one build after the other, both of the person who asked', async () => {
  const replay = await startReplay();
  const bytes = streamBytes('v2.36', 'restart-watch');
  let left = payloads(bytes).length;
  replay.answer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(bytes);
  });
  const client = new CoderClient({ url: replay.url, token: 'key-secret' });
  const events = await collect(
    watchWorkspace(client.calls, workspaceId, soon()),
    (event) => event.kind === 'workspace' && (left -= 1) === 0,
  );
  const builds = events.flatMap((event) => (event.kind === 'workspace' ? [event.workspace.latest_build] : []));
  const seen = builds.map(({ build_number, status }) => `${build_number} ${status}`);
  assert.deepEqual([...new Set(seen)], ['1 running', '2 stopping', '2 stopped', '3 starting', '3 running']);
  assert.deepEqual([...new Set(builds.map(({ initiator_name }) => initiator_name))], ['owner']);
});
