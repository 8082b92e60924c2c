import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from '../deployment/index.ts';
import { leftOut, playV236 } from '../twin/scene-v236.ts';
import { SPEED } from '../twin/setup.ts';
import { Twin } from '../twin/twin.ts';

test('as release 2.36 the local deployment answers what differs from V2 as the real one did', async () => {
  const deployment = await startDeployment({
    age: 'v2',
    release: '2.36',
    bare: true,
    speed: SPEED,
    ratePerMinute: Infinity,
  });
  const twin = new Twin(deployment, 'v2.36');
  await twin.play(playV236);
  await deployment.close();
  assert.deepEqual(twin.failures, []);
  assert.deepEqual(twin.unplayed(), [...leftOut.keys()].sort());
});
