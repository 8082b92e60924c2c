// One VS Code server on loopback with its own user data and extensions, gone when it is closed.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureCodeServer, type VscodeRelease } from '../../scripts/lib/codeServer.mjs';
import { userEnvironment } from './environment.ts';
import { createOwnedFolder } from './ownedFolder.ts';
import { end, startOwned } from './ownedProcesses.ts';
import { quietSettings } from './quietSettings.ts';

export interface CodeServerOptions {
  /** The newest by default. */
  readonly release?: VscodeRelease;
  /** Installed before the server starts. */
  readonly vsixes?: readonly string[];
  /** Added to the environment of the server, and so of the extension host. Tokens go here, never into arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to the user's settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
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
  const { node, entry } = await ensureCodeServer(options.release);
  const folder = await createOwnedFolder('code');
  const dir = folder.path;
  const settingsFile = path.join(dir, 'User', 'settings.json');
  const settings: Readonly<Record<string, unknown>> = { ...quietSettings, ...options.settings };
  await mkdir(path.dirname(settingsFile), { recursive: true });
  await writeFile(settingsFile, JSON.stringify(settings, null, 2));

  const env = { ...userEnvironment(), ...options.env };
  const folders = [
    ...['--user-data-dir', dir],
    ...['--extensions-dir', path.join(dir, 'extensions')],
    ...['--config', path.join(dir, 'code-server.yaml')],
  ];
  try {
    if (options.vsixes?.length) {
      const installs = options.vsixes.flatMap((vsix) => ['--install-extension', vsix]);
      await finished(node, [entry, ...folders, ...installs], env);
    }
    const child = startOwned(
      node,
      [
        entry,
        ...folders,
        ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
        ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
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

async function finished(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = startOwned(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = collect(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`VS Code could not install the extension:\n${said()}`);
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
