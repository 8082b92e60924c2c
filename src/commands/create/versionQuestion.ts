import * as l10n from '@vscode/l10n';
import { firstLine } from '../../api/plainText.ts';
import * as templates from '../../api/templates.ts';
import { BACK } from '../../model/prompt.ts';
import { fromNow } from '../../model/times.ts';
import type { Draft } from './draft.ts';
import { reload } from './templateStep.ts';
import type { Move } from '../wizard.ts';
import type { WizardContext } from './wizardContext.ts';

/** Another version than the active one (V2); the answers so far stay. */
export async function askForVersion(draft: Draft, wizard: WizardContext): Promise<Move | undefined> {
  const { ui, client, signal } = wizard;
  const { form } = draft;
  if (form === undefined) return undefined;
  const { template } = form;
  const all = await ui.withDelayedProgress(
    l10n.t('Loading template versions'),
    (stop) => templates.versions(client.calls, template.id, {}, stop),
    signal,
  );
  const usable = all.filter(({ job, archived }) => job.status === 'succeeded' && !archived);
  const now = client.clock.now();
  const chosen = await ui.pick({
    title: l10n.t('Create Workspace: Template Version'),
    placeholder: l10n.t('Select a version'),
    canGoBack: true,
    rows: usable
      .sort((one, other) => (other.created_at ?? 0) - (one.created_at ?? 0))
      .map((version) => ({
        label: version.name,
        ...(version.id === template.active_version_id ? { description: l10n.t('active') } : {}),
        detail: [
          firstLine(version.message),
          version.created_by?.username ?? '',
          version.created_at === undefined ? '' : fromNow(version.created_at, now, ui.displayLocale()),
        ]
          .filter((part) => part !== '')
          .join(' · '),
        icon: 'git-commit',
        value: version,
      })),
    active: ({ id }) => id === form.versionId,
    signal,
  });
  if (chosen === BACK || chosen.id === form.versionId) return undefined;
  const version = chosen.id === template.active_version_id ? undefined : chosen;
  return reload(draft, { template, version }, wizard);
}
