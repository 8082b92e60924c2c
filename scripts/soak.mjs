// `npm run soak`: what `npm test` does once or a few times, for a day of simulated time, in another order each time.
import { randomInt } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureNodeModules } from './lib/nodeModules.mjs';
import { runTestFiles } from './lib/testFiles.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    hours: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '200' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const [hours, rounds] = [values.hours, values.rounds].map(Number);
if (values.help || !Number.isInteger(seed) || !(hours > 0) || !(rounds > 0)) {
  console.log(`npm run soak -- [--seed N] [--hours N] [--rounds N]
  --seed    repeats a run, whose seed is printed; a new one when left out
  --hours   simulated hours of faults (24)
  --rounds  of signing in and out, of start and stop, of showing and hiding (200)`);
  process.exit(values.help ? 0 : 2);
}

await ensureNodeModules();
const again = `npm run soak -- --seed ${seed} --hours ${hours} --rounds ${rounds}`;
console.log(`This run again: ${again}`);
const env = { ...process.env, SOAK_SEED: String(seed), SOAK_HOURS: String(hours), SOAK_ROUNDS: String(rounds) };
const files = ['soak', 'rounds'].map((name) => path.join('test', 'contract', `${name}.test.ts`));
const { passed, failed } = await runTestFiles(files, { label: 'soak', env, timeoutMs: 3_600_000 });
console.log(`This run again: ${again}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
