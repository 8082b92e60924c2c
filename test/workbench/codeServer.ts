// One VS Code server on loopback with its own user data and extensions, gone when it is closed.
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureCodeServer, foldersIn, installExtensions, type VscodeRelease } from '../../scripts/lib/codeServer.mjs';
import { userEnvironment } from '../../scripts/lib/userEnvironment.mjs';
import { createOwnedFolder } from './ownedFolder.ts';
import { end, startOwned } from './ownedProcesses.ts';
import { quietSettings } from './quietSettings.ts';

export interface CodeServerOptions {
  /** The newest by default. */
  readonly release?: VscodeRelease;
  /** Installed before the server starts. */
  readonly vsixes?: readonly string[];
  /** A user data folder whose installed extensions this server has, too: to copy costs a tenth of a second, to install one. */
  readonly extensionsFrom?: string | undefined;
  /** The names of the folders of VS Code's own extensions that are there; all by default. */
  readonly builtInExtensions?: readonly string[];
  /** Added to the environment of the server, and so of the extension host. Tokens go here, never into arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to the user's settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Ids of commands by the keys that the user has given them, e.g. `{ 'ctrl+alt+f7': 'workbench.action.closePanel' }`. */
  readonly keybindings?: Readonly<Record<string, string>>;
  /** Needed for running tests inside; hides every toast and refuses dialogs. */
  readonly smokeTestDriver?: boolean;
  /** A free one by default. */
  readonly port?: number;
}

export interface CodeServer {
  /** For example `http://127.0.0.1:43521`. */
  readonly url: string;
  /** `127.0.0.1:43521`, the authority of `vscode-remote://` addresses. */
  readonly authority: string;
  readonly userDataDir: string;
  /** Resolves when it has ended, by itself or by `close`. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export async function startCodeServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  const { node, entry, builtInExtensions } = await ensureCodeServer(options.release);
  const folder = await createOwnedFolder('code');
  const dir = folder.path;
  const userFile = (name: string, content: unknown) =>
    writeFile(path.join(dir, 'User', name), JSON.stringify(content, null, 2));
  await mkdir(path.join(dir, 'User'), { recursive: true });
  await userFile('settings.json', { ...quietSettings, ...options.settings });
  const keybindings = Object.entries(options.keybindings ?? {}).map(([key, command]) => ({ key, command }));
  if (keybindings.length > 0) await userFile('keybindings.json', keybindings);

  const env = { ...userEnvironment(), ...options.env };
  try {
    if (options.extensionsFrom !== undefined) {
      await cp(path.join(options.extensionsFrom, 'extensions'), path.join(dir, 'extensions'), { recursive: true });
    }
    const { release, vsixes = [] } = options;
    if (vsixes.length > 0) await installExtensions(vsixes, dir, { release });
    const builtIns = options.builtInExtensions && (await folderOf(options.builtInExtensions, builtInExtensions, dir));
    const child = startOwned(
      node,
      [
        entry,
        ...foldersIn(dir),
        ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
        ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
        ...(builtIns ? ['--vscode-option', `builtin-extensions-dir=${builtIns}`] : []),
        ...(options.smokeTestDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const url = await addressOf(child);
    return {
      url,
      authority: new URL(url).host,
      userDataDir: dir,
      ended: new Promise((resolve) => child.once('exit', () => resolve())),
      async close() {
        await end(child);
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

type Child = ReturnType<typeof startOwned>;

async function folderOf(names: readonly string[], all: string, dir: string): Promise<string> {
  const folder = path.join(dir, 'built-in');
  await mkdir(folder);
  for (const name of names) await symlink(path.join(all, name), path.join(folder, name), 'dir');
  return folder;
}

function addressOf(child: Child): Promise<string> {
  const said = collect(child);
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`VS Code (code-server) ${why}:\n${said()}`));
    const timer = setTimeout(() => fail('did not start listening within 60 s'), 60_000);
    child.stdout?.on('data', () => {
      const url = /HTTP server listening on (http:\/\/[^\s/]+)/.exec(said())?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended before it was listening');
    });
  });
}

/** Keeps reading, or the process would block; remembers the end of it for error messages. */
function collect(child: Child): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text = (text + chunk).slice(-20_000)));
  }
  return () => text;
}
