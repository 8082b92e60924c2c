import * as vscode from 'vscode';
import { inBackground } from '../api/errors.ts';

/** The keys that `when` and `enablement` in the manifest ask for; nothing else sets them. */
export interface ContextKeys {
  /** The first response has arrived, or nobody is signed in; until then, no welcome view is shown. */
  readonly loaded: boolean;
  readonly signedIn: boolean;
  readonly hasWorkspaces: boolean;
  /** A filter may hide rows. Only once they are read, as `showsShared`. */
  readonly filtered: boolean;
  /** The scope is *Shared with me*. */
  readonly showsShared: boolean;
  /** The log in the Output panel is that of a build which may be cancelled. */
  readonly canCancelShown: boolean;
}

/** Sets only the changed keys. */
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
