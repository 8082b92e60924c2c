// The same suite in VS Code Desktop, where @vscode/test-electron can download one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { projectDir } from '../../scripts/lib/paths.mjs';
import { end, startOwned } from '../workbench/ownedProcesses.ts';
import type { HostOptions } from './browserHost.ts';

export async function runInDesktopHost({ testsFile, env, onStart, onLine, signal }: HostOptions): Promise<number> {
  const program = await downloadAndUnzipVSCode('stable');
  const profile = await mkdtemp(path.join(tmpdir(), 'coder-workspaces-desktop-'));
  const child = startOwned(
    program,
    [
      `--extensionDevelopmentPath=${projectDir}`,
      `--extensionTestsPath=${testsFile}`,
      ...['--user-data-dir', path.join(profile, 'data'), '--extensions-dir', path.join(profile, 'extensions')],
      ...['--no-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes', '--disable-workspace-trust'],
    ],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onStart();
  try {
    if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
    return await new Promise<number>((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      });
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    await end(child);
    await rm(profile, { recursive: true, force: true });
  }
}
