import * as vscode from 'vscode';
import { inBackground } from '../api/errors.ts';

/** The keys that `when` and `enablement` in the manifest ask for; nothing else sets them. */
export interface ContextKeys {
  /** The first answer of a deployment has arrived, or there is none to ask: until then nothing is claimed. */
  readonly loaded: boolean;
  readonly signedIn: boolean;
  readonly hasWorkspaces: boolean;
  /** A filter may hide rows. */
  readonly filtered: boolean;
  /** Only what others share with one is shown. */
  readonly showsShared: boolean;
  /** The log in the Output panel is that of a build which may be cancelled. */
  readonly canCancelShown: boolean;
}

/** Tells VS Code only what changed. */
export function createContextKeys(logError: (error: unknown) => void): (keys: Partial<ContextKeys>) => void {
  const told = new Map<string, boolean>();
  return (keys) => {
    for (const [key, value] of Object.entries<boolean>(keys)) {
      if (told.get(key) === value) continue;
      told.set(key, value);
      inBackground(vscode.commands.executeCommand('setContext', `coderWorkspaces.${key}`, value), logError);
    }
  };
}
