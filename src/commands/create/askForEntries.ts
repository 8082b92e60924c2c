import * as l10n from '@vscode/l10n';
import { entriesAnswer, entriesOf, inOneLine, MASK, needsEditor, shownText } from '../../model/answers.ts';
import type { FormField } from '../../model/parameters.ts';
import { BACK, under, type Back } from '../../model/prompt.ts';
import type { Ui } from '../ui.ts';
import type { AskForValue, ValuePrompt } from './askForValue.ts';
import { keepingUnsent } from './keepingUnsent.ts';

const ACCEPT = Symbol('accept');
const ADD = Symbol('add');

/** Asks for a list, entry by entry. */
export const askForEntries: AskForValue = async (ui, field, given, prompt) => {
  const { typed, ...rest } = prompt;
  let entries = entriesOf(typed ?? given);
  let { problem } = prompt;
  const unsent = (): string | undefined => {
    const value = entriesAnswer(given, entries);
    return value === (given ?? '') ? undefined : value;
  };
  for (;;) {
    let entry: string | undefined;
    const chosen = await keepingUnsent(
      ui.pick<number | typeof ACCEPT | typeof ADD>({
        ...rest,
        problem,
        rows: [
          {
            label: entries.length === 0 ? l10n.t('Leave it empty') : l10n.t('Use these entries'),
            // A value that isn't a list can be kept unchanged.
            description:
              entries.length === 0 && given !== undefined && given !== '[]'
                ? field.secret
                  ? MASK
                  : shownText(given)
                : undefined,
            icon: 'check',
            value: ACCEPT,
          },
          ...under(
            l10n.t('Entries'),
            entries.map((entry, index) => ({ label: entryLabel(field, entry), value: index })),
          ),
          { label: l10n.t('Add an entry…'), icon: 'add', take: (text) => (entry = text), value: ADD },
        ],
        active: (each) => each === ACCEPT,
      }),
      unsent,
      prompt.onBack,
    );
    if (chosen === BACK) return BACK;
    problem = undefined;
    if (chosen === ACCEPT) {
      const value = entriesAnswer(given, entries);
      problem = value === given ? undefined : field.validate(value);
      if (problem === undefined) return value;
    } else if (chosen === ADD) {
      const added = await keepingUnsent(askForEntry(ui, field, entry, prompt), unsent);
      if (added !== BACK) entries = [...entries, added];
    } else {
      entries = await keepingUnsent(changedEntries(ui, field, entries, chosen, prompt), unsent);
    }
  }
};

/** What becomes of the entry at `index`. */
async function changedEntries(
  ui: Ui,
  field: FormField,
  entries: readonly string[],
  index: number,
  prompt: ValuePrompt,
): Promise<readonly string[]> {
  const entry = entries[index] ?? '';
  const { title, signal } = prompt;
  const verb = await ui.pick<'change' | 'remove'>({
    title,
    placeholder: entryLabel(field, entry),
    canGoBack: true,
    rows: [
      { label: l10n.t('Change…'), icon: 'edit', value: 'change' },
      { label: l10n.t('Remove'), icon: 'trash', value: 'remove' },
    ],
    signal,
  });
  if (verb === BACK) return entries;
  if (verb === 'remove') return entries.filter((_, each) => each !== index);
  const changed = await askForEntry(ui, field, entry, prompt);
  return changed === BACK ? entries : entries.with(index, changed);
}

async function askForEntry(
  ui: Ui,
  field: FormField,
  given: string | undefined,
  { title, signal }: ValuePrompt,
): Promise<string | Back> {
  const prompt = { title, signal };
  if (!field.secret && needsEditor(given ?? '')) {
    return (await ui.editText({ ...prompt, name: field.label, value: given ?? '' })) ?? BACK;
  }
  const typed = await ui.enter({
    ...prompt,
    canGoBack: true,
    value: given ?? '',
    password: field.secret,
    placeholder: l10n.t('Entry'),
    validate: (text) => (text === '' && text !== given ? l10n.t('Enter a value.') : undefined),
  });
  return given !== undefined && typed === inOneLine(given) ? given : typed;
}

const entryLabel = (field: FormField, entry: string): string =>
  field.secret ? MASK : shownText(entry) || l10n.t('empty');
