import * as l10n from '@vscode/l10n';
import { firstLine } from '../../api/plainText.ts';
import type { FormField } from '../../model/parameters.ts';
import { nameProblem, proposeName } from '../../model/names.ts';
import { BACK } from '../../model/prompt.ts';
import type { StepResult, Step } from '../wizard.ts';
import { askedFields, type Draft } from './draft.ts';
import { externalAuthStep, isMissing } from './externalAuthStep.ts';
import { parameterStep, parameterStepId } from './parameterStep.ts';
import { reconsider } from './reconsider.ts';
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

function organizationStep(draft: Draft, { ui, signal }: WizardContext): Step {
  return {
    id: 'organization',
    ask: async (position) => {
      const chosen = await ui.pick({
        ...position,
        title: l10n.t('Create Workspace: Organization'),
        placeholder: l10n.t('Select an organization'),
        rows: draft.organizations.map((organization) => ({
          label: organization.display_name === '' ? organization.name : organization.display_name,
          ...(organization.is_default ? { description: l10n.t('default') } : {}),
          ...(organization.description === '' ? {} : { detail: firstLine(organization.description) }),
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
  const keep = async (value: string): Promise<StepResult> => {
    draft.answers.set(field.name, value);
    draft.touched = true;
    const result = await reconsider(draft, wizard);
    if (result !== undefined) return result;
    const problem = draft.form?.problems.get(field.name);
    return problem === undefined ? undefined : { to: parameterStepId(field.name), problem };
  };
  const title = l10n.t('Create Workspace: {0}', field.label);
  return parameterStep({ field, title, answer: draft.answers.get(field.name), keep }, wizard.ui, wizard.signal);
}

function presetStep(draft: Draft, wizard: WizardContext): Step {
  const { ui, signal } = wizard;
  return {
    id: 'preset',
    ask: async (position) => {
      const presets = draft.form?.presets ?? [];
      const chosen = await ui.pick({
        ...position,
        title: l10n.t('Create Workspace: Preset'),
        placeholder: l10n.t('Select a preset'),
        rows: [
          ...presets.map((preset) => ({
            label: preset.name,
            ...(preset.isDefault ? { description: l10n.t('default') } : {}),
            detail:
              firstLine(preset.description) ||
              preset.parameters.map(({ name, value }) => `${name}: ${value}`).join(', '),
            icon: 'checklist',
            value: preset,
          })),
          { label: l10n.t('No preset'), detail: l10n.t('Enter each value yourself'), icon: 'edit', value: null },
        ],
        active: (preset) => (draft.preset === undefined ? preset?.isDefault === true : preset?.id === draft.preset?.id),
        signal,
      });
      if (chosen === BACK) return BACK;
      draft.preset = chosen;
      return reconsider(draft, wizard);
    },
  };
}

function nameStep(draft: Draft, { ui, taken, signal }: WizardContext): Step {
  return {
    id: 'name',
    ask: async (position) => {
      const typed = await ui.enter({
        ...position,
        title: l10n.t('Create Workspace: Name'),
        placeholder: l10n.t('Name'),
        prompt: l10n.t('Letters, digits, and single hyphens; at most 32 characters'),
        value: draft.name ?? proposeName(draft.form?.template.name ?? '', taken()),
        validate: (text) => nameProblem(text.trim(), taken()),
        signal,
      });
      if (typed === BACK) return BACK;
      draft.name = typed.trim();
      draft.touched = true;
      return undefined;
    },
  };
}
