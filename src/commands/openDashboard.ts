import * as l10n from '@vscode/l10n';
import { buildPage, workspacePage } from '../api/address.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { inOrder } from '../model/tree.ts';
import type { CommandContext } from './context.ts';
import { buildNumberOf, readUnlisted, sessionOf, targetId, workspaceRows } from './target.ts';

/** Opens the dashboard page of a workspace; without a row, asks for a workspace or the deployment's own page. */
export async function openDashboard(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const session = sessionOf(context);
  const { signal } = session;
  const state = session.state.value;
  const id = targetId(argument);
  const { url } = session;
  const now = session.now();
  const workspaces = state.kind === 'ready' ? inOrder(state, now) : [];
  const known =
    workspaces.find((workspace) => workspace.id === id) ?? (id && (await readUnlisted(session, id, signal)));
  if (known) {
    const { owner_name: owner, name } = known;
    const number = buildNumberOf(argument);
    return ui.openInBrowser(
      number === undefined ? workspacePage(url, owner, name) : buildPage(url, owner, name, Number(number)),
    );
  }
  if (workspaces.length === 0) return ui.openInBrowser(url.href);
  const picked = await ui.pick<Workspace | undefined>({
    title: l10n.t('Open in Dashboard'),
    placeholder: l10n.t('Select a page'),
    rows: [
      { label: l10n.t('Dashboard'), description: url.host, icon: 'globe', value: undefined },
      ...(state.kind === 'ready' ? workspaceRows(workspaces, state.user, now, ui.displayLocale()) : []),
    ],
    signal,
  });
  await ui.openInBrowser(picked === undefined ? url.href : workspacePage(url, picked.owner_name, picked.name));
}
