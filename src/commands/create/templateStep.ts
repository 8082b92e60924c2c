import * as l10n from '@vscode/l10n';
import { firstLine } from '../../api/plainText.ts';
import type { Template } from '../../api/schemas/templates.ts';
import type { Organization } from '../../api/schemas/users.ts';
import * as templatesApi from '../../api/templates.ts';
import { BACK } from '../../model/prompt.ts';
import { duration } from '../../model/times.ts';
import type { StepResult, Step } from '../wizard.ts';
import type { Draft } from './draft.ts';
import { nameOf, readForm, UnreadableForm } from './form.ts';
import { offerDashboard } from './reconsider.ts';
import type { WizardContext } from './wizardContext.ts';

export function templateStep(draft: Draft, wizard: WizardContext): Step {
  return {
    id: 'template',
    ask: async (position) => {
      const organization = draft.organization ?? draft.organizations[0];
      if (organization === undefined) return undefined;
      const templates = await templatesOf(draft, organization, wizard);
      const chosen = await wizard.ui.pick({
        ...position,
        title: l10n.t('Create Workspace: Template'),
        placeholder:
          templates.length === 0 ? l10n.t('There are no templates that you can use.') : l10n.t('Select a template'),
        rows: templateRows(templates, wizard.recentTemplates),
        active: (template) => template.id === draft.form?.template.id,
        signal: wizard.signal,
      });
      if (chosen === BACK) return BACK;
      return chosen.id === draft.form?.template.id ? undefined : chooseTemplate(draft, chosen, wizard);
    },
  };
}

async function templatesOf(
  draft: Draft,
  organization: Organization,
  { ui, client, signal }: WizardContext,
): Promise<readonly Template[]> {
  if (draft.templates?.organization.id === organization.id) return draft.templates.rows;
  const all = await ui.withDelayedProgress(
    l10n.t('Loading templates'),
    (stop) => templatesApi.list(client.calls, organization.id, stop),
    signal,
  );
  // Deployments refuse new workspaces of a deprecated template (contract 4.1).
  const rows = all.filter((template) => !template.deprecated);
  draft.templates = { organization, rows };
  return rows;
}

function templateRows(templates: readonly Template[], recent: readonly string[]) {
  const place = (template: Template) => recent.indexOf(template.id);
  const recently = templates.filter((one) => place(one) !== -1).sort((one, other) => place(one) - place(other));
  const others = templates.filter((one) => place(one) === -1);
  const row = (heading: string) => (template: Template, index: number) => ({
    ...(index === 0 && recently.length > 0 ? { heading } : {}),
    label: nameOf(template),
    ...(template.display_name === '' || template.display_name === template.name ? {} : { description: template.name }),
    detail: [firstLine(template.description), startTime(template)].filter((part) => part !== '').join(' · '),
    icon: 'package',
    value: template,
  });
  return [...recently.map(row(l10n.t('Recently used'))), ...others.map(row(l10n.t('Other templates')))];
}

/** How long a start takes, as the deployment measured it; V0 and V2 leave it out until there were some. */
const startTime = (template: Template): string => {
  const usual = template.build_time_stats?.start?.P50;
  return usual === undefined || usual <= 0 ? '' : l10n.t('starts in about {0}', duration(usual));
};

async function chooseTemplate(draft: Draft, template: Template, wizard: WizardContext): Promise<StepResult> {
  forgetTemplate(draft);
  try {
    draft.form = await wizard.ui.withDelayedProgress(
      l10n.t('Loading the parameters of {0}', nameOf(template)),
      (stop) => readForm(wizard, template, stop),
      wizard.signal,
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof UnreadableForm)) throw error;
    return offerDashboard(error, wizard);
  }
}

/** Another template asks for other things; the name stays. */
export function forgetTemplate(draft: Draft): void {
  draft.form?.source.close();
  delete draft.form;
  delete draft.preset;
  draft.answers.clear();
  draft.asksForAll = false;
}
