// `npm run fuzz`: what `npm test` checks with the same random cases each time, with others.
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureNodeModules } from './lib/nodeModules.mjs';
import { projectDir } from './lib/paths.mjs';
import { runTestFiles, testFilesBelow } from './lib/testFiles.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    times: { type: 'string', default: '4' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const times = Number(values.times);
if (values.help || !Number.isInteger(seed) || !Number.isInteger(times) || times < 1) {
  console.log(`npm run fuzz -- [--seed N] [--times N]
  --seed   repeats a run, whose seed is printed; a new one when left out
  --times  so many times as many cases as \`npm test\` tries; 4 when left out`);
  process.exit(values.help ? 0 : 2);
}

await ensureNodeModules();
const again = `npm run fuzz -- --seed ${seed} --times ${times}`;
console.log(`This run again: ${again}`);
const files = [];
for (const file of await testFilesBelow('test')) {
  const code = await readFile(path.join(projectDir, file), 'utf8');
  if (code.includes("from 'fast-check'")) files.push(file);
}
const env = { ...process.env, FUZZ_SEED: String(seed), FUZZ_TIMES: String(times) };
const { passed, failed } = await runTestFiles(files, { label: 'fuzz-varied', env, timeoutMs: 300_000 * times });
console.log(`This run again: ${again}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
