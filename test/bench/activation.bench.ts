// What VS Code itself says the extension took at start, read off its page *Startup Performance* in a real VS Code. The
// numbers are time on the clock: they hold whatever else the machine and the other extensions did then, so the quickest
// of several starts is the nearest to what is the extension's own.
import { startDeployment } from '../deployment/index.ts';
import { eventually } from '../workbench/eventually.ts';
import { extensionVsix } from '../workbench/vsix.ts';
import { openWorkbench, type Workbench } from '../workbench/workbench.ts';
import { report } from './measure.ts';

const STARTS = 5;

interface Cost {
  readonly loadMs: number;
  readonly activateMs: number;
}

// | extension | eager | Load Code | Call Activate | Finish Activate | …
const ROW = /\| coder-workspaces\.coder-workspaces\s*\| \w+\s*\| (\d+)\s*\| (\d+)\s*\| (\d+)\s*\|/;

const readCost = ({ page }: Workbench): Promise<Cost> =>
  eventually('the row of the extension in Startup Performance', async () => {
    const text = await page.locator('.editor-instance .view-lines').first().innerText();
    const [, load, call, finish] = (ROW.exec(text.replaceAll('\u00a0', ' ')) ?? []).map(Number);
    if (load === undefined || call === undefined || finish === undefined) return undefined;
    return { loadMs: load, activateMs: call + finish };
  });

const deployment = await startDeployment({ age: 'v2', seed: true });
const workbench = await openWorkbench({
  vsix: await extensionVsix(),
  env: { CODER_URL: deployment.url, CODER_SESSION_TOKEN: deployment.token },
  // The page is one long text, of which only what fits is drawn.
  viewport: { width: 1400, height: 3000 },
});
try {
  const costs: Cost[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    if (start > 0) await workbench.reload();
    await workbench.command('Developer: Startup Performance');
    costs.push(await readCost(workbench));
  }
  const quickest = Math.min(...costs.map(({ loadMs, activateMs }) => loadMs + activateMs));
  report('loading the code', costs.map(({ loadMs }) => `${loadMs} ms`).join(', '));
  report('activating', costs.map(({ activateMs }) => `${activateMs} ms`).join(', '));
  report('the quickest start', `${quickest} ms`, '35 ms');
} finally {
  await workbench.close();
  await deployment.close();
}
