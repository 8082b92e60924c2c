import * as l10n from '@vscode/l10n';
import type { Group, Sort } from '../model/finding.ts';
import type { CommandContext } from './context.ts';
import { sessionOf } from './target.ts';
import { chooseOne, show, withOrganizations } from './show.ts';

/** The order of the rows. */
export async function sortBy(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  const rows: { value: Sort; label: string; description?: string }[] = [
    { value: 'favorites', label: l10n.t('Favorites'), description: l10n.t('then active, running, last used') },
    { value: 'active', label: l10n.t('Active'), description: l10n.t('builds in progress, then running') },
    { value: 'lastUsed', label: l10n.t('Last used') },
    { value: 'name', label: l10n.t('Name') },
    { value: 'nextStop', label: l10n.t('Next stop') },
  ];
  const { sort: now } = session.finding;
  const sort = await chooseOne(context, l10n.t('Sort'), l10n.t('Select the sort order'), rows, now);
  await show(context, { ...session.finding, sort });
}

/** The headings of the rows. */
export async function groupBy(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  const rows: { value: Group | undefined; label: string }[] = [
    { value: undefined, label: l10n.t('No groups') },
    { value: 'template', label: l10n.t('Template') },
    { value: 'owner', label: l10n.t('Owner') },
    { value: 'organization', label: l10n.t('Organization') },
    { value: 'status', label: l10n.t('Status') },
  ];
  const { group: now } = session.finding;
  const group = await chooseOne(context, l10n.t('Group'), l10n.t('Select how to group workspaces'), rows, now);
  if (group === 'organization') await withOrganizations(context);
  await show(context, { ...session.finding, group });
}
