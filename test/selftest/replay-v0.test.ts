import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from '../deployment/index.ts';
import { playV0 } from '../replay/scenario-v0.ts';
import { SPEED } from '../replay/setup.ts';
import { Replayer } from '../replay/replayer.ts';

test('the local deployment answers every recorded request of V0 as the real one did', async () => {
  const deployment = await startDeployment({ age: 'v0', bare: true, speed: SPEED });
  const replayer = new Replayer(deployment);
  await replayer.play(playV0);
  await deployment.close();
  assert.deepEqual(replayer.failures, []);
  assert.deepEqual(replayer.unplayed(), [], 'every recording is replayed');
});
