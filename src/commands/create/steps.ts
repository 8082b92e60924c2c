import * as l10n from '@vscode/l10n';
import { firstLine, joined } from '../../api/plainText.ts';
import { imagesOf, type FormField } from '../../model/parameters.ts';
import { nameProblem, proposeName } from '../../model/names.ts';
import { BACK } from '../../model/prompt.ts';
import type { StepResult, Step } from '../wizard.ts';
import { askedFields, type Draft } from './draft.ts';
import { externalAuthStep, isMissing } from './externalAuthStep.ts';
import { nameOf, reconsider } from './form.ts';
import { parameterStep, parameterStepId } from './parameterStep.ts';
import { summaryStep } from './summaryStep.ts';
import { forgetTemplate, templateStep } from './templateStep.ts';
import type { WizardContext } from './wizardContext.ts';

/** The questions that are left to ask, with the answers so far. */
export function createSteps(draft: Draft, wizard: WizardContext): readonly Step[] {
  const { form } = draft;
  return [
    ...(draft.organizations.length > 1 ? [organizationStep(draft, wizard)] : []),
    templateStep(draft, wizard),
    ...(form?.externalAuth.some(isMissing) === true ? [externalAuthStep(draft, wizard)] : []),
    ...(form !== undefined && form.presets.length > 0 ? [presetStep(draft, wizard)] : []),
    nameStep(draft, wizard),
    ...askedFields(draft).map((field) => askedStep(draft, field, wizard)),
    summaryStep(draft, wizard),
  ];
}

function organizationStep(draft: Draft, { ui, title, signal }: WizardContext): Step {
  return {
    id: 'organization',
    isSettled: draft.settled.has('template'),
    ask: async (position) => {
      const chosen = await ui.pick({
        ...position,
        title: title(l10n.t('Organization')),
        placeholder: l10n.t('Select an organization'),
        rows: draft.organizations.map((organization) => ({
          label: nameOf(organization),
          description: organization.is_default ? l10n.t('default') : undefined,
          detail: firstLine(organization.description) || undefined,
          icon: 'organization',
          value: organization,
        })),
        active: (organization) => organization.id === draft.organization?.id,
        signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen.id !== draft.organization?.id) forgetTemplate(draft);
      draft.organization = chosen;
      return undefined;
    },
  };
}

function askedStep(draft: Draft, field: FormField, wizard: WizardContext): Step {
  const id = parameterStepId(field.name);
  const keep = async (value: string): Promise<StepResult> => {
    draft.answers.set(field.name, value);
    draft.touched = true;
    const move = await reconsider(draft, wizard, id);
    if (move !== undefined) return move;
    const problem = draft.form?.problems.get(field.name);
    return problem === undefined ? undefined : { to: id, problem };
  };
  const title = wizard.title(field.label);
  const step = parameterStep({ field, title, answer: draft.answers.get(field.name), keep }, wizard.ui, wizard.signal);
  return { ...step, isSettled: draft.settled.has(id) && draft.form?.problems.has(field.name) !== true };
}

function presetStep(draft: Draft, wizard: WizardContext): Step {
  const { ui, signal, session } = wizard;
  const imageOf = imagesOf(session.url);
  return {
    id: 'preset',
    isSettled: draft.settled.has('preset'),
    ask: async (position) => {
      const presets = draft.form?.presets ?? [];
      const chosen = await ui.pick({
        ...position,
        title: wizard.title(l10n.t('Preset')),
        placeholder: l10n.t('Select a preset'),
        rows: [
          ...presets.map((preset) => ({
            label: preset.name,
            description: joined([
              preset.isDefault ? l10n.t('default') : '',
              preset.isPrebuilt ? l10n.t('usually ready right away') : '',
            ]),
            detail:
              firstLine(preset.description) ||
              preset.parameters.map(({ name, value }) => `${name}: ${value}`).join(', '),
            icon: 'checklist',
            image: imageOf(preset.icon),
            value: preset,
          })),
          { label: l10n.t('No preset'), detail: l10n.t('Enter each value yourself'), icon: 'edit', value: null },
        ],
        active: (preset) => (draft.preset === undefined ? preset?.isDefault === true : preset?.id === draft.preset?.id),
        signal,
      });
      if (chosen === BACK) return BACK;
      draft.preset = chosen;
      return reconsider(draft, wizard, 'preset');
    },
  };
}

function nameStep(draft: Draft, { ui, title, taken, signal }: WizardContext): Step {
  const others = () => taken(draft.owner);
  return {
    id: 'name',
    ask: async (position) => {
      const typed = await ui.enter({
        ...position,
        title: title(l10n.t('Name')),
        placeholder: l10n.t('Name'),
        prompt: l10n.t('Letters, digits, and single hyphens; at most 32 characters'),
        value: draft.name ?? proposedName(draft, others()),
        validate: (text) => nameProblem(text.trim(), others()),
        signal,
      });
      if (typed === BACK) return BACK;
      draft.name = typed.trim();
      draft.touched = true;
      return undefined;
    },
  };
}

/** After the template, `dev`; of a duplicate after the other workspace, `api-2`. */
const proposedName = ({ nameBase: base, form }: Draft, taken: readonly string[]): string =>
  base === undefined ? proposeName(form?.template.name ?? '', taken) : proposeName(base, [...taken, base]);
