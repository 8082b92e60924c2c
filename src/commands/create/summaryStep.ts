import * as l10n from '@vscode/l10n';
import { hours, type Milliseconds } from '../../api/units.ts';
import { shownAnswer } from '../../model/answers.ts';
import { BACK } from '../../model/prompt.ts';
import { duration } from '../../model/times.ts';
import type { Ui } from '../ui.ts';
import type { StepResult, Step } from '../wizard.ts';
import { askedFields, presetValue, type Draft } from './draft.ts';
import { nameOf } from './form.ts';
import { parameterStepId } from './parameterStep.ts';
import type { WizardContext } from './wizardContext.ts';

const STOP_TIME = Symbol('stop time');
const ALL_PARAMETERS = Symbol('all parameters');
const CREATE = Symbol('create');

/** The last question: everything at a glance, each answer a way back to its step. */
export function summaryStep(draft: Draft, { ui, signal }: WizardContext): Step {
  return {
    id: 'summary',
    ask: async (position): Promise<StepResult> => {
      const chosen = await ui.pick<string | symbol>({
        ...position,
        title: l10n.t('Create Workspace: Summary'),
        placeholder: l10n.t('Press Enter to create the workspace, or select an answer to change it'),
        rows: [
          {
            label: l10n.t('Create {0}', draft.name ?? ''),
            ...(position.problem === undefined ? {} : { detail: position.problem }),
            icon: 'add',
            value: CREATE,
          },
          ...answerRows(draft),
          ...moreRows(draft),
        ],
        signal,
      });
      if (chosen === BACK) return BACK;
      if (chosen === CREATE) return undefined;
      if (chosen === STOP_TIME) {
        await askForStopTime(draft, ui, signal);
        return { to: 'summary' };
      }
      if (chosen === ALL_PARAMETERS) {
        draft.asksForAll = true;
        const first = askedFields(draft).find((field) => !draft.answers.has(field.name));
        return { to: first === undefined ? 'summary' : parameterStepId(first.name) };
      }
      // Another template asks for other things; any other answer leads straight back here.
      const to = String(chosen);
      return to === 'template' ? { to } : { to, then: 'summary' };
    },
  };
}

function answerRows(draft: Draft) {
  const { form } = draft;
  if (form === undefined) return [];
  return [
    { heading: l10n.t('Answers'), label: l10n.t('Template'), description: nameOf(form.template), value: 'template' },
    ...(form.presets.length === 0
      ? []
      : [{ label: l10n.t('Preset'), description: draft.preset?.name ?? l10n.t('none'), value: 'preset' }]),
    { label: l10n.t('Name'), description: draft.name ?? '', value: 'name' },
    ...askedFields(draft).map((field) => ({
      label: field.label,
      description: shownAnswer(field, draft.answers.get(field.name)),
      value: parameterStepId(field.name),
    })),
  ];
}

function moreRows(draft: Draft) {
  const { form } = draft;
  if (form === undefined) return [];
  const asked = askedFields(draft);
  const untold = form.fields.filter((field) => !asked.includes(field) && presetValue(draft, field.name) === undefined);
  const mayChooseStop = form.template.allow_user_autostop !== false;
  return [
    ...(untold.length > 0
      ? [
          {
            heading: l10n.t('More'),
            label: l10n.t('Change parameters with defaults…'),
            description: untold.map((field) => field.label).join(', '),
            icon: 'settings',
            value: ALL_PARAMETERS,
          },
        ]
      : []),
    ...(mayChooseStop
      ? [
          {
            label: l10n.t('Change time before autostop…'),
            description: stopTime(draft),
            icon: 'watch',
            value: STOP_TIME,
          },
        ]
      : []),
  ];
}

function stopTime({ form, ttlMs }: Draft): string {
  if (ttlMs !== undefined) return l10n.t('{0} after each start', duration(ttlMs));
  const usual = form?.template.default_ttl_ms ?? 0;
  return usual > 0
    ? l10n.t('{0} after each start (template default)', duration(usual as Milliseconds))
    : l10n.t('none');
}

const TEMPLATE_DECIDES = Symbol('template decides');
const CHOICES = [1, 2, 4, 8, 12, 24].map(hours);

async function askForStopTime(draft: Draft, ui: Ui, signal: AbortSignal): Promise<void> {
  const usual = draft.form?.template.default_ttl_ms ?? (0 as Milliseconds);
  const chosen = await ui.pick<Milliseconds | typeof TEMPLATE_DECIDES>({
    title: l10n.t('Create Workspace: Time Before Autostop'),
    placeholder: l10n.t('Select how long the workspace runs after each start'),
    canGoBack: true,
    rows: [
      {
        label: l10n.t('Template default'),
        description: usual > 0 ? duration(usual) : l10n.t('none'),
        value: TEMPLATE_DECIDES,
      },
      ...CHOICES.map((choice) => ({ label: duration(choice), value: choice })),
    ],
    active: (choice) => choice === (draft.ttlMs ?? TEMPLATE_DECIDES),
    signal,
  });
  if (chosen === BACK) return;
  if (chosen === TEMPLATE_DECIDES) delete draft.ttlMs;
  else draft.ttlMs = chosen;
}
