// The demo without a person: VS Code shows the workspaces that the server has, and there is a picture of it.
import { canInstallCodeServer } from '../../scripts/lib/codeServer.mjs';
import { eventually } from '../workbench/eventually.ts';
import { openWorkbench, type Workbench } from '../workbench/workbench.ts';
import { environmentOf, workspaceNames, type Target } from './target.ts';

/** More may be out of sight. */
const surelyInSight = 15;

/** @throws what is missing, as a sentence */
export async function checkDemo(target: Target, [vsix = '', ...otherVsixes]: readonly string[]): Promise<void> {
  if (!canInstallCodeServer) {
    throw new Error('The check drives a VS Code (code-server) that is installed from npm on Linux x64 only.');
  }
  const names = target.token === undefined ? undefined : await workspaceNames(target, target.token);
  const viewport = { width: 1280, height: 1000 };
  const workbench = await openWorkbench({ vsix, otherVsixes, env: environmentOf(target), viewport });
  try {
    const isComplete = async () => (await whatIsMissing(workbench, names)) === undefined;
    await eventually('the tree', isComplete, { timeoutMs: 45_000, intervalMs: 300 }).catch(() => undefined);
    const missing = await whatIsMissing(workbench, names);
    // A moment for what comes with the rows: the deadline in the status bar.
    await workbench.page.waitForTimeout(1_000);
    console.log(`Screenshot: ${await workbench.screenshot(missing === undefined ? 'demo' : 'demo-failed')}`);
    if (missing !== undefined) throw new Error(`VS Code does not show ${missing}.`);
    console.log(
      names === undefined ? 'VS Code offers to sign in.' : `VS Code shows the workspaces: ${names.join(', ')}`,
    );
  } finally {
    await workbench.close();
  }
}

async function whatIsMissing(workbench: Workbench, names: readonly string[] | undefined): Promise<string | undefined> {
  const { text, buttons } = await workbench.tree.welcome();
  if (names === undefined) return buttons.includes('Sign In') ? undefined : 'the button Sign In';
  if (names.length === 0) return buttons.includes('Create Workspace') ? undefined : 'the button Create Workspace';
  const labels = new Set((await workbench.tree.rows()).map((row) => row.label));
  const absent = names.filter((name) => !labels.has(name));
  if (names.length - absent.length >= Math.min(names.length, surelyInSight)) return undefined;
  return `these workspaces: ${absent.join(', ')}${text === '' ? '' : `; it says: ${text.replace(/\s+/g, ' ')}`}`;
}
