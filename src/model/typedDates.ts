import { cached } from './cached.ts';
import { fold } from './typedWords.ts';
import { addDays } from './zonedTime.ts';

/**
 * How many days after `today` (`2026-11-25`) a date may be, in order, within a year; none if the folded text is no date.
 * It is read as dates are shown in `locales`, the month as a word or its beginning and then in any order, and as
 * `2026-11-27`; with the month as a number only as in the last of `locales`, for 3/12 differs from one to another, but
 * `3.12.` begins with its day in English, too. The year may stand behind and the number of the day may be an ordinal.
 */
export const daysOfDate = (text: string, today: string, locales: readonly string[]): readonly number[] => {
  const typed = partsOf(text);
  const numbers = new Set((text.match(/\d+/g) ?? []).map(Number));
  const days: number[] = [];
  const language = locales.at(-1) ?? 'en';
  // English writes slashes: dots are those of most of Europe.
  const numbersLike = language.startsWith('en') && /\d\.\d/.test(text) ? 'de' : language;
  for (let ahead = 0; ahead <= 366 && numbers.size > 0; ahead++) {
    const date = addDays(today, ahead);
    // Each date shows the number of its day.
    if (!numbers.has(Number(date.slice(8)))) continue;
    const noon = Date.parse(`${date}T12:00:00Z`);
    const shown = [...locales.flatMap(inWords), ...inNumbers(numbersLike)];
    const reads = (parts: readonly string[]): boolean =>
      parts.length === typed.length && parts.every((part, index) => isMeant(typed[index] ?? '', part));
    if ([date, ...shown.map((format) => fold(format.format(noon)))].map(partsOf).some(reads)) days.push(ahead);
  }
  return days;
};

const formatsWith = (months: readonly ('short' | 'long' | 'numeric')[]) =>
  cached((locale) =>
    months.flatMap((month) =>
      [undefined, 'numeric' as const].map(
        (year) => new Intl.DateTimeFormat(locale, { day: 'numeric', month, ...(year && { year }), timeZone: 'UTC' }),
      ),
    ),
  );

const inWords = formatsWith(['short', 'long']);
const inNumbers = formatsWith(['numeric']);

/** "nov" stands for "november". */
const isMeant = (typed: string, part: string): boolean =>
  typed === part || (/^\p{L}{3,}$/u.test(typed) && part.startsWith(typed));

const partsOf = (text: string): readonly string[] => {
  const parts = text
    .replace(/(?<=\d)(?:st|nd|rd|th|er|[ -]?[ae]n|[oaº])(?!\p{L})/gu, '')
    .replace(/[号號]/g, '日')
    .replaceAll('の', ' ')
    .split(/[ .]/)
    .map((part) => part.replace(/^0(?=\d)/, ''))
    .filter((part) => part !== '' && !/^(?:de|of|the|le|el|al|r|г)$/.test(part));
  return parts.some((part) => /\p{L}/u.test(part)) ? parts.sort() : parts;
};
