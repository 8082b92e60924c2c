import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Agent, App, Workspace } from '../api/schemas/workspaces.ts';
import { agentName } from './agentNames.ts';
import { isOn } from './status.ts';

/** Why an app cannot be opened in the browser now, or nothing. External ones open as they are: http and https only. */
export const appProblem = (app: App, agent: Agent, workspace: Workspace): string | undefined => {
  const name = plainLine(app.display_name, 64) || plainLine(app.slug, 64);
  if (app.external) {
    return isWebAddress(app.url) ? undefined : l10n.t("{0} can't be opened in a browser.", name);
  }
  if (!isOn(workspace)) return l10n.t("{0} isn't running.", plainLine(workspace.name, 64));
  if (agent.status !== 'connected') return l10n.t("Agent {0} isn't connected.", agentName(agent, workspace));
  return undefined;
};

/** Whether any app that a person sees can be opened now. */
export const hasOpenableApp = (workspace: Workspace): boolean =>
  workspace.latest_build.resources.some(({ agents }) =>
    agents.some((agent) => agent.apps.some((app) => !app.hidden && appProblem(app, agent, workspace) === undefined)),
  );

const isWebAddress = (address: string | undefined): boolean => {
  if (address === undefined || !URL.canParse(address)) return false;
  const { protocol } = new URL(address);
  return protocol === 'https:' || protocol === 'http:';
};
