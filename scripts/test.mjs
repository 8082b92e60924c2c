// `npm test`: installs what is missing, then checks everything. Its last line is `N passed, N failed`.
// Before the dependencies are there it may use Node's own modules only, so it imports its steps from scripts/lib.
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureChromium } from './lib/chromium.mjs';
import { canInstallCodeServer, ensureCodeServer } from './lib/codeServer.mjs';
import { canInstallNode, ensureNode } from './lib/nodeBinary.mjs';
import { ensureNodeModules } from './lib/nodeModules.mjs';
import { projectDir, resultsDir } from './lib/paths.mjs';
import { passThrough } from './lib/run.mjs';
import { runSuite } from './lib/testFiles.mjs';
import { floor } from './lib/versions.mjs';
import { packageExtension } from './lib/vsix.mjs';

/** Each returns how many passed and failed, or undefined when it could not be done here and has said why. */
const steps = {
  types: () => check('node_modules/typescript/bin/tsc', ['--noEmit']),
  lint: async () =>
    sum([
      await check('node_modules/eslint/bin/eslint.js', ['.']),
      await check('node_modules/prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']),
    ]),
  unit: () => runSuite('unit'),
  contract: () => runSuite('contract'),
  fuzz: () => runSuite('fuzz'),
  floor: onFloorNode,
  host: () => inHost('newest'),
  e2e: inWorkbench,
  floorHost: () => inHost('floor'),
};
const stepsByRequest = ['floorHost'];

const usage = `npm test -- [--only STEP[,STEP…]] [--desktop]
  --only     some steps: types, lint, unit, contract, fuzz, floor (unit and contract on Node 22), host, e2e; and what is
             left out otherwise: floorHost (the host suite in the oldest VS Code that the extension supports)
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

const results = [];
for (const name of chosen) {
  console.log(`\n── ${name} ──`);
  const startedAt = performance.now();
  const counts = await steps[name]().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  results.push({ name, counts, seconds: Math.round((performance.now() - startedAt) / 1000) });
}

console.log('\n── all ──');
for (const { name, counts, seconds } of results) {
  const outcome = counts ? `${counts.passed} passed, ${counts.failed} failed` : 'left out, see above';
  console.log(`${name.padEnd(10)} ${outcome} (${seconds} s)`);
}
const all = sum(results.map(({ counts }) => counts));
console.log(`${all.passed} passed, ${all.failed} failed`);
process.exit(all.failed === 0 ? 0 : 1);

function sum(counts) {
  return counts.reduce(
    (total, one) => ({ passed: total.passed + (one?.passed ?? 0), failed: total.failed + (one?.failed ?? 0) }),
    { passed: 0, failed: 0 },
  );
}

async function check(script, args) {
  const code = await passThrough(process.execPath, [path.join(projectDir, script), ...args], { cwd: projectDir });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function onFloorNode() {
  if (!canInstallNode) {
    console.log(`Left out: Node ${floor.nodeVersion} is installed from npm on Linux x64 only.`);
    return undefined;
  }
  const { bin } = await ensureNode(floor.nodeVersion);
  const node = path.join(bin, 'node');
  return sum([
    await runSuite('unit', { node, label: 'unit-floor' }),
    await runSuite('contract', { node, label: 'contract-floor' }),
  ]);
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

async function inHost(release) {
  if (release === 'floor' && !canInstallCodeServer) return leftOutVscode();
  const desktop = release === 'newest' && (values.desktop || !canInstallCodeServer);
  if (!desktop) await vscode;
  const summary = path.join(resultsDir, `host-${release}.json`);
  await rm(summary, { force: true });
  const where = desktop ? ['--desktop'] : release === 'floor' ? ['--floor'] : [];
  const args = ['--import', 'tsx', 'test/host/run.ts', '--summary', summary, ...where];
  const code = await passThrough(process.execPath, args, { cwd: projectDir });
  const counts = await readFile(summary, 'utf8').then(JSON.parse, () => undefined);
  return counts ?? { passed: 0, failed: code === 0 ? 0 : 1 };
}

async function inWorkbench() {
  if (!canInstallCodeServer) return leftOutVscode();
  const vsix = await packageExtension();
  console.log(`Packaged ${path.relative(projectDir, vsix)}`);
  await vscode;
  const env = { ...process.env, CODER_TEST_VSIX: vsix };
  return runSuite('e2e', { env, concurrency: 1, timeoutMs: 600_000 });
}

function leftOutVscode() {
  console.log('Left out: the VS Code that these tests drive (code-server) is installed from npm on Linux x64 only.');
  return undefined;
}
