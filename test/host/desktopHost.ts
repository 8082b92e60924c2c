// The same suite in VS Code Desktop, where @vscode/test-electron can download one.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { projectDir } from '../../scripts/lib/paths.mjs';
import { userEnvironment } from '../../scripts/lib/userEnvironment.mjs';
import { createOwnedFolder } from '../workbench/ownedFolder.ts';
import { end, startOwned } from '../workbench/ownedProcesses.ts';
import type { HostOptions } from './browserHost.ts';

export async function runInDesktopHost({
  testsFile,
  env,
  settings,
  onStart,
  onLine,
  signal,
}: HostOptions): Promise<number> {
  const program = await downloadAndUnzipVSCode('stable');
  const profile = await createOwnedFolder('desktop');
  const userFolder = path.join(profile.path, 'data', 'User');
  await mkdir(userFolder, { recursive: true });
  await writeFile(path.join(userFolder, 'settings.json'), JSON.stringify(settings));
  const child = startOwned(
    program,
    [
      `--extensionDevelopmentPath=${projectDir}`,
      `--extensionTestsPath=${testsFile}`,
      ...[
        '--user-data-dir',
        path.join(profile.path, 'data'),
        '--extensions-dir',
        path.join(profile.path, 'extensions'),
      ],
      ...['--no-sandbox', '--disable-updates', '--skip-welcome', '--skip-release-notes', '--disable-workspace-trust'],
    ],
    { env: { ...userEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
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
    await profile.remove();
  }
}
