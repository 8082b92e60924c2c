// The README's pictures, and those that only somebody who changes the surface looks at: `npm run screenshots`.
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { projectDir } from '../../scripts/lib/paths.mjs';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import type { LogStep } from '../deployment/template-spec.ts';
import { eventually } from '../workbench/eventually.ts';
import { extensionVsix } from '../workbench/vsix.ts';
import { openWorkbench, type Theme, type Workbench } from '../workbench/workbench.ts';
import { chooseOnRow, command, documentNamed, goToRow, logThat, pressOnRow, rowThatReads } from './actions.ts';

const folder = path.join(projectDir, 'media', 'screenshots');
const viewport = { width: 1180, height: 720 };

export async function takeScreenshots(): Promise<void> {
  const coder = await startDeployment({ age: 'v2', seed: true });
  const workbench = await openWorkbench({
    vsix: await extensionVsix(),
    env: { CODER_URL: coder.url, CODER_SESSION_TOKEN: coder.token },
    viewport,
    settings: {
      'coderWorkspaces.deadline.warnBefore': [],
      'coderWorkspaces.timeZone': 'UTC',
      'window.commandCenter': false,
      'workbench.layoutControl.enabled': false,
      'workbench.navigationControl.enabled': false,
      'workbench.editor.empty.hint': 'hidden',
    },
  });
  try {
    await workbench.openSideBar();
    await rowThatReads(workbench, 'api-server', /^Running/);
    await screenshotsOfAll(workbench, coder);
  } finally {
    await workbench.close();
    await coder.close();
  }
}

async function screenshotsOfAll(workbench: Workbench, coder: Deployment): Promise<void> {
  await pictureOfTheJob(workbench, coder);
  await pictureOfCreating(workbench);
  await pictureOfExtending(workbench);
  // Before one of the questions starts `broken` again: a build that was not followed here has a document.
  await screenshotsOfEveryTheme(workbench);
  await screenshotsOfQuestions(workbench, coder);
  await screenshotsOfTrouble(workbench, coder);
}

/** A build that runs, its log, what is below a workspace, the status bar. */
async function pictureOfTheJob(workbench: Workbench, coder: Deployment): Promise<void> {
  const { quickInput } = workbench;
  const template = [...coder.store.templates.values()].find(({ name }) => name === 'slow');
  const version = coder.store.versions.get(template?.activeVersionId ?? '');
  if (version !== undefined) version.spec = { ...version.spec, script: () => ({ steps: terraform, tailMs: 200 }) };
  await workbench.command(command('Create Workspace'));
  await quickInput.waitFor(/Create Workspace: Template/);
  await quickInput.pick('slow');
  await quickInput.waitFor(/Create Workspace: Name/);
  await quickInput.type('payments');
  await quickInput.accept();
  await quickInput.waitFor(/Create Workspace: Summary/);
  await quickInput.accept();
  await rowThatReads(workbench, 'payments', /^Starting/);
  await chooseOnRow(workbench, 'payments', 'Show Build Log');
  await logThat(workbench, 'Coder: owner/payments', (text) => text.includes('[20s elapsed]'));
  coder.hold('builds');
  await pressOnRow(workbench, 'api-server', 'ArrowRight');
  await rowThatReads(workbench, 'main', /^connected/);
  await goToRow(workbench, 'payments');
  await save(workbench, 'workspaces', { isPublic: true });
  coder.release();
  await workbench.notifications.waitFor(/^payments started in/, { timeoutMs: 30_000 });
  await workbench.notifications.dismissAll();
  await pressOnRow(workbench, 'api-server', 'ArrowLeft');
}

/** What a build that goes well writes: the recorded ones are chosen for what is odd. */
function* terraform(): Iterable<LogStep> {
  const line = (stage: string, output: string, afterMs: number, level: LogStep['level'] = 'info'): LogStep => ({
    source: output === '' ? 'provisioner_daemon' : 'provisioner',
    ...{ stage, output, afterMs, level },
  });
  yield line('Setting up', '', 20);
  yield line('Planning Infrastructure', 'Terraform will perform the following actions:', 300);
  yield line('Planning Infrastructure', '  # aws_instance.dev will be created', 20);
  yield line('Planning Infrastructure', 'Plan: 2 to add, 0 to change, 0 to destroy.', 400);
  yield line('Starting workspace', '', 300);
  yield line('Starting workspace', 'aws_ebs_volume.home: Refreshing state...', 20);
  yield line('Starting workspace', 'Argument "tags" is deprecated', 20, 'warn');
  yield line('Starting workspace', 'aws_instance.dev: Creating...', 300);
  yield line('Starting workspace', 'aws_instance.dev: Still creating... [10s elapsed]', 300);
  yield line('Starting workspace', 'aws_instance.dev: Still creating... [20s elapsed]', 300);
  yield line('Starting workspace', 'aws_instance.dev: Creation complete after 24s [id=i-0123456789abcdef0]', 3_000);
}

async function pictureOfCreating(workbench: Workbench): Promise<void> {
  const { quickInput } = workbench;
  await workbench.command('View: Hide Panel');
  await workbench.command(command('Create Workspace'));
  await quickInput.waitFor(/Create Workspace: Template/);
  await save(workbench, 'create-template');
  await quickInput.pick('Development');
  await quickInput.waitFor(/Create Workspace: Preset/);
  await save(workbench, 'create-preset');
  await quickInput.pick('Large');
  await quickInput.waitFor(/Create Workspace: Name/);
  await quickInput.type('checkout');
  await quickInput.accept();
  await quickInput.waitFor(/Create Workspace: Region/);
  await save(workbench, 'create-region');
  await quickInput.pick('Europe');
  await quickInput.waitFor(/Create Workspace: repo/);
  await quickInput.type('git.example.com/checkout');
  await quickInput.waitFor(/https address/);
  await save(workbench, 'create-refused');
  await quickInput.type('https://git.example.com/checkout');
  await quickInput.accept();
  await quickInput.waitFor(/Create Workspace: Summary/);
  await save(workbench, 'create', { isPublic: true });
  await quickInput.cancel();
  await workbench.notifications.waitForDialog(/Discard/);
  await save(workbench, 'create-discard');
  await workbench.page.keyboard.press('Enter');
  await quickInput.waitUntilClosed();
}

async function pictureOfExtending(workbench: Workbench): Promise<void> {
  await workbench.clickStatusItem('coderWorkspaces.deadline');
  await workbench.page.mouse.move(600, 400);
  await workbench.quickInput.waitFor(/Extend notebook/);
  await save(workbench, 'extend', { isPublic: true });
  await workbench.quickInput.pick('Until…');
  await workbench.quickInput.waitFor(/Until/);
  await workbench.quickInput.type('tomorrow 9');
  await save(workbench, 'extend-until');
  await workbench.quickInput.cancel();
  await workbench.quickInput.waitUntilClosed();
}

async function screenshotsOfQuestions(workbench: Workbench, coder: Deployment): Promise<void> {
  const { notifications, page, quickInput } = workbench;
  for (const [row, verb, name] of [
    ['warming-up', 'Cancel Build', 'question-cancel'],
    ['web', 'Stop', 'question-stop'],
  ] as const) {
    await chooseOnRow(workbench, row, verb);
    await notifications.waitForDialog(/\?$/);
    await save(workbench, name);
    await page.keyboard.press('Escape');
    await eventually('no dialog', async () => (await notifications.dialog()) === undefined);
  }
  await chooseOnRow(workbench, 'archive', 'Delete');
  await quickInput.waitFor(/Delete archive/);
  await save(workbench, 'question-delete');
  await quickInput.cancel();
  await workbench.command(command('Open App'));
  await quickInput.waitFor(/Select an app/);
  await save(workbench, 'choose-app');
  await quickInput.cancel();
  coder.hold('builds');
  await chooseOnRow(workbench, 'broken', 'Start');
  await notifications.waitFor(/^Starting broken/);
  await save(workbench, 'progress');
  coder.release();
  await notifications.waitFor(/^broken failed to start/);
  await save(workbench, 'failed');
  await notifications.dismissAll();
  await workbench.command('View: Hide Panel');
}

async function screenshotsOfTrouble(workbench: Workbench, coder: Deployment): Promise<void> {
  await coder.stop();
  await eventually('that it is offline', async () => (await workbench.tree.message()).startsWith('Offline'), {
    timeoutMs: 30_000,
  });
  await save(workbench, 'offline');
  await workbench.reload();
  await workbench.openSideBar();
  await rowThatReads(workbench, new URL(coder.url).host, /./, { timeoutMs: 30_000 });
  await save(workbench, 'unreachable');
  await coder.start();
  await workbench.command(command('Refresh'));
  await rowThatReads(workbench, 'web', /^Running/);
  coder.store.keys.clear();
  coder.cutStreams();
  await workbench.notifications.waitFor(/token/);
  await save(workbench, 'expired');
}

async function screenshotsOfEveryTheme(workbench: Workbench): Promise<void> {
  const themes: readonly Theme[] = ['dark', 'highContrast', 'light'];
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await workbench.tree.tooltip('broken');
    await save(workbench, `tooltip-${theme}`, { isPublic: theme === 'light' });
    await workbench.page.locator('[id$=".coderWorkspaces.deadline"]').hover();
    await workbench.page.locator('.workbench-hover:visible', { hasText: 'Extend' }).first().waitFor();
    await save(workbench, `status-${theme}`);
    await workbench.page.mouse.move(500, 300);
    await chooseOnRow(workbench, 'broken', 'Show Build Log');
    await documentNamed(workbench, 'broken #1.log');
    await goToRow(workbench, 'broken');
    await save(workbench, `log-${theme}`);
    await workbench.command('View: Close All Editors');
  }
  await workbench.page.setViewportSize({ width: 480, height: 600 });
  await save(workbench, 'narrow');
  await workbench.page.setViewportSize(viewport);
}

/** Saves to `test-results`, and to `media` what the README shows. */
async function save(workbench: Workbench, name: string, { isPublic = false } = {}): Promise<void> {
  // A screenshot is of what has come to rest.
  await workbench.page.waitForTimeout(400);
  const file = await workbench.screenshot(name);
  if (!isPublic) return;
  await mkdir(folder, { recursive: true });
  await copyFile(file, path.join(folder, `${name}.png`));
}
