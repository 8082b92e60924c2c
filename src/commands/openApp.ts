import * as l10n from '@vscode/l10n';
import * as general from '../api/general.ts';
import type { User } from '../api/schemas/users.ts';
import { agentName } from '../model/agentNames.ts';
import { appIcon, appName, appProblem } from '../model/apps.ts';
import { nameFor } from '../model/found.ts';
import { agentsOf, isOn } from '../model/status.ts';
import { webAddress } from '../model/webAddress.ts';
import { appAddress, needsApplicationHost, type LocatedApp } from './appAddress.ts';
import type { CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import { agentIdOf, appIdOf, readyState, sessionOf, targetId } from './target.ts';
import type { Ui } from './ui.ts';

/** Opens an app in the browser (http and https only) and names the host. */
export async function openApp(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const session = sessionOf(context);
  const { signal } = session;
  const state = await readyState(session);
  const workspaceId = targetId(argument);
  const agentId = agentIdOf(argument);
  const appId = appIdOf(argument);
  const apps = [...state.workspaces.values()]
    .filter((workspace) => (workspaceId === undefined ? isOn(workspace) : workspace.id === workspaceId))
    .flatMap((workspace) =>
      agentsOf(workspace).flatMap((agent) => agent.apps.map((app): LocatedApp => ({ workspace, agent, app }))),
    )
    .filter(({ agent }) => agentId === undefined || agent.id === agentId)
    .filter(({ app }) => (appId === undefined ? !app.hidden : app.id === appId));
  const [first] = apps;
  if (first === undefined) {
    throw new Refusal(
      workspaceId === undefined ? l10n.t('No running workspace has an app.') : l10n.t('There are no apps to open.'),
    );
  }
  const problemOf = ({ app, agent, workspace }: LocatedApp) => appProblem(app, agent, workspace);
  const openable = apps.filter((each) => problemOf(each) === undefined);
  const located =
    appId === undefined && openable.length > 0 ? await chooseApp(ui, openable, state.user, signal) : first;
  const problem = problemOf(located);
  if (problem !== undefined) throw new Refusal(problem);
  const applicationHost = needsApplicationHost(located) ? await general.applicationHost(session.calls, signal) : '';
  const address = appAddress(located, session.url.href, applicationHost);
  const host = webAddress(address)?.host ?? '';
  ui.showBriefly(l10n.t('Opening {0} at {1}', appName(located.app, located.agent), host));
  await ui.openInBrowser(address);
}

async function chooseApp(ui: Ui, apps: readonly LocatedApp[], user: User, signal: AbortSignal): Promise<LocatedApp> {
  return ui.pick({
    title: l10n.t('Open App'),
    placeholder: l10n.t('Select an app'),
    rows: apps.map((located) => ({
      label: appName(located.app, located.agent),
      description: `${nameFor(located.workspace, user)} · ${agentName(located.agent, located.workspace)}`,
      ...(located.app.external && located.app.url !== undefined
        ? { detail: webAddress(located.app.url)?.host ?? l10n.t('not a web address') }
        : {}),
      icon: appIcon(located.app),
      value: located,
    })),
    signal,
  });
}
