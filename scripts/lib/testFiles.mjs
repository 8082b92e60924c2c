// Runs node:test over the files of one folder and counts. Files are named, since Node 20 knows no patterns.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { projectDir, resultsDir } from './paths.mjs';
import { passThrough } from './run.mjs';

/**
 * @typedef {{passed: number, failed: number}} Counts
 * @param {string} suite a folder below test/
 * @param {{node?: string, env?: NodeJS.ProcessEnv, concurrency?: number, timeoutMs?: number, label?: string}} [options]
 * @returns {Promise<Counts>} a run that found no test counts as one failure
 */
export async function runTestFiles(suite, options = {}) {
  const { node = process.execPath, env = process.env, concurrency = 2, timeoutMs = 300_000, label = suite } = options;
  const files = await testFilesOf(suite);
  if (files.length === 0) {
    console.log(`There is no test in test/${suite}.`);
    return { passed: 0, failed: 1 };
  }
  await mkdir(resultsDir, { recursive: true });
  const tap = path.join(resultsDir, `${label}.tap`);
  await rm(tap, { force: true });
  const reporters = ['spec', 'stdout', 'tap', tap].map((value, index) =>
    index % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`,
  );
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${timeoutMs}`];
  const code = await passThrough(node, ['--import', 'tsx', '--test', ...reporters, ...limits, ...files], {
    cwd: projectDir,
    env,
  });
  return countsOf(await readFile(tap, 'utf8').catch(() => ''), code);
}

async function testFilesOf(suite) {
  const folder = path.join(projectDir, 'test', suite);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => path.join('test', suite, name));
}

/** The runner's own totals; a run that ended badly without saying why is a failure. */
function countsOf(tap, exitCode) {
  const total = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const passed = total('pass');
  const failed = total('fail') + total('cancelled');
  const endedBadly = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: endedBadly ? 1 : failed };
}
