// The VS Code that the demo opens: the best one that can be had here.
import { spawn } from 'node:child_process';
import { canInstallCodeServer } from '../../scripts/lib/codeServer.mjs';
import { findProgram } from '../../scripts/lib/chromium.mjs';
import { startCodeServer } from '../workbench/codeServer.ts';
import { canShowWindows, downloadedDesktop, installedDesktop, openDesktop } from './desktop.ts';

export interface VscodeOptions {
  readonly vsixes: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface RunningVscode {
  /** For a person: what opened, and where. */
  readonly description: string;
  /** Resolves when the person has closed it. */
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openVscode(options: VscodeOptions): Promise<RunningVscode> {
  if (canShowWindows()) {
    const desktop = (await installedDesktop()) ?? (await downloadedDesktop());
    if (desktop !== undefined) return openDesktop(desktop, options);
  }
  if (canInstallCodeServer) return openServedVscode(options);
  throw new Error('Install VS Code 1.105 or later, so that `code` is on the PATH, and run `npm run demo` again.');
}

async function openServedVscode(options: VscodeOptions): Promise<RunningVscode> {
  const server = await startCodeServer(options);
  if (canShowWindows()) openInBrowser(server.url);
  return {
    description: `VS Code is served at ${server.url} — open it in a browser on this machine`,
    ended: server.ended,
    close: () => server.close(),
  };
}

/** The browser is the person's own, so it outlives the demo. Without one the address that is printed has to do. */
function openInBrowser(url: string): void {
  const opener = findProgram(['xdg-open']);
  if (opener === undefined) return;
  const child = spawn(opener, [url], { detached: true, stdio: 'ignore' });
  child.once('error', () => undefined);
  child.unref();
}
