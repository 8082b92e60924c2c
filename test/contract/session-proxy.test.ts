import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import type { SessionOptions } from '../../src/model/session.ts';
import type { AgeName, Deployment, DeploymentOptions } from '../deployment/index.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '../faultProxy.ts';
import { ages, clientOf, deploymentFor, soon } from './client-fixture.ts';
import {
  asked,
  idOf,
  passUntil,
  readyState,
  sessionFor,
  statusOf,
  until,
  WATCH,
  type Stage,
} from './session-fixture.ts';

interface Scene extends Stage {
  readonly deployment: Deployment;
  readonly proxy: FaultProxy;
}

/** A session that reaches its deployment through a proxy, with short waits, so that a test sees what takes a minute. */
const through = async (
  age: AgeName,
  fault?: Fault,
  options: Partial<SessionOptions> = {},
  world: Partial<DeploymentOptions> = {},
): Promise<Scene> => {
  const deployment = await deploymentFor({ age, seed: true, ...world });
  const proxy = await startFaultProxy(deployment.url);
  await proxy.begin(fault);
  after(() => proxy.close());
  const client = new CoderClient({
    url: proxy.url,
    token: deployment.token,
    timeouts: {
      headersMs: 300 as Milliseconds,
      listHeadersMs: 600 as Milliseconds,
      probeHeadersMs: 300 as Milliseconds,
      firstBytesMs: 300 as Milliseconds,
      idleMs: 1_500 as Milliseconds,
    },
  });
  return { ...sessionFor(deployment, { client, ...options }), deployment, proxy };
};

const outageOf = ({ session }: Stage) => {
  const state = session.state.value;
  if (state.kind === 'unreachable') return state;
  return state.kind === 'ready' ? state.stale : undefined;
};

for (const age of ages) {
  describe(`a proxy that holds event streams back, on ${age}`, () => {
    test('is noticed; sockets are used where there are any, else it is read regularly', async () => {
      const { session, timing, deployment, log } = await through(age, 'held-back');
      await readyState(session);
      if (age === 'v2') await until('sockets are open', () => (deployment.openSockets().byKind['watch-ws'] ?? 0) >= 5);
      else await until('that is known', () => log.some((line) => line.includes('held back')));
      await deployment.whenQuiet();
      const tries = asked(deployment, WATCH);
      await workspaces.createBuild(
        clientOf(deployment).calls,
        idOf(session, 'archive'),
        { transition: 'start' },
        soon(),
      );
      await passUntil(timing, 'the start is seen', () => statusOf(session, 'archive') !== 'stopped', 5);
      await passUntil(timing, 'it runs', () => statusOf(session, 'archive') === 'running', 12);
      assert.equal(asked(deployment, WATCH), tries, 'no stream is tried again meanwhile');
      assert.ok(log.filter((line) => line.startsWith('watch:')).length <= 1, log.join('\n'));
      assert.equal(outageOf({ session, timing } as Stage), undefined);
    });
  });
}

test('where neither form of the stream gets through they are tried again a quarter of an hour later', async () => {
  const { session, timing, deployment, log, proxy } = await through('v0', 'held-back');
  await readyState(session);
  await until('that is known', () => log.some((line) => line.includes('held back')));
  await proxy.begin(undefined);
  await deployment.whenQuiet();
  const tries = asked(deployment, WATCH);
  await timing.advance(10 * 60_000);
  await deployment.whenQuiet();
  assert.equal(asked(deployment, WATCH), tries);
  await passUntil(timing, 'streams are open', () => deployment.openSockets().total >= 5, 6 * 60);
});
