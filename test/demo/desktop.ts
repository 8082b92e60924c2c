// VS Code Desktop: the one that is installed, else a download where there is one to be had.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';
import { findProgram } from '../../scripts/lib/chromium.mjs';
import { capture } from '../../scripts/lib/run.mjs';
import { atExit } from '../workbench/atExit.ts';
import { userEnvironment } from '../../scripts/lib/userEnvironment.mjs';
import { createOwnedFolder } from '../workbench/ownedFolder.ts';
import { end, startOwned } from '../workbench/ownedProcesses.ts';
import { quietSettings } from '../workbench/quietSettings.ts';
import type { RunningVscode, VscodeOptions } from './vscode.ts';

export interface Desktop {
  /** The command line, which installs extensions. */
  readonly cli: string;
  /** The program itself, which stays a child of the demo; undefined where only the command line is known. */
  readonly program: string | undefined;
}

const oldestMinor = 105;
/** A download that has not begun by then is not to be had. */
const downloadBeginsWithinMs = 10_000;

export function canShowWindows(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

export async function installedDesktop(): Promise<Desktop | undefined> {
  // In the terminal of a remote window or of WSL, `code` talks to a VS Code elsewhere, which keeps its own profile.
  if (process.env.VSCODE_IPC_HOOK_CLI !== undefined || process.env.WSL_DISTRO_NAME !== undefined) return undefined;
  const cli = findProgram(['code']) ?? macApplication();
  if (cli === undefined) return undefined;
  const version = await commandLine(cli, ['--version']).catch(() => '');
  const [, major = 0, minor = 0] = (/^(\d+)\.(\d+)\./m.exec(version) ?? []).map(Number);
  if (major === 1 && minor < oldestMinor) {
    console.log(`The VS Code that is installed is older than 1.${oldestMinor}, so another one is used.`);
    return undefined;
  }
  return major === 0 ? undefined : { cli, program: await programOf(cli) };
}

export async function downloadedDesktop(): Promise<Desktop | undefined> {
  console.log('Looking for a VS Code to download');
  try {
    const program = await downloadAndUnzipVSCode({ timeout: downloadBeginsWithinMs, reporter: quietReporter });
    return { program, cli: resolveCliPathFromVSCodeExecutablePath(program) };
  } catch {
    console.log('VS Code Desktop could not be downloaded here.');
    return undefined;
  }
}

export async function openDesktop(desktop: Desktop, { vsixes, env }: VscodeOptions): Promise<RunningVscode> {
  const profile = await createOwnedFolder('demo');
  const data = path.join(profile.path, 'data');
  await mkdir(path.join(data, 'User'), { recursive: true });
  await writeFile(path.join(data, 'User', 'settings.json'), JSON.stringify(quietSettings, null, 2));
  const folders = ['--user-data-dir', data, '--extensions-dir', path.join(profile.path, 'extensions')];
  const installs = vsixes.flatMap((vsix) => ['--install-extension', vsix]);
  await commandLine(desktop.cli, [...folders, ...installs]);

  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  // A command line detaches what it starts, so it is told to wait for it.
  const [program, waiting] = desktop.program === undefined ? [desktop.cli, ['--wait']] : [desktop.program, []];
  const child = startOwned(program, [...folders, ...asRoot, ...waiting, '--new-window'], {
    env: { ...userEnvironment(), ...env },
    stdio: 'ignore',
    shell: program.endsWith('.cmd'),
  });
  const endDetached = () => endMainProcess(path.join(data, 'code.lock'));
  const forget = atExit(endDetached);
  return {
    description: 'VS Code has opened in a window of its own',
    ended: new Promise((resolve, reject) => {
      child.once('exit', () => resolve());
      child.once('error', reject);
    }),
    async close() {
      endDetached();
      forget();
      await end(child);
      await profile.remove();
    },
  };
}

/** VS Code notes the process id of its main process in its user data. */
function endMainProcess(lockFile: string): void {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'));
    if (pid > 0) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}

function commandLine(cli: string, args: readonly string[]): Promise<string> {
  const options = { env: userEnvironment(), timeoutMs: 120_000 };
  if (!cli.endsWith('.cmd')) return capture(cli, args, options);
  return capture('cmd.exe', ['/d', '/s', '/c', cli, ...args], options);
}

function macApplication(): string | undefined {
  const cli = '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code';
  return process.platform === 'darwin' && existsSync(cli) ? cli : undefined;
}

/** From `bin/code` to the program beside it; packages that wrap it (snap, flatpak) have none there. */
async function programOf(cli: string): Promise<string | undefined> {
  const home = path.dirname(path.dirname(await realpath(cli)));
  if (process.platform === 'darwin') {
    const folder = path.resolve(home, '..', '..', 'MacOS');
    const names = await readdir(folder).catch(() => []);
    return names[0] === undefined ? undefined : path.join(folder, names[0]);
  }
  const program = path.join(home, process.platform === 'win32' ? 'Code.exe' : 'code');
  return program !== cli && existsSync(program) ? program : undefined;
}

const quietReporter = { report: () => undefined, error: () => undefined };
