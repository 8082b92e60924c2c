// What people reported of trees and streams (`cases.md`), where no other test has it yet.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import type { BuildId } from '../../src/api/units.ts';
import { clientOf, deploymentFor, ages, createWorkspace, quickPace, soon } from './client-fixture.ts';
import {
  asked,
  idOf,
  LIST,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  untilQuiet,
  WATCH,
} from './session-fixture.ts';

for (const age of ages) {
  describe(`reports about trees and streams, on ${age}`, () => {
    test('coder-jetbrains-toolbox#328: with 21 stopped workspaces a refresh is one request', async () => {
      const deployment = await deploymentFor({ age, workspaces: 21, running: 0 });
      const { session } = sessionFor(deployment);
      assert.equal((await readyState(session)).workspaces.size, 21);
      await untilQuiet(deployment);
      const from = deployment.requests.length;
      await session.refresh();
      await deployment.whenQuiet();
      assert.deepEqual(
        deployment.requests.slice(from).map(({ path }) => path.replace(/\?.*/, '')),
        ['/api/v2/workspaces'],
      );
    });

    test('vscode-coder#330: 1,200 workspaces are paged, and nothing is opened for an agent', async () => {
      const deployment = await deploymentFor({ age, workspaces: 1_200, template: 'slow' });
      const { session } = sessionFor(deployment);
      await until('all are there', () => {
        const state = session.state.value;
        return state.kind === 'ready' && state.workspaces.size === 1_200;
      });
      await until('streams are open', () => deployment.openSockets().total === 30);
      assert.equal(asked(deployment, /limit=100/), 12);
      assert.equal(asked(deployment, /workspaceagents/), 0);
    });

    test('vscode-github-actions#229: one’s own new workspace is there before the next list', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session } = sessionFor(deployment);
      await readyState(session);
      await untilQuiet(deployment);
      const lists = asked(deployment, LIST);
      session.adopt(await createWorkspace(clientOf(deployment), 'dev', 'just-made'));
      assert.ok(statusOf(session, 'just-made') !== undefined);
      assert.equal(asked(deployment, LIST), lists);
    });

    test('vscode-coder#595: a connection that is cut is said in words, and comes back without a reload', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, log } = sessionFor(deployment);
      await readyState(session);
      await untilQuiet(deployment);
      const streams = deployment.openSockets().total;
      await deployment.misbehave('reset');
      deployment.cutStreams();
      await session.refresh();
      const state = session.state.value;
      assert.ok(state.kind === 'ready');
      assert.match(state.stale?.error.message ?? '', /^The connection to .* was lost\.$/);
      assert.ok(!log.join().includes('undefined'), log.join());
      await deployment.heal();
      await passUntil(timing, 'it is back', () => deployment.openSockets().total === streams);
    });

    test('vscode-coder#468: hiding the rows and leaving close every stream that nobody needs', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const { session, timing, end } = sessionFor(deployment);
      await readyState(session);
      await untilQuiet(deployment);
      session.attend({ isTold: false });
      session.attend({ isVisible: false });
      await timing.advance(11_000);
      await until('no stream is open', () => deployment.openSockets().total === 0);
      session.attend({ isVisible: true });
      await until('streams are open', () => deployment.openSockets().total >= 5);
      end.abort();
      await until('no stream is open', () => deployment.openSockets().total === 0);
    });
  });
}

for (const [age, form] of [
  ['v0', 'watch'],
  ['v2', 'watch'],
  ['v2', 'watch-ws'],
] as const) {
  test(`vscode-coder PR#619: a header that a gateway wants is sent with requests, streams and logs, on ${age} with ${form}`, async () => {
    const deployment = await deploymentFor({ age, seed: true });
    await deployment.misbehave('gate', { header: 'X-Gate' });
    if (form === 'watch-ws') await deployment.misbehave('watch-404');
    const { token, url } = deployment;
    const shut = sessionFor(deployment, { client: new CoderClient({ url, token }) });
    await until('nobody gets through without it', () => shut.session.state.value.kind === 'unreachable');
    shut.end.abort();
    const client = new CoderClient({ url, token, headers: { 'X-Gate': 'open' } });
    const { session, end } = sessionFor(deployment, { client });
    await readyState(session);
    await until('streams are open', () => (deployment.openSockets().byKind[form] ?? 0) >= 5);
    const [build] = deployment.workspace('owner/archive').builds;
    assert.ok(build !== undefined, 'it has a build');
    let entries = 0;
    for await (const event of followBuildLog(client.calls, build.id as BuildId, { signal: soon(), pace: quickPace })) {
      assert.notEqual(event.kind, 'lost');
      if (event.kind === 'entries') entries += event.entries.length;
    }
    assert.ok(entries > 0, 'the log comes, too');
    end.abort();
  });
}

describe('reports about streams, on v2', () => {
  for (const [blocked, form] of [
    ['watch-404', 'watch-ws'],
    ['watch-ws-404', 'watch'],
  ] as const) {
    test(`vscode-coder#620: where only ${form} is known it is used, and remembered`, async () => {
      const deployment = await deploymentFor({ age: 'v2', seed: true });
      await deployment.misbehave(blocked);
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      await until('streams are open', () => (deployment.openSockets().byKind[form] ?? 0) >= 5);
      await untilQuiet(deployment);
      const from = deployment.requests.length;
      for (let round = 0; round < 5; round += 1) {
        deployment.cutStreams();
        await until('the cut is noticed', () => session.activity.openStreams === 0);
        await passUntil(timing, 'streams are back', () => {
          const { openStreams, wantedStreams } = session.activity;
          return openStreams === wantedStreams && (deployment.openSockets().byKind[form] ?? 0) >= 5;
        });
        await untilQuiet(deployment);
      }
      const unknown = deployment.requests.slice(from).filter(({ path, status }) => WATCH.test(path) && status === 404);
      assert.deepEqual(unknown, [], 'a route that is not known is not tried again and again');
    });
  }

  for (const [code, reason] of [
    [1001, 'liveness probe failed'],
    [1000, ''],
  ] as const) {
    test(`a stream that the server closes with ${code} comes back, and what happened meanwhile is known`, async () => {
      const deployment = await deploymentFor({ age: 'v2', seed: true });
      await deployment.misbehave('watch-404');
      const { session, timing } = sessionFor(deployment);
      await readyState(session);
      await until('streams are open', () => (deployment.openSockets().byKind['watch-ws'] ?? 0) >= 5);
      await untilQuiet(deployment);
      const id = idOf(session, 'docs-site');
      const { length } = deployment.requests;
      deployment.cutStreams({ code, reason });
      const site = deployment.workspace('owner/docs-site');
      site.name = 'renamed';
      await passUntil(timing, 'the new name is known', () => statusOf(session, 'renamed') !== undefined, 10);
      assert.equal(idOf(session, 'renamed'), id);
      assert.equal(asked(deployment, LIST, length), 0, 'by the stream, not by the list');
    });
  }
});
