import * as l10n from '@vscode/l10n';
import { BACK } from '../../model/prompt.ts';
import { versionRows } from '../versionRows.ts';
import type { Move } from '../wizard.ts';
import type { Draft } from './draft.ts';
import { reload } from './templateStep.ts';
import type { WizardContext } from './wizardContext.ts';

/** Another version than the active one (V2); the answers so far stay. */
export async function askForVersion(draft: Draft, wizard: WizardContext): Promise<Move | undefined> {
  const { ui, client, signal } = wizard;
  const { form } = draft;
  if (form === undefined) return undefined;
  const { template } = form;
  const active = template.active_version_id;
  const rows = await ui.withDelayedProgress(
    l10n.t('Loading versions'),
    (stop) => versionRows(ui, client, template.id, active, stop),
    signal,
  );
  const chosen = await ui.pick({
    title: wizard.title(l10n.t('Template Version')),
    placeholder: l10n.t('Select a version'),
    canGoBack: true,
    rows,
    active: ({ id }) => id === form.versionId,
    signal,
  });
  if (chosen === BACK || chosen.id === form.versionId) return undefined;
  return reload(draft, { template, version: chosen.id === active ? undefined : chosen }, wizard);
}
