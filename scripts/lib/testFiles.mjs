// Runs node:test over files and counts. Files are named, since Node 20 knows no patterns.
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { compileTests } from './compileTests.mjs';
import { projectDir, resultsDir } from './paths.mjs';
import { passThrough } from './run.mjs';

/**
 * @typedef {{passed: number, failed: number}} Counts
 * @typedef {{node?: string, env?: NodeJS.ProcessEnv, concurrency?: number, timeoutMs?: number, label?: string,
 *   first?: readonly string[], output?: number, isBackground?: boolean}} Options `first` names test files that begin before the
 *   others; `output` and `isBackground` are those of `passThrough`
 */

/**
 * @param {string} suite a folder below test/
 * @param {Options} [options]
 * @returns {Promise<Counts>} a run that found no test counts as one failure
 */
export async function runSuite(suite, options = {}) {
  const files = await testFilesBelow(path.join('test', suite));
  if (files.length === 0) {
    console.log(`There is no test in test/${suite}.`);
    return { passed: 0, failed: 1 };
  }
  const { first = [], ...others } = options;
  return runTestFiles(beginningWith(first, files), { label: suite, ...others });
}

/** `files` in the same order, but for those that `names` names: they come first. */
function beginningWith(names, files) {
  const first = names.map((name) => {
    const file = files.find((each) => path.basename(each) === `${name}.test.ts`);
    if (file === undefined) throw new Error(`There is no test file ${name}.`);
    return file;
  });
  return [...first, ...files.filter((file) => !first.includes(file))];
}

/**
 * @param {readonly string[]} files relative to the project
 * @param {Options & {label: string}} options
 * @returns {Promise<Counts>}
 */
export async function runTestFiles(files, options) {
  const { node = process.execPath, env = process.env, concurrency = 4, timeoutMs = 300_000, label } = options;
  const { output, isBackground } = options;
  await mkdir(resultsDir, { recursive: true });
  const tap = path.join(resultsDir, `${label}.tap`);
  await rm(tap, { force: true });
  const reporters = ['spec', 'stdout', 'tap', tap].map((value, index) =>
    index % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`,
  );
  const limits = [`--test-concurrency=${concurrency}`, `--test-timeout=${timeoutMs}`];
  const compiled = await compileTests(files, label);
  const args = [
    '--require',
    path.join(projectDir, 'scripts/lib/sourcePlaces.cjs'),
    '--test',
    ...reporters,
    ...limits,
    ...compiled,
  ];
  const code = await passThrough(node, args, { cwd: projectDir, env, output, isBackground });
  return countsOf(await readFile(tap, 'utf8').catch(() => ''), code);
}

/**
 * @param {string} folder relative to the project
 * @returns {Promise<string[]>} in the order of their names
 */
export async function testFilesBelow(folder) {
  const names = await readdir(path.join(projectDir, folder), { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** The runner's own totals; a run that ended badly without saying why is a failure. */
function countsOf(tap, exitCode) {
  const total = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(tap)?.[1] ?? 0);
  const passed = total('pass');
  const failed = total('fail') + total('cancelled');
  const endedBadly = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: endedBadly ? 1 : failed };
}
