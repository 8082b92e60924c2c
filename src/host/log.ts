import * as vscode from 'vscode';
import { errorInFull } from '../model/unexpectedError.ts';
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
    error: (message, error) =>
      channel.error(masked(error === undefined ? message : `${message}: ${errorInFull(error)}`)),
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
