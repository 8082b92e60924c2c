import * as l10n from '@vscode/l10n';
import { terminalPage } from '../api/address.ts';
import type { Agent, Workspace } from '../api/schemas/workspaces.ts';
import { agentName } from '../model/agentNames.ts';
import { agentsOf } from '../model/status.ts';
import type { CommandContext } from './context.ts';
import { agentIdOf, findTarget } from './target.ts';
import type { Ui } from './ui.ts';

/** The official extension, which connects VS Code to workspaces. It has its own sign-in and never gets our token. */
export const OFFICIAL = 'coder.coder-remote';

/** Opens the web terminal of an agent in the browser. */
export async function openTerminal(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const { session, workspace, signal } = await findTarget(context, argument, 'openTerminal');
  const title = l10n.t('Open the Terminal of {0}', workspace.name);
  const agent = await chooseAgent(ui, title, workspace, agentIdOf(argument), signal);
  await ui.openInBrowser(terminalPage(session.client.url, workspace.owner_name, workspace.name, agent.name));
}

export async function open(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const { session, workspace, signal } = await findTarget(context, argument, 'open');
  if (!ui.isInstalled(OFFICIAL)) {
    ui.inform(
      l10n.t("Opening a workspace in VS Code requires the Coder extension ({0}), which isn't installed.", OFFICIAL),
      [{ label: l10n.t('Show Extension'), run: () => ui.showExtension(OFFICIAL) }],
    );
    return;
  }
  const title = l10n.t('Open {0} in VS Code', workspace.name);
  const agent = await chooseAgent(ui, title, workspace, agentIdOf(argument), signal);
  await ui.openInExtension(OFFICIAL, '/open', openQuery(workspace, agent, session.client.url.href));
}

/** What its URI handler takes: `/open?owner&workspace&agent&folder&url`. */
export function openQuery(workspace: Workspace, agent: Agent, url: string): string {
  const folder = agent.expanded_directory ?? agent.directory ?? '';
  const query = new URLSearchParams({
    owner: workspace.owner_name,
    workspace: workspace.name,
    agent: agent.name,
    url,
    ...(folder === '' ? {} : { folder }),
  });
  return query.toString();
}

async function chooseAgent(
  ui: Ui,
  title: string,
  workspace: Workspace,
  id: string | undefined,
  signal: AbortSignal,
): Promise<Agent> {
  const agents = agentsOf(workspace);
  const [only, another] = agents;
  const meant = agents.find((agent) => agent.id === id);
  if (meant !== undefined) return meant;
  if (only !== undefined && another === undefined) return only;
  return ui.pick({
    title,
    placeholder: l10n.t('Select an agent'),
    rows: agents.map((agent) => ({
      label: agentName(agent, workspace),
      description: agent.status,
      detail: `${agent.operating_system}/${agent.architecture}`,
      value: agent,
    })),
    signal,
  });
}
