import * as vscode from 'vscode';
import { masked } from './mask.ts';

/** What the extension did and why it failed: the *Coder Workspaces* channel, with VS Code's own levels. */
export interface Log {
  info(message: string): void;
  error(message: string, error?: unknown): void;
  show(): void;
  dispose(): void;
}

export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Coder Workspaces', { log: true });
  return {
    info: (message) => channel.info(masked(message)),
    error: (message, error) => channel.error(masked(error === undefined ? message : `${message}: ${described(error)}`)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? (error.stack ?? error.message)
    : `${error.stack ?? error.message}\n${described(error.cause)}`;
}
