/** The workspace that an address names. */
export interface WorkspaceName {
  readonly ownerName: string;
  readonly name: string;
}

/**
 * The workspace in the authority of a window that the official extension has connected through Remote - SSH:
 * `ssh-remote+coder-vscode[.host]--owner--workspace[.agent or --agent]`. Owners and workspaces have single hyphens only.
 */
export function readRemoteAuthority(authority: string): WorkspaceName | undefined {
  const [remote, host = ''] = authority.split('+', 2);
  if (remote !== 'ssh-remote' || !/^coder-vscode[.-]/.test(host)) return undefined;
  const [, ownerName = '', nameAndAgent = ''] = host.split('--');
  const [name = ''] = nameAndAgent.split('.');
  return ownerName === '' || name === '' ? undefined : { ownerName, name };
}
