import * as l10n from '@vscode/l10n';
import type { ExternalAuth } from '../../api/schemas/templateVersions.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import { BACK } from '../../model/prompt.ts';
import type { Step } from '../wizard.ts';
import type { Draft } from './draft.ts';
import type { WizardContext } from './wizardContext.ts';

export const isMissing = (auth: ExternalAuth): boolean => !auth.authenticated && !auth.optional;

/** The services that the template needs a sign-in to; a workspace made without fails when it starts (contract 4.3). */
export function externalAuthStep(draft: Draft, { ui, client, signal }: WizardContext): Step {
  return {
    id: 'external_auth',
    ask: async (position) => {
      const { form } = draft;
      if (form === undefined) return undefined;
      const chosen = await ui.pick<ExternalAuth | undefined>({
        ...position,
        title: l10n.t('Create Workspace: Sign-Ins'),
        placeholder: l10n.t('This template requires you to sign in to these services'),
        rows: [
          ...form.externalAuth.filter(isMissing).map((auth) => ({
            label: l10n.t('Sign in to {0}', auth.display_name === '' ? auth.id : auth.display_name),
            description: l10n.t('in your browser'),
            icon: 'link-external',
            value: auth,
          })),
          { label: l10n.t("I've Signed In"), icon: 'check', value: undefined },
        ],
        signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen !== undefined) {
        await ui.openInBrowser(chosen.authenticate_url);
        return { to: 'external_auth' };
      }
      const version = form.template.active_version_id;
      if (version === undefined) return undefined;
      const externalAuth = await ui.withDelayedProgress(
        l10n.t('Checking your sign-ins'),
        (stop) => templateVersions.externalAuth(client.calls, version, stop),
        signal,
      );
      draft.form = { ...form, externalAuth };
      return externalAuth.some(isMissing)
        ? { to: 'external_auth', problem: l10n.t("Coder hasn't registered the sign-in yet.") }
        : { to: form.presets.length > 0 ? 'preset' : 'name' };
    },
  };
}
