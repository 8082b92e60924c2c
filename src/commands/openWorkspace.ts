import * as l10n from '@vscode/l10n';
import { noWorkspace } from '../api/operations.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import * as workspaces from '../api/workspaces.ts';
import { allowedVerbs } from '../model/actions.ts';
import { under, type Row } from '../model/prompt.ts';
import type { Session } from '../model/session.ts';
import { statusDescription } from '../model/statusText.ts';
import { workspaceTooltip } from '../model/tooltip.ts';
import { readWorkspaceAddress, type WorkspaceAddress } from '../model/workspaceAddress.ts';
import type { CommandContext } from './context.ts';
import { isPassing, Refusal } from './refusal.ts';
import { orNothing, readyState, sessionOf } from './target.ts';

/** Opens any visible workspace, including deleted ones: reveals its row, or else shows its details and commands. */
export async function openWorkspace(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  const { workspaces: known } = await readyState(session);
  const workspace = await askForWorkspace(context, session);
  if (known.has(workspace.id) && (await context.reveal(workspace.id))) return;
  await showCard(context, session, workspace);
}

async function askForWorkspace({ ui }: CommandContext, session: Session): Promise<Workspace> {
  const { url, signal } = session;
  const here = url.host + url.prefix;
  const read = (typed: string) => readWorkspaceAddress(typed, url);
  let typed = '';
  for (let problem: string | undefined; ;) {
    const entered = await ui.enter({
      title: l10n.t('Open Workspace'),
      value: typed,
      placeholder: l10n.t('owner/name, an ID, or an address in the dashboard'),
      prompt: l10n.t('Any workspace on {0} that you can see, including deleted ones', here),
      validate: (text) => {
        const address = read(text);
        if (address === undefined)
          return l10n.t('Enter owner/name, an ID, or the address of a workspace in the dashboard.');
        return address.kind === 'elsewhere' ? elsewhere(address.host, here) : undefined;
      },
      problem,
      signal,
    });
    typed = entered;
    const address = read(entered);
    if (address === undefined || address.kind === 'elsewhere') throw new Refusal(elsewhere(entered, here));
    try {
      const found = await ui.withDelayedProgress(
        l10n.t('Looking for {0}', entered.trim()),
        (stop) => find(session, address, stop),
        signal,
      );
      if (found !== undefined) return found;
      problem = noWorkspace();
    } catch (error) {
      if (!isPassing(error)) throw error;
      problem = error.message;
    }
  }
}

const elsewhere = (host: string, current: string): string =>
  l10n.t("This workspace is on {0}, and you're signed in to {1}. Sign in there first.", host, current);

/** `undefined`: it doesn't exist or isn't visible. */
async function find(
  { calls }: Session,
  address: Exclude<WorkspaceAddress, { kind: 'elsewhere' }>,
  signal: AbortSignal,
): Promise<Workspace | undefined> {
  const included = { includeDeleted: true };
  if (address.kind === 'id') return orNothing(workspaces.get(calls, address.id, included, signal));
  const { owner, name } = address;
  const found = await orNothing(workspaces.getByOwnerAndName(calls, owner, name, included, signal));
  if (found !== undefined || owner === 'me') return found;
  // V2 hides other users from most users, so a lookup by owner fails for shared workspaces; a search finds them.
  const listed = await orNothing(workspaces.list(calls, { q: `${owner}/${name}`, limit: 100 }, signal));
  const isIt = (each: Workspace): boolean =>
    `${each.owner_name}/${each.name}`.toLowerCase() === `${owner}/${name}`.toLowerCase();
  return listed?.workspaces.find(isIt);
}

/** Shows commands and details of a workspace without a row; selecting a detail copies it. */
async function showCard(context: CommandContext, session: Session, workspace: Workspace): Promise<void> {
  const { ui } = context;
  const { user } = await readyState(session);
  const now = session.now();
  const options = { displayLocale: ui.displayLocale(), usualTimes: session.usualTimes.value };
  const details = workspaceTooltip(workspace, options, now, user).flatMap((line) =>
    line.kind === 'field' ? [{ label: line.label, description: line.text }] : [],
  );
  const rows: Row<() => unknown>[] = [
    ...allowedVerbs(workspace, user).map((verb) => ({
      label: context.commandTitle(verb),
      value: () => ui.runCommand(verb, workspace.id),
    })),
    ...under(
      l10n.t('Details'),
      details.map((detail) => ({ ...detail, icon: 'info', value: () => ui.writeClipboard(detail.description) })),
    ),
  ];
  const run = await ui.pick({
    title: `${workspace.owner_name}/${workspace.name}`,
    placeholder: statusDescription(workspace, options, now, user),
    rows,
    signal: session.signal,
  });
  await run();
}
