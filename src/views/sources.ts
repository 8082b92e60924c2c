import type { EpochMs, WorkspaceId } from '../api/units.ts';
import { connectedWorkspace } from '../host/connectedWorkspace.ts';
import type { Settings } from '../host/settings.ts';
import type { Deployments } from '../model/deployments.ts';
import type { State } from '../model/state.ts';
import { warnedWorkspaces } from '../model/warnings.ts';
import type { DeadlineSource } from './deadlineItem.ts';
import type { WarningSource } from './deadlineWarnings.ts';
import type { TreeSource } from './workspacesView.ts';

// What each view draws from, taken from the one value that they share.

export const treeSource = (deployments: Deployments, settings: Settings): TreeSource => {
  const current = deployments.current.value;
  return {
    state: deployments.state.value,
    now: serverNow(deployments),
    options: {
      deploymentKey: current?.deployment.key ?? '',
      host: current?.deployment.url.host ?? '',
      flattenAgents: settings.flattenAgents,
      showHiddenResources: settings.showHiddenResources,
      usualTimes: current?.session.usualTimes.value ?? new Map<never, never>(),
    },
  };
};

export const deadlineSource = (deployments: Deployments): DeadlineSource => ({
  state: deployments.state.value,
  now: serverNow(deployments),
  preference: { connected: connectedId(deployments.state.value) },
});

export const warningSource = (deployments: Deployments, settings: Settings): WarningSource => {
  const state = deployments.state.value;
  const connected = connectedId(state);
  const workspaces = state.kind === 'ready' ? [...state.workspaces.values()] : [];
  return {
    workspaces: warnedWorkspaces(workspaces, connected),
    now: serverNow(deployments),
    leadsMinutes: settings.warnBeforeMinutes,
    reread: async (workspace) => deployments.current.value?.session.tryRefetch(workspace.id),
  };
};

/** Deadlines are judged by the server's clock. */
const serverNow = (deployments: Deployments): EpochMs =>
  deployments.current.value?.session.client.clock.now() ?? (Date.now() as EpochMs);

function connectedId(state: State): WorkspaceId | undefined {
  const connected = connectedWorkspace();
  if (connected === undefined || state.kind !== 'ready') return undefined;
  return [...state.workspaces.values()].find(
    (workspace) =>
      workspace.name.toLowerCase() === connected.name.toLowerCase() &&
      workspace.owner_name.toLowerCase() === connected.ownerName.toLowerCase(),
  )?.id;
}
