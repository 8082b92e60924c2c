import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Agent, Workspace } from '../api/schemas/workspaces.ts';
import { inform } from '../host/messages.ts';
import { pick } from '../host/quickInput.ts';
import { BACK, Dismissed } from '../host/promptExit.ts';
import { agentsOf } from '../model/status.ts';
import { command } from './errorBoundary.ts';
import type { CommandContext } from './context.ts';
import { agentIdOf, findTarget } from './target.ts';

/** The extension that connects VS Code to workspaces; it has its own sign-in, and never gets our token. */
const OFFICIAL = 'coder.coder-remote';

export async function open(context: CommandContext, argument: unknown): Promise<void> {
  const { session, workspace, signal } = await findTarget(context, argument, 'open');
  if (vscode.extensions.getExtension(OFFICIAL) === undefined) {
    void inform(l10n.t('The extension Coder ({0}) opens workspaces in VS Code. It is not installed.', OFFICIAL), [
      command(l10n.t('Show Extension'), 'extension.open', OFFICIAL),
    ]);
    return;
  }
  const agent = await chooseAgent(workspace, agentIdOf(argument), signal);
  await vscode.env.openExternal(openUri(workspace, agent, session.client.url.href));
}

/** Its URI handler: `/open?owner&workspace&agent&folder&url`. */
export function openUri(workspace: Workspace, agent: Agent, url: string): vscode.Uri {
  const folder = agent.expanded_directory ?? agent.directory ?? '';
  const query = new URLSearchParams({
    owner: workspace.owner_name,
    workspace: workspace.name,
    agent: agent.name,
    url,
    ...(folder === '' ? {} : { folder }),
  });
  return vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: OFFICIAL, path: '/open', query: query.toString() });
}

async function chooseAgent(workspace: Workspace, id: string | undefined, signal: AbortSignal): Promise<Agent> {
  const agents = agentsOf(workspace);
  const [only, another] = agents;
  const meant = agents.find((agent) => agent.id === id);
  if (meant !== undefined) return meant;
  if (only !== undefined && another === undefined) return only;
  const picked = await pick({
    title: l10n.t('Open {0} in VS Code', workspace.name),
    placeholder: l10n.t('Choose an agent'),
    rows: agents.map((agent) => ({
      label: agent.name,
      description: agent.status,
      detail: `${agent.operating_system}/${agent.architecture}`,
      value: agent,
    })),
    signal,
  });
  if (picked === BACK) throw new Dismissed();
  return picked;
}
