import * as l10n from '@vscode/l10n';
import { sleep } from '../../api/abort.ts';
import type { Milliseconds } from '../../api/units.ts';
import { shownAnswer } from '../../model/answers.ts';
import { imagesOf, type ImageOf } from '../../model/parameters.ts';
import { BACK, under, type PickPrompt, type Row } from '../../model/prompt.ts';
import type { Move, Step, StepResult } from '../wizard.ts';
import { askedFields, presetValue, problemOf, type Draft, type Form } from './draft.ts';
import type { SummaryFacts } from './summaryFacts.ts';
import { nameOf } from './form.ts';
import { askForOwner, askForVersion } from './ownerAndVersion.ts';
import { parameterStepId } from './parameterStep.ts';
import { askForStart, askForStop, maySetStart, maySetStop, startText, stopText } from './scheduleQuestions.ts';
import type { WizardContext } from './wizardContext.ts';

/** The target of a summary row: a step, or a question asked from the summary. */
type Choice = string | ((draft: Draft, wizard: WizardContext) => Promise<Move | undefined>);

const CREATE = '';
/** Timeout for the facts in the summary. */
const FACTS_WITHIN_MS = 1000 as Milliseconds;

/** The summary of all answers; selecting one leads back to its step. */
export function summaryStep(draft: Draft, wizard: WizardContext): Step {
  const { ui, signal } = wizard;
  return {
    id: 'summary',
    ask: async (position): Promise<StepResult> => {
      const { form } = draft;
      if (form === undefined) return { to: 'template' };
      const again = position.problem === undefined ? leftOver(draft) : undefined;
      if (again !== undefined) return again;
      const facts = (await Promise.race([form.facts, sleep(FACTS_WITHIN_MS, signal)])) ?? { mayChooseOwner: false };
      const detail = position.problem ?? quotaText(facts);
      const chosen = await ui.pick<Choice>({
        ...position,
        title: wizard.title(l10n.t('Summary')),
        placeholder: l10n.t('Press Enter to create the workspace, or select an answer to change it'),
        rows: [
          { label: l10n.t('Create {0}', draft.name ?? ''), detail, icon: 'add', value: CREATE },
          ...answerRows(draft, form, facts, imagesOf(wizard.session.url)),
          ...moreRows(draft, form, wizard),
        ],
        signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen === CREATE) return undefined;
      if (typeof chosen !== 'string') return (await chosen(draft, wizard)) ?? { to: 'summary' };
      // Another template has other parameters; any other answer leads back to the summary.
      return chosen === 'template' || chosen === 'organization' ? { to: chosen } : { to: chosen, then: 'summary' };
    },
  };
}

/** Asks next, once, for a parameter that an answer has added or made invalid. */
function leftOver(draft: Draft): Move | undefined {
  for (const field of askedFields(draft)) {
    const problem = problemOf(draft, field);
    const key = JSON.stringify([field.name, problem]);
    if (problem === undefined || draft.revisited.has(key)) continue;
    draft.revisited.add(key);
    return { to: parameterStepId(field.name), then: 'summary', problem: problem || undefined };
  }
  return undefined;
}

/** "Costs 5 credits a day. 85 of 100 are left." */
function quotaText({ quota, cost }: SummaryFacts): string | undefined {
  if (quota === undefined) return undefined;
  const left = Math.max(0, quota.budget - quota.credits_consumed);
  if (cost === undefined || cost === 0) return l10n.t('{0} of {1} credits left', left, quota.budget);
  return cost === 1
    ? l10n.t('Costs 1 credit a day; {0} of {1} left', left, quota.budget)
    : l10n.t('Costs {0} credits a day; {1} of {2} left', cost, left, quota.budget);
}

function answerRows(
  draft: Draft,
  form: Form,
  { mayChooseOwner }: SummaryFacts,
  imageOf: ImageOf,
): PickPrompt<Choice>['rows'] {
  const organization = draft.organization ?? draft.organizations[0];
  const { version, template } = form;
  const mayChooseVersion = form.age === 'rich' && !template.require_active_version;
  return [
    {
      heading: l10n.t('Answers'),
      label: l10n.t('Template'),
      description: nameOf(template),
      icon: 'package',
      image: imageOf(template.icon),
      value: 'template',
    },
    draft.organizations.length > 1 &&
      organization && {
        label: l10n.t('Organization'),
        description: nameOf(organization),
        icon: 'organization',
        value: 'organization',
      },
    mayChooseVersion && {
      label: l10n.t('Template version'),
      description: version?.name ?? l10n.t('active'),
      icon: 'versions',
      value: askForVersion,
    },
    form.presets.length > 0 && {
      label: l10n.t('Preset'),
      description: draft.preset?.name ?? l10n.t('none'),
      icon: 'checklist',
      value: 'preset',
    },
    mayChooseOwner && {
      label: l10n.t('Owner'),
      description: draft.owner.username,
      icon: 'account',
      value: askForOwner,
    },
    { label: l10n.t('Name'), description: draft.name, icon: 'tag', value: 'name' },
    ...askedFields(draft).map((field) => ({
      label: field.label,
      description: shownAnswer(field, draft.answers.get(field.name)),
      detail: form.problems.get(field.name),
      icon: 'symbol-parameter',
      image: field.image,
      value: parameterStepId(field.name),
    })),
    ...under(
      l10n.t('Set by the template'),
      form.fixed.map(({ name, label, image, shown }): Row<Choice> => ({
        label,
        description: shown,
        detail: form.problems.get(name),
        icon: 'lock',
        image,
        value: () => {
          const problem = form.problems.get(name) ?? l10n.t('The template sets {0}.', label);
          return Promise.resolve({ to: 'summary', problem });
        },
      })),
    ),
  ];
}

function moreRows(draft: Draft, form: Form, wizard: WizardContext): readonly Row<Choice>[] {
  const asked = askedFields(draft);
  const untold = form.fields.filter((field) => !asked.includes(field) && presetValue(draft, field.name) === undefined);
  const rows: Row<Choice>[] = [];
  if (untold.length > 0) {
    const description = untold.map((field) => field.label).join(', ');
    const label = l10n.t('Change parameters with defaults…');
    rows.push({ label, description, icon: 'settings', value: askForAll });
  }
  if (maySetStop(form.template)) {
    const label = l10n.t('Change time before autostop…');
    rows.push({ label, description: stopText(draft), icon: 'watch', value: askForStop });
  }
  if (maySetStart(form.template)) {
    const label = l10n.t('Change autostart…');
    rows.push({ label, description: startText(draft, wizard), icon: 'calendar', value: askForStart });
  }
  return under(l10n.t('More'), rows);
}

function askForAll(draft: Draft): Promise<Move> {
  draft.asksForAll = true;
  const first = askedFields(draft).find((field) => !draft.answers.has(field.name));
  return Promise.resolve({ to: first === undefined ? 'summary' : parameterStepId(first.name) });
}
