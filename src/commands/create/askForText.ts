import * as l10n from '@vscode/l10n';
import {
  editedAnswer,
  emptyIsDefault,
  MASK,
  shownAnswer,
  shownText,
  typedAnswer,
  typedProblem,
} from '../../model/answers.ts';
import { BACK } from '../../model/prompt.ts';
import type { AskForValue } from './askForValue.ts';
import { keepingUnsent } from './keepingUnsent.ts';

/** Asks for a text or a number in a box of one line. */
export const askForText: AskForValue = async (ui, field, given, { placeholder, ...prompt }) => {
  const typed = await ui.enter({
    ...prompt,
    value: given ?? '',
    password: field.secret,
    // The placeholder shows the value used if the box stays empty.
    placeholder:
      field.placeholder ??
      (!field.defaultValue || !emptyIsDefault(field) ? field.label : shownAnswer(field, undefined)),
    // Without a description, the title and the placeholder say all there is.
    ...(placeholder === field.label ? {} : { prompt: placeholder }),
    validate: (text) => typedProblem(field, given, text),
  });
  return typed === BACK ? BACK : typedAnswer(field, given, typed);
};

const ACCEPT = Symbol('accept');
const EDIT = Symbol('edit');
const EMPTY = Symbol('empty');

/** Asks for a text of several lines, which is written in an editor. */
export const askForLines: AskForValue = async (ui, field, given, { typed, ...prompt }) => {
  let value = typed ?? given;
  let { problem } = prompt;
  for (;;) {
    const chosen = await keepingUnsent(
      ui.pick<symbol>({
        ...prompt,
        problem,
        rows: [
          value !== undefined &&
            value !== '' && { label: l10n.t('Use this text'), detail: shownText(value), icon: 'check', value: ACCEPT },
          !field.required && {
            label: field.defaultValue && emptyIsDefault(field) ? l10n.t('Use the default') : l10n.t('Leave it empty'),
            icon: 'circle-slash',
            value: EMPTY,
          },
          {
            label: l10n.t('Edit in the editor…'),
            detail: l10n.t("Select Use This Text when you're done. Press Escape to keep the original text."),
            icon: 'edit',
            value: EDIT,
          },
        ],
        active: (each) => each === (problem !== undefined || (value ?? '') === '' ? EDIT : ACCEPT),
      }),
      () => (value === given ? undefined : value),
      prompt.onBack,
    );
    if (chosen === BACK) return BACK;
    if (chosen === EDIT) {
      const { title, signal } = prompt;
      const edited = await ui.editText({
        title,
        name: field.label,
        value: value ?? '',
        signal,
      });
      if (edited === undefined) continue;
      value = editedAnswer(value, edited);
    } else if (chosen === EMPTY) {
      value = '';
    }
    problem = value === given ? undefined : field.validate(value ?? '');
    if (problem === undefined && value !== undefined) return value;
  }
};

/** Asks for a masked text, which no editor may show: a box of one line takes the line breaks out of what is pasted. */
export const askForMaskedLines: AskForValue = async (ui, field, given, prompt) => {
  let { problem } = prompt;
  for (;;) {
    const chosen = await ui.pick<'accept' | 'type' | 'paste'>({
      ...prompt,
      problem,
      rows: [
        given !== undefined &&
          given !== '' && {
            label: l10n.t('Keep the current text'),
            description: MASK,
            icon: 'check',
            value: 'accept',
          },
        { label: l10n.t('Paste from the clipboard'), icon: 'clippy', value: 'paste' },
        { label: l10n.t('Enter one line…'), icon: 'edit', value: 'type' },
      ],
    });
    if (chosen === BACK) return BACK;
    if (chosen === 'accept') return given ?? '';
    const { problem: _, ...typing } = prompt;
    const value = chosen === 'paste' ? await ui.readClipboard() : await askForText(ui, field, undefined, typing);
    if (value === BACK) continue;
    problem = field.validate(value);
    if (problem === undefined) return value;
  }
};
