// What `farDeployment.ts` starts: serves one deployment behind a relay until whoever asked for it is gone.
import { startDeployment } from '../deployment/index.ts';
import type { FarOptions } from './farDeployment.ts';
import { startRelay } from './relay.ts';

const { age, workspaces, running, distanceMs } = JSON.parse(process.argv[2] ?? '{}') as FarOptions;
const deployment = await startDeployment({ age, workspaces, running, ratePerMinute: Infinity, speed: 20 });
const relay = await startRelay(Number(new URL(deployment.url).port), distanceMs);
process.on('message', (what) => {
  if (what === 'reset') relay.reset();
  process.send?.(relay.traffic());
});
process.on('disconnect', () => process.exit());
process.send?.({ url: `http://127.0.0.1:${relay.port}`, token: deployment.token });
