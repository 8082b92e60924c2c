// The suite in the extension host of a VS Code server, started through its page as VS Code's own browser tests are.
import { projectDir } from '../../scripts/lib/paths.mjs';
import type { VscodeRelease } from '../../scripts/lib/codeServer.mjs';
import { drawnExtensions } from '../workbench/builtInExtensions.ts';
import { openPage } from '../workbench/browser.ts';
import { startCodeServer } from '../workbench/codeServer.ts';

export interface HostOptions {
  readonly release: VscodeRelease;
  /** A file that exports `run()`. */
  readonly testsFile: string;
  /** Reaches the extension host's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** VS Code is asked to begin. */
  readonly onStart: () => void;
  readonly onLine: (line: string) => void;
  /** Ends the run before it ends by itself. */
  readonly signal: AbortSignal;
}

/** @returns the exit code that the host reports: 0 when `run()` resolved */
export async function runInBrowserHost({
  release,
  testsFile,
  env,
  settings,
  onStart,
  onLine,
  signal,
}: HostOptions): Promise<number> {
  const isNewest = release === 'newest';
  const server = await startCodeServer({
    release,
    env,
    settings,
    // Without its driver the newest runs no tests, and the oldest does not start with one.
    smokeTestDriver: isNewest,
    // The oldest has them all, and so has VS Code Desktop.
    ...(isNewest && { builtInExtensions: drawnExtensions }),
  });
  try {
    const { page, browser } = await openPage({ width: 1280, height: 800 });
    try {
      const exited = new Promise<number>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(asError(signal.reason)));
        void page.exposeFunction('codeAutomationExit', resolve);
        void page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
          for (const line of args.map(String).join(' ').split('\n')) onLine(line);
        });
      });
      const remote = (file: string) => `vscode-remote://${server.authority}${file}`;
      const payload = [
        ['extensionDevelopmentPath', remote(projectDir)],
        ['extensionTestsPath', remote(testsFile)],
        ['skipWelcome', 'true'],
      ];
      onStart();
      await page.goto(`${server.url}/?ew=true&payload=${encodeURIComponent(JSON.stringify(payload))}`);
      return await exited;
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
