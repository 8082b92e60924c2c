import { fold } from './typedWords.ts';
import { addDays } from './zonedTime.ts';

/**
 * How many days after `today` (`2026-11-25`) a date may be, in order, within a year; none if the folded text is no date.
 * It is read as dates are shown in `locales`, with the month as a number or a word, and as `2026-11-27`; where the month
 * is a word, in any order.
 */
export const daysOfDate = (text: string, today: string, locales: readonly string[]): readonly number[] => {
  const key = keyOf(text);
  const numbers = new Set((text.match(/\d+/g) ?? []).map(Number));
  const days: number[] = [];
  for (let ahead = 0; ahead <= 366 && numbers.size > 0; ahead++) {
    const date = addDays(today, ahead);
    // Each date shows the number of its day.
    if (!numbers.has(Number(date.slice(8)))) continue;
    const noon = Date.parse(`${date}T12:00:00Z`);
    const isShown = locales.flatMap(formats).some((format) => keyOf(fold(format.format(noon))) === key);
    if (isShown || date === key) days.push(ahead);
  }
  return days;
};

const made = new Map<string, readonly Intl.DateTimeFormat[]>();

const formats = (locale: string): readonly Intl.DateTimeFormat[] => {
  const months = ['short', 'long'] as const;
  const known =
    made.get(locale) ??
    months.map((month) => new Intl.DateTimeFormat(locale, { day: 'numeric', month, timeZone: 'UTC' }));
  made.set(locale, known);
  return known;
};

const keyOf = (text: string): string => {
  const parts = text.split(/[ .]/).filter((part) => part !== '' && !/^(?:de|of|the|le|el)$/.test(part));
  return (parts.some((part) => /\p{L}/u.test(part)) ? parts.sort() : parts).join(' ');
};
