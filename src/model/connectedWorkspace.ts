import type { Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import { readRemoteAuthority, type KnownDeployment } from './remoteAuthority.ts';

/** The inputs that identify the workspace in which a window is open. */
export interface WindowPlace {
  /** Remote authorities of the first folder, the workspace file, and all folders, in this order of preference. */
  readonly authorities: readonly string[];
  /** Of the host that the window is open on, if the extension runs there. */
  readonly environment?: WorkspaceEnvironment | undefined;
}

/** What a process inside a workspace is told about it (contract 9.3). */
export interface WorkspaceEnvironment {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Absent: the signed-in user's. */
  readonly ownerName?: string | undefined;
  /** Of the deployment, where a template sets its address. */
  readonly hostname?: string | undefined;
}

export interface DeploymentOfWindow extends KnownDeployment {
  readonly username: string;
  readonly workspaces: Iterable<Workspace>;
}

/** The workspace of this deployment that a window is open in: by its address, else by its host's environment. */
export const connectedWorkspace = (
  { authorities, environment }: WindowPlace,
  deployment: DeploymentOfWindow,
): WorkspaceId | undefined => {
  for (const authority of authorities) {
    const named = readRemoteAuthority(authority, deployment);
    if (named === undefined) continue;
    // Another deployment's workspace of the same name is not this window's, and its environment is not asked.
    if (!isHost(named.hostname, deployment)) return undefined;
    const id = idOf(named, deployment);
    if (id !== undefined) return id;
  }
  if (environment === undefined) return undefined;
  const { id, name, ownerName, hostname } = environment;
  if (id !== undefined) return [...deployment.workspaces].find((workspace) => workspace.id === id)?.id;
  if (name === undefined || !isHost(hostname, deployment)) return undefined;
  return idOf({ name, ownerName }, deployment);
};

const isHost = (hostname: string | undefined, deployment: KnownDeployment): boolean =>
  hostname === undefined || isSame(hostname, deployment.hostname);

const idOf = (
  named: { readonly name: string; readonly ownerName?: string | undefined },
  { username, workspaces }: DeploymentOfWindow,
): WorkspaceId | undefined => {
  // `main.dev.me.coder`: nobody can be called `me`, which is whoever asks.
  const owner = named.ownerName === undefined || isSame(named.ownerName, 'me') ? username : named.ownerName;
  for (const workspace of workspaces) {
    if (isSame(workspace.name, named.name) && isSame(workspace.owner_name, owner)) {
      return workspace.id;
    }
  }
  return undefined;
};

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && one.toLowerCase() === other.toLowerCase();
