import * as l10n from '@vscode/l10n';
import { ApiError } from '../../api/errors.ts';
import type { Move } from '../wizard.ts';
import type { Draft } from './draft.ts';
import { nameOf, reconsiderForm, unreadable, type UnreadableForm } from './form.ts';
import type { WizardContext } from './wizardContext.ts';

/** Re-evaluates the form after an answer at the step `at`. If that fails, the step is asked again. */
export async function reconsider(draft: Draft, wizard: WizardContext, at: string): Promise<Move | undefined> {
  try {
    await wizard.ui.withDelayedProgress(
      l10n.t('Updating parameters'),
      (stop) => reconsiderForm(draft, stop),
      wizard.signal,
    );
    return undefined;
  } catch (error) {
    const problem = draft.form === undefined ? undefined : unreadable(draft.form.template, error);
    if (problem === undefined) throw error;
    const isGone = error instanceof ApiError && error.kind === 'notFound';
    return isGone ? offerDashboard(problem, draft, wizard) : { to: at, problem: (error as Error).message };
  }
}

/** The dashboard may support inputs that aren't supported here. */
export async function offerDashboard(error: UnreadableForm, draft: Draft, wizard: WizardContext): Promise<Move> {
  // It may be gone.
  delete draft.templates;
  const chosen = await wizard.ui.pick({
    title: wizard.title(nameOf(error.template)),
    placeholder: error.message,
    canGoBack: true,
    rows: [
      { label: l10n.t('Select another template'), icon: 'arrow-left', value: false },
      { label: l10n.t('Create in the dashboard'), detail: error.message, icon: 'globe', value: true },
    ],
    signal: wizard.signal,
  });
  if (chosen === true) await wizard.openTemplatePage(error.template);
  return { to: 'template', problem: error.message };
}
