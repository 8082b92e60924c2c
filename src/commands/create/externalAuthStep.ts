import * as l10n from '@vscode/l10n';
import { LinkedController, sleep } from '../../api/abort.ts';
import { ApiError } from '../../api/errors.ts';
import type { ExternalAuth } from '../../api/schemas/templateVersions.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import type { Milliseconds } from '../../api/units.ts';
import { BACK, type Back } from '../../model/prompt.ts';
import type { Move, Step } from '../wizard.ts';
import type { Draft, Form } from './draft.ts';
import type { WizardContext } from './wizardContext.ts';

export const isMissing = (auth: ExternalAuth): boolean => !auth.authenticated && !auth.optional;

/** Interval of checking whether the user has signed in. */
const LOOK_AGAIN_MS = 2000 as Milliseconds;

/** Services that the template requires a sign-in to; without it, the workspace fails to start (contract 4.3). */
export function externalAuthStep(draft: Draft, wizard: WizardContext): Step {
  const { ui, signal } = wizard;
  return {
    id: 'external_auth',
    ask: async (position) => {
      const { form } = draft;
      if (form === undefined) return undefined;
      const seen = new LinkedController(signal);
      const looking = look(form, wizard, seen.signal, (externalAuth) => {
        draft.form = { ...form, externalAuth };
        seen.abort();
      });
      let chosen: ExternalAuth | undefined | Back;
      try {
        chosen = await ui.pick<ExternalAuth | undefined>({
          ...position,
          title: wizard.title(l10n.t('External Authentication')),
          placeholder: l10n.t('This template requires you to sign in to these services'),
          rows: [
            ...form.externalAuth
              .filter(({ authenticated }) => !authenticated)
              .map((auth) => ({
                label: l10n.t('Sign in to {0}', auth.display_name === '' ? auth.id : auth.display_name),
                description: auth.optional ? l10n.t('in your browser, optional') : l10n.t('in your browser'),
                icon: 'link-external',
                value: auth,
              })),
            { label: l10n.t("I've Signed In"), icon: 'check', value: undefined },
          ],
          signal: seen.signal,
        });
      } catch (error) {
        // Closed because the sign-ins have changed.
        if (!seen.signal.aborted || signal.aborted) throw error;
        return next(draft);
      } finally {
        seen.abort();
        await looking;
      }
      if (chosen === BACK) return BACK;
      if (chosen !== undefined) {
        await ui.openInBrowser(chosen.authenticate_url);
        return { to: 'external_auth' };
      }
      const externalAuth = await ui.withDelayedProgress(
        l10n.t('Checking your sign-ins'),
        (stop) => read(form, wizard, stop),
        signal,
      );
      draft.form = { ...form, externalAuth };
      return next(draft, l10n.t("Coder hasn't registered the sign-in yet."));
    },
  };
}

/** Asks again if a sign-in is missing; otherwise the step is done. */
const next = ({ form }: Draft, problem?: string): Move | undefined =>
  form?.externalAuth.some(isMissing) === true ? { to: 'external_auth', problem } : undefined;

const read = (form: Form, { session }: WizardContext, signal: AbortSignal) =>
  templateVersions.externalAuth(session.calls, form.versionId, signal);

/** Polls until a sign-in has changed, which it reports, or until `signal` aborts. Never rejects. */
async function look(
  form: Form,
  wizard: WizardContext,
  signal: AbortSignal,
  tell: (externalAuth: readonly ExternalAuth[]) => void,
): Promise<void> {
  const states = (rows: readonly ExternalAuth[]) =>
    JSON.stringify(rows.map(({ id, authenticated }) => [id, authenticated]));
  try {
    for (;;) {
      await sleep(LOOK_AGAIN_MS, signal);
      try {
        const now = await read(form, wizard, signal);
        if (states(now) !== states(form.externalAuth)) {
          tell(now);
          return;
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
