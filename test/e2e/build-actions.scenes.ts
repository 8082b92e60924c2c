// What is done to builds, end to end and by keyboard: one that waits in the queue is canceled; a provisioner state is saved
// through VS Code's own dialog.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { eventually } from '../workbench/eventually.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, command, confirm, logThat, openEditor, rowThatReads } from './actions.ts';
import { scenariosIn } from './scenario.ts';
import { sharedWindowSignedInTo } from './sharedWindow.ts';

const STATE = '{"version":4,"outputs":{"password":{"value":"s3cr3t"}}}';

let workbench: Workbench;
let coder: Deployment;
let folder: string;
const scenario = scenariosIn(() => workbench);

describe('Builds', () => {
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'state-'));
    coder = await startDeployment({ age: 'v2', seed: true });
    workbench = await sharedWindowSignedInTo(coder);
  });
  after(async () => {
    await coder.close();
    await rm(folder, { recursive: true });
  });

  scenario('one that waits in the queue is canceled by keyboard, and its log says so', 'build-queued', async () => {
    await rowThatReads(workbench, 'abandoned', /^Start canceled$/);
    coder.hold('queue');
    await chooseOnRow(workbench, 'abandoned', 'Start');
    await rowThatReads(workbench, 'abandoned', /^Queued/);
    await workbench.command(command('Cancel Build'));
    await workbench.quickInput.waitFor(/Select a workspace/);
    await workbench.quickInput.pick('abandoned');
    await confirm(workbench, /^Cancel the start of abandoned\?$/, 'Cancel Build');
    await rowThatReads(workbench, 'abandoned', /^Start canceled$/);
    await workbench.notifications.waitFor(/^The start of abandoned was canceled\.$/);
    await chooseOnRow(workbench, 'abandoned', 'Show Build Log');
    await logThat(workbench, 'Coder: owner/abandoned', (text) => /──── start canceled.* ────\s*$/.test(text));
    coder.release();
    assert.ok(latestBuild(coder.workspace('owner/abandoned')).job.canceledAt !== undefined, 'it is not canceled');
    await workbench.notifications.dismissAll();
  });

  const saveState = async (): Promise<void> => {
    await workbench.command(command('Show Provisioner State…'));
    await workbench.quickInput.waitFor(/Select a workspace/);
    await workbench.quickInput.pick('web');
    await confirm(workbench, /can contain passwords and keys in plain text/, 'Save As…');
    await eventually('the dialog with the file’s name', async () =>
      (await workbench.quickInput.isOpen()) ? (await workbench.quickInput.value()) !== '' : false,
    );
  };

  scenario(
    'the provisioner state is saved where the dialog says, and opened nowhere',
    'build-state-saved',
    async () => {
      const { quickInput, notifications } = workbench;
      latestBuild(coder.workspace('owner/web')).state = STATE;
      const before = await openEditor(workbench);
      await saveState();
      await quickInput.cancel();
      await quickInput.waitUntilClosed();
      assert.deepEqual(await readdir(folder), [], 'a closed dialog leaves a file');
      await saveState();
      const file = path.join(folder, 'web.tfstate');
      // The dialog drops what comes while it reads the folder: an Enter, and a path that is typed.
      await eventually(
        'the file',
        async () => {
          if ((await readdir(folder)).includes('web.tfstate')) return true;
          if (!(await quickInput.isOpen())) return false;
          if ((await quickInput.value()) === file) await quickInput.accept();
          else await quickInput.type(file);
          return false;
        },
        { intervalMs: 500 },
      );
      assert.equal(await readFile(file, 'utf8'), STATE);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.deepEqual(await readdir(folder), ['web.tfstate']);
      assert.deepEqual(await openEditor(workbench), before);
      assert.deepEqual(
        (await notifications.toasts()).map(({ message }) => message),
        [],
      );
    },
  );
});
