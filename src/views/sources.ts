import * as vscode from 'vscode';
import type { EpochMs, WorkspaceId } from '../api/units.ts';
import { readWindowPlace } from '../host/connectedWorkspace.ts';
import type { Remembered } from '../host/remembered.ts';
import type { Settings } from '../host/settings.ts';
import { allows } from '../model/actions.ts';
import { connectedWorkspace } from '../model/connectedWorkspace.ts';
import type { Deployments } from '../model/deployments.ts';
import type { WindowStanding } from '../model/claims.ts';
import { toldWorkspaces, type Preference } from '../model/deadline.ts';
import { workspaceIn } from '../model/state.ts';
import type { DeadlineSource } from './deadlineItem.ts';
import type { WarningSource } from './deadlineWarnings.ts';
import type { TreeSource } from './workspacesView.ts';

// The input of each view, derived from the shared state.

export const treeSource = (
  deployments: Deployments,
  settings: Settings,
  remembered: Remembered,
  interruptedRestarts: readonly string[],
): TreeSource => {
  const current = deployments.current.value;
  return {
    state: deployments.state.value,
    now: serverNow(deployments),
    options: {
      deploymentKey: current?.deployment.url.key ?? '',
      host: current?.deployment.url.host ?? '',
      flattenAgents: settings.flattenAgents,
      showHiddenResources: settings.showHiddenResources,
      usualTimes: current?.session.usualTimes.value,
      buildVersion: current?.session.calls.features.buildVersion,
      pinned: remembered.pinned(current?.deployment.url.key ?? ''),
      interruptedRestarts,
    },
  };
};

export const deadlineSource = (deployments: Deployments, remembered: Remembered): DeadlineSource => ({
  state: deployments.state.value,
  now: serverNow(deployments),
  preference: preferenceOf(deployments, remembered),
  usualTimes: deployments.current.value?.session.usualTimes.value,
});

export const warningSource = (deployments: Deployments, settings: Settings, remembered: Remembered): WarningSource => {
  const state = deployments.state.value;
  return {
    workspaces: state.kind === 'ready' ? toldWorkspaces(state, preferenceOf(deployments, remembered)) : [],
    now: serverNow(deployments),
    leadsMinutes: settings.warnBeforeMinutes,
    usualTimes: deployments.current.value?.session.usualTimes.value,
    reread: async (workspace) => deployments.current.value?.session.tryRefetch(workspace.id),
  };
};

/** Deadlines are judged by the server's clock. */
const serverNow = (deployments: Deployments): EpochMs =>
  deployments.current.value?.session.now() ?? (Date.now() as EpochMs);

export const mayCancel = ({ state }: Deployments, id: WorkspaceId): boolean => {
  const workspace = workspaceIn(state.value, id);
  return workspace !== undefined && state.value.kind === 'ready' && allows('cancel', workspace, state.value.user);
};

/** This window's priority for notifications about a workspace. */
export const standingOf = (deployments: Deployments, id: WorkspaceId): WindowStanding => ({
  isFocused: vscode.window.state.focused,
  isConnected: connectedId(deployments) === id,
});

const preferenceOf = (deployments: Deployments, remembered: Remembered): Preference => ({
  connected: connectedId(deployments),
  pinned: remembered.pinned(deployments.current.value?.deployment.url.key ?? ''),
});

/** The workspace that this window is open in, if it is one of those that are shown. */
function connectedId({ current, state }: Deployments): WorkspaceId | undefined {
  if (state.value.kind !== 'ready' || current.value === undefined) return undefined;
  const { deployment, session } = current.value;
  return connectedWorkspace(readWindowPlace(), {
    hostname: deployment.url.hostname,
    sshNames: () => session.sshNames.read(),
    username: state.value.user.username,
    workspaces: state.value.workspaces.values(),
  });
}
