// `npm run bench`: prints speed and size of what test/bench measures. Nothing here fails because it is slow.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureNodeModules } from './lib/nodeModules.mjs';
import { projectDir } from './lib/paths.mjs';
import { passThrough } from './lib/run.mjs';

await ensureNodeModules();
const folder = path.join(projectDir, 'test', 'bench');
const wanted = process.argv.slice(2);
const files = (await readdir(folder))
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => wanted.length === 0 || wanted.some((text) => name.includes(text)))
  .sort();
if (files.length === 0) {
  console.error(`There is no ${wanted.join(' or ') || 'benchmark'} in test/bench.`);
  process.exit(1);
}
let worst = 0;
for (const file of files) {
  console.log(`\n── ${file.replace('.bench.ts', '')} ──`);
  const args = ['--expose-gc', '--import', 'tsx', path.join(folder, file)];
  worst = Math.max(worst, await passThrough(process.execPath, args, { cwd: projectDir }));
}
process.exit(worst);
