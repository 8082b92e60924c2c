import * as vscode from 'vscode';
import { readRemoteAuthority, type WorkspaceName } from './remoteAuthority.ts';

/** The workspace that this window is open in, as far as its address tells. */
export function connectedWorkspace(): WorkspaceName | undefined {
  const authority = vscode.workspace.workspaceFolders?.[0]?.uri.authority ?? vscode.workspace.workspaceFile?.authority;
  return authority === undefined ? undefined : readRemoteAuthority(authority);
}
