// `npm run screenshots`: takes the README's pictures anew, and others to look at into test-results/screenshots.
import { ensureNodeModules } from './lib/nodeModules.mjs';

await ensureNodeModules();
const { register } = await import('tsx/esm/api');
register();
const { takeScreenshots } = await import('../test/e2e/screenshots.ts');
await takeScreenshots();
process.exit(0);
