// Whatever is going on: at most 30 streams and 6 other connections, as the server and a relay before it count them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { followAgentLog, watchAgentMetadata } from '../../src/api/agentStreams.ts';
import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import type { BuildId, WorkspaceId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { startRelay } from '../bench/relay.ts';
import { latestBuild } from '../deployment/store.ts';
import { ages, clientOf, deploymentFor, soon } from './client-fixture.ts';
import { readyState, sessionFor, until, untilQuiet } from './session-fixture.ts';

const drain = async (events: AsyncIterable<unknown>): Promise<void> => {
  for await (const event of events) if (event === undefined) return;
};

for (const age of ages) {
  test(`logs and values of agents take the place of other streams, and many transitions open no more connections, on ${age}`, async () => {
    const deployment = await deploymentFor({ age, workspaces: 120, running: 60, ratePerMinute: Infinity });
    const relay = await startRelay(Number(new URL(deployment.url).port), 2);
    const client = new CoderClient({ url: `http://127.0.0.1:${relay.port}`, token: deployment.token });
    const { session, timing } = sessionFor(deployment, { client });
    const { workspaces: known } = await readyState(session);
    await until('all streams are open', () => session.activity.openStreams === 30);
    await untilQuiet(deployment);

    deployment.hold('builds');
    const stopped = [...known.values()].filter(({ latest_build }) => latest_build.status === 'stopped').slice(0, 40);
    for (const { id } of stopped)
      await workspaces.createBuild(clientOf(deployment).calls, id, { transition: 'start' }, soon());
    const end = new AbortController();
    const following = [drain(followBuildLog(client.calls, buildOf(stopped[0]?.id), { signal: end.signal }))];
    const running = [...known.values()].find(({ latest_build }) => latest_build.status === 'running');
    const agent = running?.latest_build.resources.flatMap(({ agents }) => agents)[0]?.id;
    assert.ok(agent !== undefined, 'an agent runs');
    if (age === 'v2') {
      following.push(drain(followAgentLog(client.calls, agent, {}, end.signal)));
      following.push(drain(watchAgentMetadata(client.calls, agent, end.signal)));
    }
    const others = age === 'v2' ? 3 : 1;
    await until('fewer workspaces are watched', () => session.activity.wantedStreams === 30 - others);
    for (let second = 0; second < 20; second += 1) {
      await timing.advance(1_000);
      await untilQuiet(deployment);
      // The goodbye of one may pass the hello of another on its way.
      const { total, byKind } = deployment.openSockets();
      assert.ok(total <= 30, JSON.stringify(byKind));
    }
    assert.equal(deployment.openSockets().total, 30, 'all that may be open are');
    const { mostOthers } = relay.traffic();
    assert.ok(mostOthers <= 6, `${mostOthers} other connections`);
    end.abort();
    await Promise.allSettled(following);
    await until('all streams are open again', () => session.activity.wantedStreams === 30);

    function buildOf(id: WorkspaceId | undefined): BuildId {
      const workspace = [...known.values()].find((each) => each.id === id);
      return latestBuild(deployment.workspace(`owner/${workspace?.name}`)).id as BuildId;
    }
    after(() => relay.close());
  });
}
