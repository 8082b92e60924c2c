// What VS Code itself says the extension took at start, read off its page *Startup Performance* in a real VS Code, and how
// long what is loaded later takes when it is first used. The numbers are time on the clock: they hold whatever else the
// machine and the other extensions did then, so the quickest of several starts is the nearest to what is the extension's
// own. VS Code starts the clocks of all extensions that start with the window at once and loads one after the other: its
// figure for an extension that does nothing, and comes right before (`witness/`), is the part of the others.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectDir, resultsDir } from '../../scripts/lib/paths.mjs';
import { packageExtension } from '../../scripts/lib/vsix.mjs';
import { startDeployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import { extensionVsix } from '../workbench/vsix.ts';
import { openWorkbench, type Workbench } from '../workbench/workbench.ts';
import { ms, report } from './measure.ts';

const STARTS = 5;

interface Cost {
  readonly loadMs: number;
  readonly activateMs: number;
}

/** What the witness writes. */
interface FirstUses {
  readonly firstCommandMs: number;
  /** By the name of the file. */
  readonly loadMs: Readonly<Record<string, number>>;
}

/** What is loaded later, by what first uses it. */
const LATER: readonly (readonly [file: string, use: string])[] = [
  ['client', 'loading the client, once somebody is signed in'],
  ['session', 'loading the session, once somebody is signed in'],
  ['openViews', 'loading the views, once somebody is signed in'],
  ['run', 'loading the commands, with the first one'],
  ['eventStream', 'loading the event streams, with the first one'],
  ['socket', 'loading the sockets, with the first log or form'],
];

const readCost = ({ page }: Workbench, name: string): Promise<Cost> =>
  eventually(`the row of ${name} in Startup Performance`, async () => {
    const text = await page.locator('.editor-instance .view-lines').first().innerText();
    // | extension | eager | Load Code | Call Activate | Finish Activate | …
    const row = new RegExp(String.raw`\| coder-workspaces\.${name}\s*\| \w+\s*\| (\d+)\s*\| (\d+)\s*\| (\d+)\s*\|`);
    const [, load, call, finish] = (row.exec(text.replaceAll('\u00a0', ' ')) ?? []).map(Number);
    if (load === undefined || call === undefined || finish === undefined) return undefined;
    return { loadMs: load, activateMs: call + finish };
  });

const readFirstUses = (file: string): Promise<FirstUses> =>
  eventually('what the witness writes', async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text === '' ? undefined : (JSON.parse(text) as FirstUses);
  });

const listed = (values: readonly number[]): string => `${values.join(', ')} ms`;
const quickest = (values: readonly number[]): string => ms(Math.min(...values));

const deployment = await startDeployment({ age: 'v2', seed: true });
const folder = await mkdtemp(path.join(tmpdir(), 'coder-workspaces-bench-'));
const witnessFile = path.join(folder, 'first-uses.json');
const witness = await packageExtension({
  folder: path.join(projectDir, 'test', 'bench', 'witness'),
  file: path.join(resultsDir, 'bench-witness.vsix'),
});
const workbench = await openWorkbench({
  vsix: await extensionVsix(),
  otherVsixes: [witness],
  env: { CODER_URL: deployment.url, CODER_SESSION_TOKEN: deployment.token, WITNESS_FILE: witnessFile },
  // The page is one long text, of which only what fits is drawn.
  viewport: { width: 1400, height: 3000 },
});
try {
  const own: Cost[] = [];
  const others: Cost[] = [];
  const uses: FirstUses[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    if (start > 0) await workbench.reload();
    uses.push(await readFirstUses(witnessFile));
    await rm(witnessFile);
    await workbench.command('Developer: Startup Performance');
    own.push(await readCost(workbench, 'coder-workspaces'));
    others.push(await readCost(workbench, 'bench-witness'));
  }
  const sums = own.map(({ loadMs, activateMs }) => loadMs + activateMs);
  report("loading the code, by VS Code's figure", listed(own.map(({ loadMs }) => loadMs)));
  report('of that, loading what comes before', listed(others.map(({ loadMs }) => loadMs)));
  report('activating', listed(own.map(({ activateMs }) => activateMs)));
  report('the quickest start', `${Math.min(...sums)} ms`, '35 ms');
  report('without what comes before', `${Math.min(...sums.map((sum, i) => sum - (others[i]?.loadMs ?? 0)))} ms`);
  report('the first command (Refresh, with its request)', quickest(uses.map((each) => each.firstCommandMs)), '100 ms');
  for (const [file, use] of LATER) report(use, quickest(uses.map(({ loadMs }) => loadMs[file] ?? NaN)), '100 ms');
} finally {
  await workbench.close();
  await deployment.close();
  await rm(folder, { recursive: true });
}
