import * as vscode from 'vscode';
import type { WindowPlace } from '../model/connectedWorkspace.ts';
import { hostKind } from './displayLocale.ts';
import { readWorkspaceEnvironment } from './environment.ts';

/** In a remote window, a locally running extension has the environment of the local computer. */
export const isBesideRemote = (): boolean => vscode.env.remoteName !== undefined && hostKind() === 'local';

/** Inputs that identify the workspace in which this window is open. */
export function readWindowPlace(): WindowPlace {
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.authority);
  const [first = ''] = folders;
  const authorities = [first, vscode.workspace.workspaceFile?.authority ?? '', ...folders];
  return {
    authorities: [...new Set(authorities)].filter((authority) => authority !== ''),
    environment: isBesideRemote() ? undefined : readWorkspaceEnvironment(process.env),
  };
}
