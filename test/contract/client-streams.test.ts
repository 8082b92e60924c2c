import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as builds from '../../src/api/builds.ts';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog, type BuildLogEvent } from '../../src/api/logs.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { ages, clientOf, collect, createWorkspace, deploymentFor, quickPace, soon } from './client-fixture.ts';

const idsOf = (events: readonly BuildLogEvent[]): number[] =>
  events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));

for (const age of ages) {
  describe(`streams of a deployment of age ${age}`, async () => {
    const deployment = await deploymentFor({ age, speed: 10 });
    const client = clientOf(deployment);

    test('a log that is cut again and again still brings each entry once, in order, to the real end', async () => {
      const { latest_build: build } = await createWorkspace(client, 'slow', 'cut-log');
      let cuts = 0;
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
        (event) => {
          if (event.kind === 'entries' && cuts < 3) cuts += deployment.cutStreams({ kind: 'build-logs' }) > 0 ? 1 : 0;
          return false;
        },
      );
      assert.ok(cuts >= 1, 'nothing was cut');
      assert.ok(events.some((event) => event.kind === 'lost'));
      assert.ok(events.some((event) => event.kind === 'resumed'));
      const all = await builds.logs(client.calls, build.id, {}, soon());
      assert.deepEqual(
        idsOf(events),
        all.map(({ id }) => id),
      );
      const ended = events.at(-1);
      assert.ok(ended?.kind === 'ended');
      assert.equal(ended.build.job.status, 'succeeded');
    });

    test('a log goes on where it is told to, and that of an ended build ends at once', async () => {
      const { latest_build: build } = await workspaces.getByOwnerAndName(client.calls, 'me', 'cut-log', {}, soon());
      const all = (await builds.logs(client.calls, build.id, {}, soon())).map(({ id }) => id);
      const after = all[10] ?? 0;
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), after, pace: quickPace }),
        () => false,
      );
      assert.deepEqual(idsOf(events), all.slice(11));
      assert.equal(events.at(-1)?.kind, 'ended');
    });

    test('the log of a build survives a deployment that is down for a while', async () => {
      const { latest_build: build } = await createWorkspace(client, 'slow', 'down-log');
      let wasDown = false;
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
        (event) => {
          if (event.kind === 'entries' && !wasDown) {
            wasDown = true;
            void deployment.stop().then(() => setTimeout(() => void deployment.start(), 300));
          }
          return false;
        },
      );
      assert.ok(events.some((event) => event.kind === 'lost'));
      assert.equal(events.at(-1)?.kind, 'ended');
      assert.equal(new Set(idsOf(events)).size, idsOf(events).length);
    });

    test('leaving a log or a watch leaves no socket behind', async () => {
      const { latest_build: build, id } = await createWorkspace(client, 'hang', 'left');
      await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
        (event) => event.kind === 'entries',
      );
      await collect(watchWorkspace(client.calls, id, soon()), (event) => event.kind === 'workspace');
      const stop = new AbortController();
      const watching = collect(watchWorkspace(client.calls, id, stop.signal), (event) => {
        if (event.kind === 'workspace') stop.abort(new Error('signed out'));
        return false;
      });
      await assert.rejects(watching, /signed out/);
      for (let tries = 0; tries < 100 && streamsOpen() > 0; tries += 1)
        await new Promise((done) => setTimeout(done, 20));
      assert.equal(streamsOpen(), 0, JSON.stringify(deployment.openSockets()));
      await builds.cancel(client.calls, build.id, {}, soon());
    });
    const streamsOpen = (): number => {
      const { byKind } = deployment.openSockets();
      return (byKind.watch ?? 0) + (byKind['build-logs'] ?? 0) + (byKind['watch-ws'] ?? 0);
    };

    test('a watch that is cut is lost in words, and watching again brings the workspace as it is', async () => {
      const { id } = await createWorkspace(client, 'hang', 'cut-watch');
      const cut = collect(watchWorkspace(client.calls, id, soon()), (event) => {
        if (event.kind === 'workspace') deployment.cutStreams();
        return false;
      });
      await assert.rejects(cut, { name: 'ApiError', kind: 'unreachable' });
      const [open, first] = await collect(
        watchWorkspace(client.calls, id, soon()),
        (event) => event.kind === 'workspace',
      );
      assert.equal(open?.kind, 'open');
      assert.ok(first?.kind === 'workspace' && first.workspace.id === id);
    });

    test('an error frame is an event with the words of the server, and the watch goes on', async () => {
      const { id } = await workspaces.getByOwnerAndName(client.calls, 'me', 'cut-watch', {}, soon());
      const events = await collect(watchWorkspace(client.calls, id, soon()), (event) => {
        if (event.kind === 'workspace') deployment.sendErrorFrame('owner/cut-watch', 'Internal error.', 'x');
        return event.kind === 'error';
      });
      const last = events.at(-1);
      assert.ok(last?.kind === 'error');
      assert.equal(last.error.serverMessage, 'Internal error.');
    });

    test('a silent stream is given up on', async () => {
      const { id } = await workspaces.getByOwnerAndName(client.calls, 'me', 'cut-watch', {}, soon());
      await deployment.misbehave('silent-stream');
      const impatient = new CoderClient({
        url: deployment.url,
        token: deployment.token,
        timeouts: { idleMs: 200 as Milliseconds, headersMs: 500 as Milliseconds },
      });
      await assert.rejects(
        collect(watchWorkspace(impatient.calls, id, soon()), () => false),
        { kind: 'timeout' },
      );
      await deployment.heal();
    });

    test('where no form of the watch stream is known, that is said', async () => {
      const { id } = await workspaces.getByOwnerAndName(client.calls, 'me', 'cut-watch', {}, soon());
      await deployment.misbehave('watch-404');
      await deployment.misbehave('watch-ws-404');
      await assert.rejects(
        collect(watchWorkspace(clientOf(deployment).calls, id, soon()), () => false),
        { kind: 'routeNotFound' },
      );
      await deployment.heal();
    });
  });
}

describe('the two forms of the watch stream of V2', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const { id } = await createWorkspace(clientOf(deployment), 'hang', 'two-forms');

  for (const [missing, used] of [
    ['watch-404', 'socket'],
    ['watch-ws-404', 'events'],
  ] as const) {
    test(`with ${missing} the watch is by ${used}, and remembered`, async () => {
      await deployment.misbehave(missing);
      const client = clientOf(deployment);
      for (let round = 0; round < 2; round += 1) {
        const before = deployment.requests.length;
        await collect(watchWorkspace(client.calls, id, soon()), (event) => event.kind === 'workspace');
        const refused = deployment.requests.slice(before).filter((request) => request.status === 404).length;
        assert.equal(refused, used === 'socket' && round === 0 ? 1 : 0);
      }
      assert.equal(client.features.stream, used);
      await deployment.heal();
    });
  }
});
