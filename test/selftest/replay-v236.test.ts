import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from '../deployment/index.ts';
import { notReplayed, playV236 } from '../replay/scenario-v236.ts';
import { SPEED } from '../replay/setup.ts';
import { Replayer } from '../replay/replayer.ts';

test('as release 2.36 the local deployment answers what differs from V2 as the real one did', async () => {
  const deployment = await startDeployment({
    age: 'v2',
    release: '2.36',
    bare: true,
    speed: SPEED,
    ratePerMinute: Infinity,
  });
  const replayer = new Replayer(deployment, 'v2.36');
  await replayer.play(playV236);
  await deployment.close();
  assert.deepEqual(replayer.failures, []);
  assert.deepEqual(replayer.unplayed(), [...notReplayed.keys()].sort());
});
