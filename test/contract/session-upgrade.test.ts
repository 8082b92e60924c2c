import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import type { AgeName, Deployment } from '../deployment/index.ts';
import { deploymentFor, soon } from './client-fixture.ts';
import { through } from './proxied-session.ts';
import { idOf, passUntil, readyState, statusOf } from './session-fixture.ts';

/** A deployment of another age that takes the tokens of `before` over, which is stopped. */
const replacing = async (before: Deployment, age: AgeName): Promise<Deployment> => {
  const deployment = await deploymentFor({ age, seed: true });
  const { id: userId } = deployment.users.owner;
  for (const key of before.store.keys.values())
    if (key.userId === before.users.owner.id) deployment.store.keys.set(key.id, { ...key, userId });
  await before.stop();
  return deployment;
};

test('a deployment that is upgraded in place, and taken back, is used as what it is each time', async () => {
  const proxied = await through('v0');
  const { session, timing, log, proxy } = proxied;
  await readyState(session);
  let { deployment } = proxied;
  for (const age of ['v2', 'v0', 'v2'] as const) {
    deployment = await replacing(deployment, age);
    proxy.target = deployment.url;
    const { id } = deployment.workspace('owner/archive');
    // Here the person has another id, which is read with the first list that is five minutes after the last such read.
    await timing.advance(5 * 60_000);
    await passUntil(timing, `it has the rows of ${age}`, () => {
      const state = session.state.value;
      return state.kind === 'ready' && state.stale === undefined && state.workspaces.has(id as never);
    });
    await passUntil(timing, 'it has its streams', () => (deployment.openSockets().byKind.watch ?? 0) >= 5, 150);
    const { calls } = session;
    assert.equal(calls.features.streamsBeginWithSnapshot, age === 'v2');
    session.adopt(await workspaces.createBuild(calls, idOf(session, 'archive'), { transition: 'start' }, soon()));
    await passUntil(timing, 'a build is followed to its end', () => statusOf(session, 'archive') === 'running');
  }
  assert.ok(log.length <= 3, log.join('\n'));
});
