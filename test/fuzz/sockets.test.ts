import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { followAgentLog, watchAgentMetadata } from '../../src/api/agentStreams.ts';
import { CoderClient } from '../../src/api/client.ts';
import { DynamicParameters } from '../../src/api/dynamicParameters.ts';
import { ApiError } from '../../src/api/errors.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import type { LogEntry } from '../../src/api/schemas/workspaces.ts';
import { Build } from '../../src/api/schemas/workspaces.ts';
import type { AgentId, BuildId, TemplateVersionId, UserId, WorkspaceId } from '../../src/api/units.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { assertFit } from './fit.ts';
import { mutate, mutation, onTheWire, wire } from './mutations.ts';
import { textsOfForm, textsOfLog, textsOfWorkspaces } from './rendering.ts';
import { plantSecrets } from './secrets.ts';
import { quickPace, within } from '../contract/client-fixture.ts';
import { exchange, socketMoments, streamBytes, type Age } from '../recorded.ts';
import { replying, startReplay } from '../contract/replay.ts';

const RUNS = propertyRuns(60);

/** Long, since `npm test` runs these with the lowest priority. */
const unlessItHangs = (): AbortSignal => within(120_000);

const aBuild = Build.parse(exchange('v2', 'build').response.body);

/** What a person would see of a stream until it ends; it may end only with the one error type. */
type Seen = (client: CoderClient, signal: AbortSignal) => AsyncGenerator<string[], void>;

const ofWatch: Seen = async function* (client, signal) {
  client.features.stream = 'socket';
  for await (const event of watchWorkspace(client.calls, 'w' as WorkspaceId, signal)) {
    if (event.kind === 'workspace') yield textsOfWorkspaces([event.workspace], 0);
    if (event.kind === 'error') yield [event.error.message];
  }
};

const ofLog: Seen = async function* (client, signal) {
  const entries: LogEntry[] = [];
  for await (const event of followBuildLog(client.calls, 'b' as BuildId, { signal, pace: quickPace })) {
    if (event.kind === 'entries') entries.push(...event.entries);
    if (event.kind === 'lost') throw event.error;
  }
  yield textsOfLog(aBuild, entries);
};

const ofAgentLog: Seen = async function* (client, signal) {
  const seen = new Set<number>();
  for await (const entries of followAgentLog(client.calls, 'a' as AgentId, {}, signal)) {
    for (const { id } of entries) {
      assert.ok(!seen.has(id), `${id} comes twice`);
      seen.add(id);
    }
    yield entries.map(({ output }) => output);
  }
};

const ofMetadata: Seen = async function* (client, signal) {
  client.features.stream = 'socket';
  for await (const event of watchAgentMetadata(client.calls, 'a' as AgentId, signal)) {
    yield event.kind === 'error' ? [event.error.message] : event.metadata.map(({ result }) => result.value);
  }
};

const ofForm: Seen = async function* (client, signal) {
  const dynamic = await DynamicParameters.open(client.calls, 'v' as TemplateVersionId, 'u' as UserId, signal);
  for await (const form of dynamic.forms()) yield textsOfForm(form);
};

const streams: readonly (readonly [age: Age, recording: string, seen: Seen])[] = [
  ['v2', 'watch', ofWatch],
  ['v0', 'logs-follow-live', ofLog],
  ['v2', 'logs-follow-live', ofLog],
  ['v2', 'agent-logs-follow', ofAgentLog],
  ['v2', 'agent-metadata', ofMetadata],
  ['v2', 'dynamic-parameters', ofForm],
];

for (const [age, recording, seen] of streams) {
  test(`${RUNS.numRuns} mutated sockets as ${age} ${recording} end with the one error type and show no nonsense`, async () => {
    const replay = await startReplay();
    replay.answer(replying(exchange(age, 'build')));
    const texts = socketMoments(age, recording).flatMap(({ event, data = '' }) => (event === 'text' ? [data] : []));
    assert.ok(texts.length > 0);
    const property = fc.asyncProperty(
      fc.nat(texts.length - 1),
      fc.array(mutation, { maxLength: 4 }),
      wire,
      async (which, mutations, how) => {
        const mutated = texts.map((text, at) => {
          const value = plantSecrets(JSON.parse(text));
          return at === which ? onTheWire(mutate(value, mutations), how).toString('utf8') : JSON.stringify(value);
        });
        replay.speak([
          ...mutated.map((data) => ({ t: 0, event: 'text', data })),
          { t: 0, event: 'close', code: 1000, reason: '' },
        ]);
        const sent = mutated.join('\n');
        // What a mutation calls no secret may be shown.
        const mayShowMark = sent.includes('"sensitive":false') || seen !== ofWatch;
        try {
          for await (const shown of seen(new CoderClient({ url: replay.url, token: 'key-secret' }), unlessItHangs())) {
            assertFit(shown, sent, mayShowMark);
          }
        } catch (error) {
          assert.ok(error instanceof ApiError, inspect(error));
          assertFit([error.message], sent, false);
        }
      },
    );
    await fc.assert(property, RUNS);
  });
}

test('a metadata stream cut anywhere ends with the one error type', async () => {
  const bytes = streamBytes('v2', 'agent-metadata');
  const replay = await startReplay();
  const property = fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (one, other) => {
    const [from, to] = one < other ? [one, other] : [other, one];
    replay.answer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(bytes.subarray(0, from));
      setImmediate(() => response.end(bytes.subarray(from, to)));
    });
    const client = new CoderClient({ url: replay.url, token: 'key-secret' });
    try {
      for await (const event of watchAgentMetadata(client.calls, 'a' as AgentId, unlessItHangs())) {
        if (event.kind === 'metadata') assert.ok(event.metadata.every(({ description }) => description.key !== ''));
      }
      assert.fail('it ended without a word');
    } catch (error) {
      assert.ok(error instanceof ApiError, inspect(error));
    }
  });
  await fc.assert(property, propertyRuns(20));
});
