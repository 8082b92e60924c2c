// A restart whose window is closed in its middle: nothing is started later, and the next window says so.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, confirm, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

let workbench: Workbench;
let coder: Deployment;
const scenario = scenariosIn(() => workbench);

describe('A restart whose window is closed', () => {
  before(async () => {
    coder = await startDeployment({ age: 'v2', seed: true, speed: 5 });
    workbench = await sharedWindowSignedInTo(coder);
    await rowThatReads(workbench, 'web', /^Running/);
  });
  after(() => coder.close());

  scenario('starts nothing later; the next window’s row tells it and offers Start', 'restart-closed', async () => {
    const before = coder.workspace('owner/web').builds.length;
    coder.hold('builds');
    await chooseOnRow(workbench, 'web', 'Restart');
    await confirm(workbench, /^Restart web\?/, 'Restart');
    await rowThatReads(workbench, 'web', /^(?:Queued|Stopping)/);
    const globalStorage = path.join(workbench.server.userDataDir, 'User', 'globalStorage');
    await eventually('the restart to be on record', async () =>
      (await readdir(globalStorage, { recursive: true })).some((name) => /[\\/]restarts[\\/]./.test(name)),
    );
    await workbench.reload();
    coder.release();
    await eventually('the stop to end', async () =>
      Promise.resolve(latestBuild(coder.workspace('owner/web')).job.completedAt !== undefined),
    );
    await workbench.openSideBar();
    await rowThatReads(workbench, 'web', /^Stopped · restart interrupted$/);
    // Longer than any wait for a server that goes on by itself.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    assert.equal(coder.workspace('owner/web').builds.length, before + 1, 'the stop alone');
    await rowThatReads(workbench, 'web', /^Stopped · restart interrupted$/);
    await chooseOnRow(workbench, 'web', 'Start');
    await workbench.notifications.waitFor(/^web started in /, { timeoutMs: 60_000 });
    await rowThatReads(workbench, 'web', /^Running/);
  });
});
