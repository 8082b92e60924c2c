import * as l10n from '@vscode/l10n';
import { firstLine, joined } from '../../api/plainText.ts';
import { withFullStop } from '../../api/sentences.ts';
import type { Template } from '../../api/schemas/templates.ts';
import type { Organization } from '../../api/schemas/users.ts';
import * as templatesApi from '../../api/templates.ts';
import { imagesOf } from '../../model/parameters.ts';
import { BACK, under } from '../../model/prompt.ts';
import { duration } from '../../model/times.ts';
import type { Step } from '../wizard.ts';
import type { Draft } from './draft.ts';
import { loadForm, nameOf } from './form.ts';
import type { WizardContext } from './wizardContext.ts';

export function templateStep(draft: Draft, wizard: WizardContext): Step {
  return {
    id: 'template',
    isSettled: draft.settled.has('template'),
    ask: async (position) => {
      const organization = draft.organization ?? draft.organizations[0];
      if (organization === undefined) return undefined;
      const templates = await templatesOf(draft, organization, wizard);
      const chosen = await wizard.ui.pick({
        ...position,
        title: wizard.title(l10n.t('Template')),
        placeholder:
          templates.length === 0 ? l10n.t('There are no templates that you can use.') : l10n.t('Select a template'),
        rows: templateRows(templates, wizard),
        active: (template) => template.id === draft.form?.template.id,
        signal: wizard.signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen.id === draft.form?.template.id) return undefined;
      if (chosen.deprecated) return { to: 'template', problem: deprecation(chosen) };
      forgetTemplate(draft);
      return loadForm(draft, { template: chosen }, wizard);
    },
  };
}

async function templatesOf(
  draft: Draft,
  organization: Organization,
  { ui, session, signal }: WizardContext,
): Promise<readonly Template[]> {
  if (draft.templates?.organization.id === organization.id) return draft.templates.rows;
  const rows = await ui.withDelayedProgress(
    l10n.t('Loading templates'),
    (stop) => templatesApi.list(session.calls, organization.id, stop),
    signal,
  );
  draft.templates = { organization, rows };
  return rows;
}

function templateRows(templates: readonly Template[], { recentTemplates: recent, session }: WizardContext) {
  const imageOf = imagesOf(session.url);
  const place = (template: Template) => recent.indexOf(template.id);
  const usable = templates.filter(({ deprecated }) => !deprecated);
  const recently = usable.filter((one) => place(one) !== -1).sort((one, other) => place(one) - place(other));
  const others = usable.filter((one) => place(one) === -1);
  const row = (template: Template) => ({
    label: nameOf(template),
    description: nameOf(template) === template.name ? undefined : template.name,
    detail: joined([firstLine(template.description), startTime(template)]),
    icon: 'package',
    image: imageOf(template.icon),
    value: template,
  });
  return [
    ...under(l10n.t('Recently used'), recently.map(row)),
    ...(recently.length > 0 ? under(l10n.t('Other templates'), others.map(row)) : others.map(row)),
    // Deployments refuse new workspaces of them (contract 2.1).
    ...under(
      l10n.t('Deprecated'),
      templates
        .filter(({ deprecated }) => deprecated)
        .map((template) => ({
          label: nameOf(template),
          detail: firstLine(template.deprecation_message),
          icon: 'circle-slash',
          value: template,
        })),
    ),
  ];
}

/** "Development is deprecated. Use dev-2 instead." */
export const deprecation = (template: Template): string => {
  const name = nameOf(template);
  const why = firstLine(template.deprecation_message);
  return l10n.t('{0} is deprecated. {1}', name, withFullStop(why) || l10n.t('Select another template.'));
};

/** Median duration of a start; absent until the deployment has measured some. */
const startTime = (template: Template): string => {
  const usual = template.build_time_stats?.start?.P50;
  return usual === undefined || usual <= 0 ? '' : l10n.t('starts in about {0}', duration(usual));
};

/** Another template asks for other things; the name stays. */
export function forgetTemplate(draft: Draft): void {
  draft.form?.source.close();
  delete draft.form;
  delete draft.preset;
  draft.answers.clear();
  draft.settled.clear();
  draft.asksForAll = false;
}
