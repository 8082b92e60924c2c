// `npm run deployment -- --age v0`: the local deployment by itself, seeded, until Ctrl+C.
import { parseArgs } from 'node:util';
import { ensureNodeModules } from './lib/nodeModules.mjs';

const { values } = parseArgs({
  options: {
    age: { type: 'string', default: 'v2' },
    port: { type: 'string', default: '0' },
    workspaces: { type: 'string', default: '0' },
    speed: { type: 'string', default: '1' },
    'allow-renames': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const usage =
  'npm run deployment -- [--age v0|v2] [--port N] [--workspaces N] [--speed N] [--allow-renames]\n' +
  'Serves a Coder deployment in memory on loopback, with workspaces in every status, until Ctrl+C.';
const numbers = [values.port, values.workspaces, values.speed].map(Number);
if (values.help || !['v0', 'v2'].includes(values.age) || numbers.some((n) => !Number.isFinite(n) || n < 0)) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

await ensureNodeModules();
const { register } = await import('tsx/esm/api');
register();
const { startDeployment } = await import('../test/deployment/index.ts');
const [port, workspaces, speed] = numbers;
const deployment = await startDeployment({
  age: values.age,
  seed: true,
  port,
  workspaces,
  speed: speed || 1,
  allowRenames: values['allow-renames'],
  danaActsEveryMs: 45_000,
});
console.log(`Coder ${values.age} in memory: ${deployment.url}`);
console.log(`Token of ${deployment.users.owner.username}: ${deployment.token}`);
console.log(`Token of ${deployment.users.dana.username}: ${deployment.users.dana.token}`);
console.log('Ctrl+C ends it.');

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    void deployment.close().then(() => process.exit(0));
  });
