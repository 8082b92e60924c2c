import * as l10n from '@vscode/l10n';
import { firstLine } from '../../api/plainText.ts';
import { readList } from '../../model/parameterRules.ts';
import { fieldNote, type FormField } from '../../model/parameters.ts';
import { BACK, type Back, type Prompt } from '../../model/prompt.ts';
import type { Ui } from '../ui.ts';
import type { StepResult, Step } from '../wizard.ts';
import { parameterStepId, type Draft } from './draft.ts';
import type { WizardContext } from './wizardContext.ts';

/** Asks for one parameter in the way its type wants; `reconsider` asks the server what the answer leads to. */
export function parameterStep(
  draft: Draft,
  field: FormField,
  { ui, signal }: Pick<WizardContext, 'ui' | 'signal'>,
  reconsider: () => Promise<StepResult>,
): Step {
  return {
    id: parameterStepId(field.name),
    ask: async (position) => {
      const value = await askForValue(ui, field, draft.answers.get(field.name), {
        ...position,
        title: l10n.t('Create Workspace: {0}', field.label),
        signal,
      });
      if (value === BACK) return BACK;
      draft.answers.set(field.name, value);
      draft.touched = true;
      const result = await reconsider();
      if (result !== undefined) return result;
      const problem = draft.form?.problems.get(field.name);
      return problem === undefined ? undefined : { to: parameterStepId(field.name), problem };
    },
  };
}

async function askForValue(
  ui: Ui,
  field: FormField,
  known: string | undefined,
  prompt: Prompt,
): Promise<string | Back> {
  const value = known ?? (field.ephemeral ? undefined : field.defaultValue);
  if (field.picksMany) return askForSome(ui, field, value, prompt);
  if (field.options.length > 0 || field.type === 'bool') return askForOne(ui, field, value, prompt);
  return askForText(ui, field, value, prompt);
}

async function askForOne(ui: Ui, field: FormField, value: string | undefined, prompt: Prompt): Promise<string | Back> {
  const options =
    field.options.length > 0
      ? field.options
      : [
          { label: l10n.t('Yes'), value: 'true', description: '' },
          { label: l10n.t('No'), value: 'false', description: '' },
        ];
  return ui.pick({
    ...prompt,
    placeholder: sentences(field),
    rows: options.map((option) => ({
      label: option.label,
      ...(option.value === field.defaultValue ? { description: l10n.t('default') } : {}),
      ...(option.description === '' ? {} : { detail: option.description }),
      value: option.value,
    })),
    active: (each) => each === value,
  });
}

async function askForSome(ui: Ui, field: FormField, value: string | undefined, prompt: Prompt): Promise<string | Back> {
  const chosen = new Set(readList(value ?? ''));
  for (;;) {
    const picked = await ui.pickMany({
      ...prompt,
      placeholder: sentences(field),
      rows: field.options.map((option) => ({
        label: option.label,
        ...(option.description === '' ? {} : { detail: option.description }),
        value: option.value,
      })),
      picked: (each) => chosen.has(each),
    });
    if (picked === BACK) return BACK;
    const list = JSON.stringify(picked);
    const problem = field.validate(list);
    if (problem === undefined) return list;
    prompt = { ...prompt, problem };
  }
}

async function askForText(ui: Ui, field: FormField, value: string | undefined, prompt: Prompt): Promise<string | Back> {
  const isList = field.type === 'list';
  const toValue = (text: string) =>
    isList ? JSON.stringify(splitList(text)) : field.type === 'number' ? text.trim() : text;
  const typed = await ui.enter({
    ...prompt,
    value: isList ? (readList(value ?? '') ?? []).join(', ') : (value ?? ''),
    password: field.secret,
    placeholder: isList ? l10n.t('several, with commas between them') : field.label,
    prompt: sentences(field),
    validate: (text) => field.validate(toValue(text)),
  });
  return typed === BACK ? BACK : toValue(typed);
}

/** What the parameter is for, and what follows from the answer. */
const sentences = (field: FormField): string =>
  [firstLine(field.description), fieldNote(field) ?? ''].filter((part) => part !== '').join(' · ') || field.label;

const splitList = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
