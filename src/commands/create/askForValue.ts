import * as l10n from '@vscode/l10n';
import { firstLine, joined } from '../../api/plainText.ts';
import { choicesOf, entriesOf, mannerOf, pickedAnswer } from '../../model/answers.ts';
import { fieldNote, type FormField } from '../../model/parameters.ts';
import { BACK, Dismissed, type Back, type Prompt } from '../../model/prompt.ts';
import type { Ui } from '../ui.ts';
import { askForEntries } from './askForEntries.ts';
import { askForLines, askForMaskedLines, askForText } from './askForText.ts';

/** Asks for a parameter's value; `given` is the present one. */
export type AskForValue = (
  ui: Ui,
  field: FormField,
  given: string | undefined,
  prompt: ValuePrompt,
) => Promise<string | Back>;

export type ValuePrompt = Prompt & { readonly placeholder: string };

/** Asks for a parameter's value with an input for its type. An unchanged value is returned exactly as given. */
export function askForValue(
  ui: Ui,
  field: FormField,
  given: string | undefined,
  prompt: Prompt,
): Promise<string | Back> {
  const ask: AskForValue = {
    one: askForOne,
    some: askForSome,
    entries: askForEntries,
    lines: askForLines,
    maskedLines: askForMaskedLines,
    line: askForText,
  }[mannerOf(field, given)];
  return ask(ui, field, given, { ...prompt, placeholder: sentences(field) });
}

const askForOne: AskForValue = (ui, field, given, prompt) =>
  ui.pick({ ...prompt, rows: choiceRows(field, given), active: (each) => each === given });

const askForSome: AskForValue = async (ui, field, given, prompt) => {
  let picked: readonly string[] = entriesOf(prompt.typed ?? given);
  const changed = (ticked: string | undefined): string | undefined => {
    const value = pickedAnswer(given, entriesOf(ticked));
    return ticked === undefined || value === (given ?? '') ? undefined : value;
  };
  const onBack = (ticked: string): void => {
    const value = changed(ticked);
    if (value !== undefined) prompt.onBack?.(value);
  };
  for (;;) {
    const ticked = new Set(picked);
    const chosen = await ui
      .pickMany({ ...prompt, onBack, rows: choiceRows(field, given), picked: (each) => ticked.has(each) })
      .catch((error: unknown) => {
        throw error instanceof Dismissed ? new Dismissed(changed(error.typed)) : error;
      });
    if (chosen === BACK) return BACK;
    const value = pickedAnswer(given, chosen);
    const problem = value === given ? undefined : field.validate(value);
    if (problem === undefined) return value;
    picked = chosen;
    prompt = { ...prompt, problem };
  }
};

const choiceRows = (field: FormField, given: string | undefined) =>
  choicesOf(field, given).map(({ label, description, image, value }) => ({
    label,
    description: value === field.defaultValue ? l10n.t('default') : undefined,
    detail: description || undefined,
    icon: image && 'circle-outline',
    image,
    value,
  }));

/** Description of the parameter and hints about its value. */
const sentences = (field: FormField): string =>
  joined([firstLine(field.description), field.hint, fieldNote(field)]) || (field.placeholder ?? field.label);
