import * as vscode from 'vscode';
import type { WindowPlace } from '../model/connectedWorkspace.ts';
import { hostKind } from './displayLocale.ts';
import { readWorkspaceEnvironment } from './environment.ts';

/** In a remote window, an extension that runs on this computer is told about this computer. */
export const isBesideRemote = (): boolean => vscode.env.remoteName !== undefined && hostKind() === 'local';

/** Whether somebody works in this window. */
export const isFocused = (): boolean => vscode.window.state.focused;

/** What tells in which workspace this window is open. */
export function readWindowPlace(): WindowPlace {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.authority);
  const [first = ''] = folders;
  const authorities = [first, vscode.workspace.workspaceFile?.authority ?? '', ...folders];
  return {
    authorities: [...new Set(authorities)].filter((authority) => authority !== ''),
    environment: isBesideRemote() ? undefined : readWorkspaceEnvironment(process.env),
  };
}
