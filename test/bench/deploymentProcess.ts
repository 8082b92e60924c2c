// What `farDeployment.ts` starts: serves one deployment behind a relay until whoever asked for it is gone.
import { startDeployment } from '../deployment/index.ts';
import type { FarOptions } from './farDeployment.ts';
import { startRelay } from './relay.ts';

const { age, workspaces, running, areOthers, distanceMs } = JSON.parse(process.argv[2] ?? '{}') as FarOptions;
const deployment = await startDeployment({ age, workspaces, running, ratePerMinute: Infinity, speed: 20 });
if (areOthers === true) {
  const response = await fetch(`${deployment.url}/api/v2/workspaces`, {
    headers: { 'coder-session-token': deployment.token },
  });
  const { workspaces: rows } = (await response.json()) as { workspaces: readonly { readonly name: string }[] };
  for (const { name } of rows) deployment.workspace(`owner/${name}`).ownerId = deployment.users.dana.id;
}
const relay = await startRelay(Number(new URL(deployment.url).port), distanceMs);
process.on('message', (what) => {
  if (what === 'reset') relay.reset();
  process.send?.(relay.traffic());
});
process.on('disconnect', () => process.exit());
process.send?.({ url: `http://127.0.0.1:${relay.port}`, token: deployment.token });
