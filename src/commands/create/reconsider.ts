import * as l10n from '@vscode/l10n';
import { patiently } from '../../host/progress.ts';
import { pick } from '../../host/quickInput.ts';
import type { Move } from '../steps.ts';
import type { Draft } from './draft.ts';
import { nameOf, reconsiderForm, UnreadableForm } from './form.ts';
import type { Surroundings } from './surroundings.ts';

/** An answer may change what else is asked. */
export async function reconsider(draft: Draft, around: Surroundings): Promise<Move> {
  try {
    await patiently(
      l10n.t('Looking at what else is asked'),
      (signal) => reconsiderForm(around.client, draft, around.owner, signal),
      around.signal,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableForm)) throw error;
    return offerDashboard(error, around);
  }
}

/** The dashboard knows ways of asking that are not known here. */
export async function offerDashboard(error: UnreadableForm, around: Surroundings): Promise<Move> {
  const chosen = await pick({
    title: l10n.t('Create Workspace: {0}', nameOf(error.template)),
    placeholder: error.message,
    canGoBack: true,
    rows: [
      { label: l10n.t('Choose another template'), icon: 'arrow-left', value: false },
      { label: l10n.t('Create it in the dashboard'), detail: error.message, icon: 'globe', value: true },
    ],
    signal: around.signal,
  });
  if (chosen === true) await around.openTemplatePage(error.template);
  return { to: 'template', problem: error.message };
}
