import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Agent, App, Workspace } from '../api/schemas/workspaces.ts';
import { agentName } from './agentNames.ts';
import { labelOf, nameOf } from './names.ts';
import { agentsOf, isOn } from './status.ts';
import { webAddress } from './webAddress.ts';

/** What an app is called: "Code", or "Code (code-2)", with its slug, where another one of its agent has that name. */
export const appName = (app: App, { apps }: Agent): string => {
  const name = titleOf(app);
  const slug = plainLine(app.slug, 64);
  return name !== slug && apps.some((other) => other.id !== app.id && titleOf(other) === name)
    ? l10n.t('{0} ({1})', name, slug)
    : name;
};

const titleOf = ({ display_name: name, slug }: App): string => plainLine(name, 100) || labelOf(slug);

/** How it opens: in the web terminal, at an address of its own, or through Coder. */
export const appIcon = ({ command, external }: App): string =>
  command === undefined ? (external ? 'link-external' : 'globe') : 'terminal';

/** Why an app cannot be opened in the browser now, or nothing. External ones open as they are: http and https only. */
export const appProblem = (app: App, agent: Agent, workspace: Workspace): string | undefined => {
  const name = appName(app, agent);
  if (app.external) {
    return webAddress(app.url ?? '') !== undefined ? undefined : l10n.t("{0} can't be opened in a browser.", name);
  }
  if (!isOn(workspace)) return l10n.t("{0} isn't running.", nameOf(workspace));
  if (agent.status !== 'connected') return l10n.t("Agent {0} isn't connected.", agentName(agent, workspace));
  return undefined;
};

/** Whether any app that a person sees can be opened now. */
export const hasOpenableApp = (workspace: Workspace): boolean =>
  agentsOf(workspace).some((agent) =>
    agent.apps.some((app) => !app.hidden && appProblem(app, agent, workspace) === undefined),
  );
