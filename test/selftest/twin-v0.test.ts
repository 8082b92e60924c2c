import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from '../deployment/index.ts';
import { playV0 } from '../twin/scene-v0.ts';
import { SPEED } from '../twin/setup.ts';
import { Twin } from '../twin/twin.ts';

test('the local deployment answers every recorded request of V0 as the real one did', async () => {
  const deployment = await startDeployment({ age: 'v0', bare: true, speed: SPEED });
  const twin = new Twin(deployment);
  await twin.play(playV0);
  await deployment.close();
  assert.deepEqual(twin.failures, []);
  assert.deepEqual(twin.unplayed(), [], 'every recording is replayed');
});
