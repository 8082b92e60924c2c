// `npm run conformance -- --url URL`: what this extension relies on, asked of any deployment. See test/conformance.
// Before the dependencies are there it may use Node's own modules only, so it imports the rest afterwards.
import { ensureNodeModules } from './lib/nodeModules.mjs';

await ensureNodeModules();
const { register } = await import('tsx/esm/api');
register();
await import('../test/conformance/main.ts');
