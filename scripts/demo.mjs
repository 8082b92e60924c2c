// `npm run demo`: VS Code with the extension, signed in to a local deployment or to the one that CODER_URL names.
import { parseArgs } from 'node:util';
import { ensureNodeModules } from './lib/nodeModules.mjs';

const { values } = parseArgs({
  options: {
    age: { type: 'string', default: 'v2' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help || !['v0', 'v2'].includes(values.age)) {
  console.log(`npm run demo -- [--age v0|v2] [--check]
Opens VS Code with the extension, with a profile of its own, signed in to a local Coder deployment of that age.
With CODER_URL (and CODER_SESSION_TOKEN) in the environment: to that deployment instead. Ctrl+C ends everything.
  --check  without a person: waits until the workspaces are in sight, saves a screenshot, and ends`);
  process.exit(values.help ? 0 : 2);
}

// Ctrl+C is how a demo ends, so it is no failure; of a check it is one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(values.check ? 130 : 0));

try {
  await ensureNodeModules();
  const { register } = await import('tsx/esm/api');
  register();
  const { runDemo } = await import('../test/demo/demo.ts');
  await runDemo({ age: values.age, check: values.check });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
process.exit(0);
