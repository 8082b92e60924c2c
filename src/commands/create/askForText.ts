import { emptyIsDefault, shownAnswer, typedAnswer, typedProblem } from '../../model/answers.ts';
import { BACK } from '../../model/prompt.ts';
import type { AskForValue } from './askForValue.ts';

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
