// `npm test`: installs what is missing, then checks everything. Its last line is `N passed, N failed`.
// Before the dependencies are there it may use Node's own modules only, so it imports its steps from scripts/lib.
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from './lib/chromium.mjs';
import { canInstallCodeServer, ensureCodeServer, installExtensions } from './lib/codeServer.mjs';
import { canInstallNode, ensureNode } from './lib/nodeBinary.mjs';
import { ensureNodeModules } from './lib/nodeModules.mjs';
import { projectDir, resultsDir } from './lib/paths.mjs';
import { passThrough } from './lib/run.mjs';
import { runSuite } from './lib/testFiles.mjs';
import { floor } from './lib/versions.mjs';
import { packageExtension } from './lib/vsix.mjs';

/**
 * Each returns how many passed and failed, or undefined when it could not be done here and has said why. `how` says how
 * programs run: see `passThrough`.
 */
const steps = {
  types: (how) => check('node_modules/typescript/bin/tsc', ['--noEmit'], how),
  lint: async (how) =>
    sum([
      await check('node_modules/oxlint/bin/oxlint', [], how),
      await check('node_modules/oxfmt/bin/oxfmt', ['--check'], how),
    ]),
  unit: (how) => onFloorNode('unit', how),
  // They wait more than they compute; the longest takes a minute and a half on a quiet machine.
  contract: (how) => onFloorNode('contract', { ...how, concurrency: 6, first: longestContracts, timeoutMs: 600_000 }),
  selftest: (how) => runSuite('selftest', how),
  // It takes a minute, or as long as the machine has no time for it.
  fuzz: (how) => runSuite('fuzz', { ...how, timeoutMs: 1_200_000 }),
  host: (how) => inHost('newest', how),
  e2e: inWorkbench,
  floorHost: (how) => inHost('floor', how),
};
/** They wait longest: at the end of the others they would go on alone, while the machine is half idle. */
const longestContracts = [
  'session-proxy',
  'soak',
  'client-logs',
  'event-stream',
  'verbs-interrupted',
  'verbs-refused-start',
  'verbs-restart',
  'verbs-renamed',
  'verbs-create-summary',
];
/** One phase after the other; in each, rows of steps that go on side by side. */
const phases = [[['contract'], ['unit', 'selftest', 'host', 'floorHost']], [['e2e']]];
/** What only computes goes on beside all of them with the lowest priority, in time that they leave idle. */
const background = ['types', 'lint', 'fuzz'];
const stepsByRequest = ['floorHost'];

const usage = `npm test -- [--only STEP[,STEP…]] [--desktop]
  --only     some steps: types, lint, unit and contract (on the Node of the oldest VS Code that the extension supports),
             selftest (the tests' own deployment and tools), fuzz, host, e2e; and what is left out otherwise: floorHost
             (the host suite in that VS Code)
  --desktop  the host suite in a downloaded VS Code Desktop`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    desktop: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const chosen = values.only?.split(',') ?? Object.keys(steps).filter((name) => !stepsByRequest.includes(name));
const unknown = chosen.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}.\n${usage}`);
  process.exit(2);
}

await ensureNodeModules();
await mkdir(resultsDir, { recursive: true });
// The longest of all installations goes on while the quick steps run.
const vscode = installVscode();
vscode.catch(() => undefined);
const installedPackage = installPackage();
installedPackage.catch(() => undefined);

const ofChosen = (names) => names.filter((name) => chosen.includes(name));
const results = new Map();
const isAlone = chosen.every((name) => background.includes(name));
// One row writes to this terminal at once.
const besides = isAlone ? inTurn(chosen) : toFiles(ofChosen(background), { isBackground: true });
for (const phase of phases) {
  const [first, ...others] = phase.map(ofChosen).filter((names) => names.length > 0);
  if (first !== undefined) await Promise.all([inTurn(first), ...others.map((names) => toFiles(names))]);
}
await besides;

console.log('\n── all ──');
for (const name of chosen) {
  const { counts, seconds } = results.get(name);
  const outcome = counts ? `${counts.passed} passed, ${counts.failed} failed` : 'left out, see above';
  console.log(`${name.padEnd(10)} ${outcome} (${seconds} s)`);
}
const all = sum([...results.values()].map(({ counts }) => counts));
console.log(`${all.passed} passed, ${all.failed} failed`);
process.exit(all.failed === 0 ? 0 : 1);

async function inTurn(names) {
  for (const name of names) {
    console.log(`\n── ${name} ──`);
    await run(name, {});
  }
}

/** Each writes to a file, which is shown when the step has ended. */
async function toFiles(names, how = {}) {
  for (const name of names) {
    const log = path.join(resultsDir, `${name}.log`);
    const file = await open(log, 'w');
    await run(name, { ...how, output: file.fd });
    await file.close();
    console.log(`\n── ${name} ──\n${await readFile(log, 'utf8')}`);
  }
}

async function run(name, how) {
  const startedAt = performance.now();
  const counts = await steps[name](how).catch((error) => {
    console.error(`${name}: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1 };
  });
  results.set(name, { counts, seconds: Math.round((performance.now() - startedAt) / 1000) });
}

function sum(counts) {
  return counts.reduce(
    (total, one) => ({ passed: total.passed + (one?.passed ?? 0), failed: total.failed + (one?.failed ?? 0) }),
    { passed: 0, failed: 0 },
  );
}

async function check(script, args, how) {
  const file = path.join(projectDir, script);
  const code = await passThrough(process.execPath, [file, ...args], { cwd: projectDir, ...how });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Where that Node cannot be installed, on this one. */
async function onFloorNode(suite, how) {
  if (!canInstallNode) return runSuite(suite, how);
  const { bin } = await ensureNode(floor.nodeVersion);
  return runSuite(suite, { ...how, node: path.join(bin, 'node') });
}

/** One after the other: they may need apt, which lets only one in. */
async function installVscode() {
  const inNewest = chosen.includes('e2e') || (chosen.includes('host') && !values.desktop);
  const inFloor = chosen.includes('floorHost');
  if (!canInstallCodeServer || !(inNewest || inFloor)) return;
  if (inNewest) await ensureCodeServer('newest');
  if (inFloor) await ensureCodeServer('floor');
  await ensureChromium();
}

async function inHost(release, how) {
  if (release === 'floor' && !canInstallCodeServer) return leftOutVscode();
  const desktop = release === 'newest' && (values.desktop || !canInstallCodeServer);
  if (!desktop) await vscode;
  // It builds into the same folder.
  await installedPackage.catch(() => undefined);
  const summary = path.join(resultsDir, `host-${release}.json`);
  await rm(summary, { force: true });
  const where = desktop ? ['--desktop'] : release === 'floor' ? ['--floor'] : [];
  const args = ['--import', 'tsx', 'test/host/run.ts', '--summary', summary, ...where];
  const code = await passThrough(process.execPath, args, { cwd: projectDir, ...how });
  const counts = await readFile(summary, 'utf8').then(JSON.parse, () => undefined);
  return counts ?? { passed: 0, failed: code === 0 ? 0 : 1 };
}

/** The package, and a user data folder that has it: once for all windows, while the first steps go on. */
async function installPackage() {
  await vscode;
  if (!canInstallCodeServer || !chosen.includes('e2e')) return undefined;
  const vsix = await packageExtension();
  const installed = path.join(resultsDir, 'installed');
  await rm(installed, { recursive: true, force: true });
  await installExtensions([vsix], installed);
  return { CODER_TEST_VSIX: vsix, CODER_TEST_EXTENSIONS: installed };
}

async function inWorkbench(how) {
  if (!canInstallCodeServer) return leftOutVscode();
  const env = { ...process.env, ...(await installedPackage) };
  // All at once: the one with the side bar closed only waits, and the others take the same time.
  return runSuite('e2e', { ...how, env, concurrency: 5, timeoutMs: 600_000 });
}

function leftOutVscode() {
  console.log('Left out: the VS Code that these tests drive (code-server) is installed from npm on Linux x64 only.');
  return undefined;
}
