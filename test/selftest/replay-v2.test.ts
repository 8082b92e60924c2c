import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from '../deployment/index.ts';
import { laterRecordings, playLater } from '../replay/scenario-later.ts';
import { playV2 } from '../replay/scenario-v2.ts';
import { SPEED } from '../replay/setup.ts';
import { Replayer } from '../replay/replayer.ts';

test('the local deployment answers every recorded request of V2 as the real one did', async () => {
  const deployment = await startDeployment({ age: 'v2', bare: true, speed: SPEED });
  const replayer = new Replayer(deployment);
  await replayer.play(playV2);
  await deployment.close();
  assert.deepEqual(replayer.failures, []);
  assert.deepEqual(replayer.unplayed(), [...laterRecordings].sort(), 'every recording of this scenario is replayed');
});

test('with renames switched on it answers the later recordings of V2 as the real one did', async () => {
  const deployment = await startDeployment({ age: 'v2', bare: true, speed: SPEED, allowRenames: true });
  const replayer = new Replayer(deployment);
  await replayer.play(playLater);
  await deployment.close();
  assert.deepEqual(replayer.failures, []);
  assert.deepEqual([...replayer.replayed].sort(), [...laterRecordings].sort());
});
