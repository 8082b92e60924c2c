import * as l10n from '@vscode/l10n';
import { terminalPage } from '../api/address.ts';
import type { Agent, Workspace } from '../api/schemas/workspaces.ts';
import { agentName } from '../model/agentNames.ts';
import { agentDescription, folderOf } from '../model/agentText.ts';
import { agentsOf } from '../model/status.ts';
import type { CommandContext } from './context.ts';
import { agentIdOf, findTarget, nameIn, type Target } from './target.ts';
import type { Ui } from './ui.ts';

/** The official extension, which connects VS Code to workspaces. It has its own sign-in and never gets our token. */
export const OFFICIAL = 'coder.coder-remote';

/** Opens the web terminal of an agent in the browser. */
export async function openTerminal(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'openTerminal');
  const { session, workspace } = target;
  const title = l10n.t('Open the Terminal of {0}', nameIn(target));
  const agent = await chooseAgent(ui, title, target, agentIdOf(argument));
  await ui.openInBrowser(terminalPage(session.url, workspace.owner_name, workspace.name, agent.name));
}

export async function open(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'open');
  const { session, workspace } = target;
  if (!ui.isInstalled(OFFICIAL)) {
    ui.inform(
      l10n.t("Opening a workspace in VS Code requires the Coder extension ({0}), which isn't installed.", OFFICIAL),
      [{ label: l10n.t('Show Extension'), run: () => ui.showExtension(OFFICIAL) }],
    );
    return;
  }
  const title = l10n.t('Open {0} in VS Code', nameIn(target));
  const agent = await chooseAgent(ui, title, target, agentIdOf(argument));
  await ui.openInExtension(OFFICIAL, '/open', openQuery(workspace, agent, session.url.href));
}

/** What its URI handler takes: `/open?owner&workspace&agent&folder&url`. */
export function openQuery(workspace: Workspace, agent: Agent, url: string): string {
  const folder = folderOf(agent);
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
  { session, workspace, signal }: Target,
  id: string | undefined,
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
      description: agentDescription(agent, true, session.now(), ui.displayLocale()),
      value: agent,
    })),
    signal,
  });
}
