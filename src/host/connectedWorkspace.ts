import * as vscode from 'vscode';

/** The workspace that this window is open in, as far as its address tells. */
export interface ConnectedWorkspace {
  readonly ownerName: string;
  readonly name: string;
}

/** The official extension connects through Remote - SSH with a host of its own naming: `coder-vscode.host--owner--name`. */
export function connectedWorkspace(): ConnectedWorkspace | undefined {
  const authority = vscode.workspace.workspaceFolders?.[0]?.uri.authority ?? vscode.workspace.workspaceFile?.authority;
  return authority === undefined ? undefined : readAuthority(authority);
}

/** `ssh-remote+coder-vscode[.host]--owner--name[.agent or --agent]`. */
function readAuthority(authority: string): ConnectedWorkspace | undefined {
  const match = /^ssh-remote\+coder-vscode[^-]*(?:-[^-]+)*?--([^-]+(?:-[^-]+)*?)--([^.]+?)(?:--[^.]*)?(?:\..+)?$/.exec(
    authority,
  );
  const [, ownerName, name] = match ?? [];
  return ownerName === undefined || name === undefined ? undefined : { ownerName, name };
}
