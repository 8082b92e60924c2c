import * as l10n from '@vscode/l10n';
import { workspacePage } from '../api/address.ts';
import { plainLine } from '../api/plainText.ts';
import type { CommandContext } from './context.ts';
import { findTarget, nameIn } from './target.ts';

/** Copies what names a workspace elsewhere: its name, a command, an address. */
export async function copy(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'copy');
  const { session, workspace, signal } = target;
  const { id, name, owner_name: owner } = workspace;
  const fullName = `${owner}/${name}`;
  const rows: readonly (readonly [string, string])[] = [
    [l10n.t('Name'), fullName],
    // A shell, or the command, would read anything else as more than a name.
    ...(/^\w[\w/-]*$/.test(fullName) ? [[l10n.t('SSH command'), `coder ssh ${fullName}`] as const] : []),
    [l10n.t('Address in the dashboard'), workspacePage(session.url, owner, name)],
    [l10n.t('ID'), id],
  ];
  const copied = await ui.pick({
    title: l10n.t('Copy: {0}', nameIn(target)),
    placeholder: l10n.t('Select what to copy'),
    // As it is shown: what is pasted into a terminal may not hold a line break.
    rows: rows.map(([label, text]) => {
      const value = plainLine(text, 1_000);
      return { label, description: value, icon: 'copy', value };
    }),
    signal,
  });
  await ui.writeClipboard(copied);
  ui.showBriefly(l10n.t('Copied {0}.', plainLine(copied, 100)));
}
