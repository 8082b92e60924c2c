import * as l10n from '@vscode/l10n';
import type { EpochMs } from '../api/units.ts';
import { clockTime, dayOf, type DisplayLocale } from './times.ts';

export type ClockInput =
  { readonly kind: 'time'; readonly at: EpochMs } | { readonly kind: 'none'; readonly problem: string };

interface WallTime {
  readonly hour: number;
  readonly minute: number;
}

/**
 * Reads a clock time as a person types it: `18:30`, `18.30`, `18h30`, `1830`, `9`, `6:30 pm`, `6pm`, each with a day in
 * front or behind where wanted: `today`, `tomorrow` (also in the reader's language) or a weekday (`fri`, `Friday`, also
 * in the reader's language). Without a day it is the next such time; a weekday is the next one, today counts while
 * the time is still ahead. Where clocks are set back and the time comes twice, the next one ahead counts; where they are
 * set forward and it never comes, the same distance after midnight counts (02:30 becomes 03:30).
 */
export const parseClock = (input: string, now: EpochMs, displayLocale: DisplayLocale): ClockInput => {
  const words = normalised(input);
  const { offset, rest } = takeDay(words, now, displayLocale);
  const time = readTime(rest, displayLocale);
  if (time === undefined)
    return none(l10n.t('“{0}” is no time. Type one like 18:30, 6:30 pm or tomorrow 9.', shown(input)));
  if (offset === undefined) return { kind: 'time', at: nextTime(time, now, displayLocale) };
  const candidates = offset.days.flatMap((days) =>
    instants(addDays(dayOf(now, displayLocale), days), time, displayLocale.timeZone),
  );
  const at = candidates.find((each) => each > now);
  if (at !== undefined) return { kind: 'time', at };
  const passed = candidates.at(-1) ?? now;
  return none(l10n.t('{0} has passed already.', clockTime(passed, now, displayLocale)));
};

const none = (problem: string): ClockInput => ({ kind: 'none', problem });

const shown = (input: string): string => input.trim().slice(0, 40);

const normalised = (input: string): string =>
  input
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Nd}/gu, digit)
    .replace(/\s+/g, ' ')
    .trim();

/** Any script's decimal digit as ASCII: Unicode keeps each set of ten together, beginning with its zero. */
const digit = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  for (let value = 0; value <= 9; value++) {
    const zero = String.fromCodePoint(code - value);
    const before = code - value - 1;
    if (/\p{Nd}/u.test(zero) && (before < 0 || !/\p{Nd}/u.test(String.fromCodePoint(before)))) return String(value);
  }
  return character;
};

/** The words of a day and how many days ahead each means; the longest that fits wins. */
const takeDay = (
  words: string,
  now: EpochMs,
  displayLocale: DisplayLocale,
): { readonly offset?: { readonly days: readonly number[] }; readonly rest: string } => {
  const names = [...dayNames(now, displayLocale)].sort(([one], [other]) => other.length - one.length);
  for (const [name, days] of names) {
    if (words.startsWith(`${name} `)) return { offset: { days }, rest: words.slice(name.length + 1) };
    if (words.endsWith(` ${name}`)) return { offset: { days }, rest: words.slice(0, -name.length - 1) };
  }
  return { rest: words };
};

const dayNames = (now: EpochMs, displayLocale: DisplayLocale): Map<string, readonly number[]> => {
  const names = new Map<string, readonly number[]>();
  const today = dayOf(now, displayLocale);
  for (const locale of new Set(['en', displayLocale.locale])) {
    for (let ahead = 0; ahead < 7; ahead++) {
      // A weekday that is today means today or, once the time has passed, the same day next week.
      const days = ahead === 0 ? [0, 7] : [ahead];
      for (const weekday of ['short', 'long'] as const) {
        const noon = new Date(`${addDays(today, ahead)}T12:00:00Z`);
        names.set(word(new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' }).format(noon)), days);
      }
    }
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    names.set(word(relative.format(0, 'day')), [0]);
    names.set(word(relative.format(1, 'day')), [1]);
  }
  return names;
};

const word = (name: string): string => name.toLowerCase().replace(/\.$/, '');

const TIME = /^(?<hour>\d{1,2})(?:(?:[:.h]| h )(?<minute>\d{2})?)?$/;
const FOUR_DIGITS = /^(?<hour>\d{2})(?<minute>\d{2})$/;

const readTime = (text: string, displayLocale: DisplayLocale): WallTime | undefined => {
  const { half, rest } = takeHalf(text, displayLocale);
  const groups = (TIME.exec(rest) ?? FOUR_DIGITS.exec(rest))?.groups;
  if (groups === undefined) return undefined;
  const hour = Number(groups.hour);
  const minute = Number(groups.minute ?? 0);
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return undefined;
  if (half === undefined) return { hour, minute };
  if (hour < 1 || hour > 12) return undefined;
  return { hour: (hour % 12) + (half === 'pm' ? 12 : 0), minute };
};

const takeHalf = (
  text: string,
  displayLocale: DisplayLocale,
): { readonly half?: 'am' | 'pm'; readonly rest: string } => {
  for (const half of ['am', 'pm'] as const) {
    for (const name of [half, `${half.charAt(0)}.m.`, half.charAt(0), dayPeriod(half, displayLocale)]) {
      if (name === '') continue;
      if (text.endsWith(name)) return { half, rest: text.slice(0, -name.length).trim() };
      if (text.startsWith(name)) return { half, rest: text.slice(name.length).trim() };
    }
  }
  return { rest: text };
};

/** The locale's own word for the half of the day; '' where it has none. */
const dayPeriod = (half: 'am' | 'pm', { locale }: DisplayLocale): string => {
  const format = new Intl.DateTimeFormat(locale, { hour: 'numeric', hour12: true, timeZone: 'UTC' });
  const at = Date.UTC(2026, 0, 1, half === 'am' ? 9 : 21);
  return (format.formatToParts(at).find((part) => part.type === 'dayPeriod')?.value ?? '')
    .normalize('NFKC')
    .toLowerCase();
};

const nextTime = (time: WallTime, now: EpochMs, displayLocale: DisplayLocale): EpochMs => {
  const today = dayOf(now, displayLocale);
  for (const days of [0, 1, 2]) {
    const at = instants(addDays(today, days), time, displayLocale.timeZone).find((each) => each > now);
    if (at !== undefined) return at;
  }
  return now;
};

/** `2026-11-25` some days later; calendar days, not 24 hours. */
const addDays = (date: string, days: number): string => {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

/** The moments at which the zone's clocks show `time` on `date`, in order: one, two where clocks are set back. */
const instants = (date: string, time: WallTime, timeZone: string): EpochMs[] => {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + (time.hour * 60 + time.minute) * 60_000;
  // Offsets reach from -12 to +14 hours and change by at most a few hours: the days around show all that apply.
  const offsets = new Set(
    [-24, -3, 0, 3, 24].map((hours) => offsetAt((asUtc + hours * 3_600_000) as EpochMs, timeZone)),
  );
  const found = [...offsets]
    .map((offset) => (asUtc - offset) as EpochMs)
    .filter((at) => offsetAt(at, timeZone) === asUtc - at);
  if (found.length > 0) return found.sort((one, other) => one - other);
  // The clocks skip this time: with the offset from before the change it falls as far behind the gap as it was in it.
  return [(asUtc - offsetAt((asUtc - 86_400_000) as EpochMs, timeZone)) as EpochMs];
};

/** How far the zone's clocks are ahead of UTC at a moment, in ms. */
const offsetAt = (at: EpochMs, timeZone: string): number => {
  const parts = new Map(
    zoneFormat(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shownAsUtc = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shownAsUtc - Math.floor(at / 1000) * 1000;
};

const zoneFormat = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
