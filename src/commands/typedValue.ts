import type { EntryPrompt } from '../model/prompt.ts';

/**
 * How a box reads what is typed: `read` makes a value of it, or a sentence that says what is wrong with it; `meaning` puts
 * the value in words.
 */
export const typedValue = <T>(
  read: (text: string) => T | string,
  meaning: (value: T) => string | undefined,
): Required<Pick<EntryPrompt, 'validate' | 'hint'>> => ({
  validate: (text) => {
    const value = read(text);
    return typeof value === 'string' ? value : undefined;
  },
  hint: (text) => {
    const value = read(text);
    return typeof value === 'string' ? undefined : meaning(value);
  },
});
