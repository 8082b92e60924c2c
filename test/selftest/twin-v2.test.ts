import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from '../deployment/index.ts';
import { laterRecordings, playLater } from '../twin/scene-later.ts';
import { playV2 } from '../twin/scene-v2.ts';
import { SPEED } from '../twin/setup.ts';
import { Twin } from '../twin/twin.ts';

test('the local deployment answers every recorded request of V2 as the real one did', async () => {
  const deployment = await startDeployment({ age: 'v2', bare: true, speed: SPEED });
  const twin = new Twin(deployment);
  await twin.play(playV2);
  await deployment.close();
  assert.deepEqual(twin.failures, []);
  assert.deepEqual(twin.unplayed(), [...laterRecordings].sort(), 'every recording of this scene is replayed');
});

test('with renames switched on it answers the later recordings of V2 as the real one did', async () => {
  const deployment = await startDeployment({ age: 'v2', bare: true, speed: SPEED, allowRenames: true });
  const twin = new Twin(deployment);
  await twin.play(playLater);
  await deployment.close();
  assert.deepEqual(twin.failures, []);
  assert.deepEqual([...twin.replayed].sort(), [...laterRecordings].sort());
});
