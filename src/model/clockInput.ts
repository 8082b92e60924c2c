import * as l10n from '@vscode/l10n';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { hours, later } from '../api/units.ts';
import { clockWords, halfOfDay, type ClockMeaning } from './clockWords.ts';
import { clockTime, dayOf, duration, type DisplayLocale } from './times.ts';
import { readAmount } from './typedAmount.ts';
import { daysOfDate } from './typedDates.ts';
import { fold, pieces, typedLanguages, type Piece } from './typedWords.ts';
import { addDays, instantAt, instants, offsetAt, type WallTime } from './zonedTime.ts';

/**
 * Reads when something is to be, as a person types it in English or VS Code's language, and as `clockTime` and
 * `duration` show it; a sentence where that can't be:
 * - a time of day: `18:30`, `18.30`, `18h30`, `18:30 Uhr`, `1830`, `9`, `6:30 pm`, `noon`. It is the next such time;
 * - with a day: `today`, `tomorrow at 9`, `fri 9:00`, `3 Dec, 18:30`. A weekday is the next one; today counts while the
 *   time is still ahead;
 * - with a zone: the one that is shown, or UTC and GMT with an offset. Otherwise it is read in the zone that is shown;
 * - a length of time from now: `2h`, `1 h 30`, `in 2 hours`; `readAmount` has the rules for `h`.
 *
 * Where clocks are set back and the time comes twice, the next one ahead counts; where they are set forward and it never
 * comes, the same distance after midnight counts (02:30 becomes 03:30).
 */
export const parseClock = (input: string, now: EpochMs, displayLocale: DisplayLocale): EpochMs | string => {
  const text = fold(input.slice(0, LONGEST));
  const locales = typedLanguages(displayLocale);
  const amount = readAmount(text, locales);
  if (amount !== undefined) {
    return amount.length > YEAR ? l10n.t('Enter at most {0}.', duration(YEAR)) : later(now, amount.length);
  }
  const today = dayOf(now, displayLocale);
  const read = (part: string): Understood | undefined => readClock(part, today, locales, displayLocale);
  const understood = read(text) ?? withoutAmount(text, locales).map(read).find(Boolean);
  if (understood === undefined) {
    return l10n.t("“{0}” isn't a time. Enter one such as 18:30, 6:30 pm, tomorrow 9, or 2 h.", shown(input));
  }
  const candidates = moments(understood, now, displayLocale);
  return (
    candidates.find((each) => each > now) ??
    l10n.t('{0} has already passed.', clockTime(candidates.at(-1) ?? now, now, displayLocale))
  );
};

const LONGEST = 100;
const YEAR = hours(365 * 24);

const shown = (input: string): string => input.trim().slice(0, 40);

/** "18:30, in 1 h 50 min": what stands before a length of time that says of itself that it is from now; "18:30 +2h" doesn't. */
const withoutAmount = (text: string, locales: readonly string[]): string[] =>
  [...text.matchAll(/ (?!\+)/g)]
    .filter(({ index }) => readAmount(text.slice(index + 1), locales)?.isRelative === true)
    .map(({ index }) => text.slice(0, index));

/** A time of day with what was said about its day and zone. */
interface Understood {
  readonly time: WallTime;
  readonly days?: readonly number[] | undefined;
  readonly offset?: Milliseconds | undefined;
}

/** All moments that may be meant, in order: where the zone's own clocks are never that far ahead of UTC, by other clocks. */
const moments = (
  { time, days = [0, 1, 2], offset }: Understood,
  now: EpochMs,
  { timeZone }: DisplayLocale,
): readonly EpochMs[] => {
  const today = dayOf(now, { timeZone });
  const here = days.flatMap((ahead) => instants(addDays(today, ahead), time, timeZone));
  if (offset === undefined) return here;
  const fitting = here.filter((at) => offsetAt(at, timeZone) === offset);
  if (fitting.length > 0) return fitting;
  const todayThere = dayOf(later(now, offset), { timeZone: 'UTC' });
  return days.map((ahead) => instantAt(addDays(todayThere, ahead), time, offset));
};

// "UTC", "GMT+5:30", and of an instant as machines write it "Z" and "+01:00"; "9:00-10:00" is from nine to ten.
const UTC = /(?:\b(?:utc|gmt)|(?<=\d)z)(?: ?([+-]) ?(\d{1,2})(?::?(\d{2}))?)?(?![a-z\d])/;
const ISO_OFFSET = /(?<=\d-\d\d .*:\d\d(?:\.\d+)?)([+-])(\d\d):?(\d\d)$/;

// Hours and minutes as they are marked: `18:30`, `18h30`, `18 Uhr 30`, `18時30分`, `9点半`.
const HOUR = String.raw`(?:(?:uhr|h(?:rs|s|ours?|eures?|oras?|od(?:in[ay]?)?)?|ore|ч(?:ас(?:ов|ам|а)?)?|o ?clock)(?!\p{L})|[点點][钟鐘]?|[時时]|시)`;
const MINUTE = String.raw`(?:(?:min|m|мин)(?!\p{L})|分|분)`;
const TIMES = new RegExp(
  String.raw`(?<![\d:.,+-])(?:(?<hour>\d{1,2})(?:[:.](?<minute>\d{2})(?::\d{2}(?:\.\d+)?)?(?: ?${HOUR})?` +
    String.raw`| ?(?<marked>${HOUR})(?: ?(?<markedMinute>\d{1,2})(?: ?${MINUTE})?| ?(?<halfPast>[半반]))?)?` +
    String.raw`|(?<hour4>\d{2}|\d(?=\d\d ?[ap]))(?<minute4>\d{2})(?: ?${HOUR})?)(?![\d:]|[.,]\d)(?: ?(?<half>[ap])(?!\p{L}| m(?!\p{L})))?`,
  'gu',
);

/** A time in digits somewhere in a text. */
export interface Found extends WallTime {
  readonly half: 'am' | 'pm' | undefined;
  /** Unambiguously a time. */
  readonly isPlain: boolean;
  readonly before: string;
  readonly after: string;
}

const readClock = (
  text: string,
  today: string,
  locales: readonly string[],
  displayLocale: DisplayLocale,
): Understood | undefined => {
  const [utc = '', sign, hours = '0', minutes = '0'] = UTC.exec(text) ?? ISO_OFFSET.exec(text) ?? [];
  const ahead = ((Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000)) as Milliseconds;
  const offset = utc === '' ? undefined : ahead;
  // Hungarian "9-kor", Chinese "12月3日下午6点".
  const rest = text
    .replace(utc, ' ')
    .replace(/(?<=\d[日号號])/g, ' ')
    .replace(/(?<=\d)-(?=\p{L})/gu, ' ')
    .trim();
  const words = clockWords(today, locales, displayLocale);
  const around = (part: string): readonly Piece<ClockMeaning>[] => pieces(part, words);
  const dateOf = (date: string): readonly number[] => daysOfDate(date, today, locales);
  for (const found of timesIn(rest)) {
    const understood = understand(found, around(found.before), around(found.after), dateOf);
    if (understood !== undefined) return { offset, ...understood };
  }
  const understood = understand(undefined, around(rest), [], dateOf);
  return understood && { offset, ...understood };
};

/** The likeliest first: one that can be nothing else, then the last number, for a date stands in front of its time. */
export const timesIn = (text: string): readonly Found[] =>
  [...text.matchAll(TIMES)]
    .map((match): Found => {
      const { hour, minute, marked, markedMinute, halfPast, hour4, minute4, half: letter } = match.groups ?? {};
      // Turkish "18:30'a kadar".
      const half = Number(hour ?? hour4) > 12 ? undefined : letter;
      return {
        hour: Number(hour ?? hour4),
        minute: halfPast === undefined ? Number(minute ?? markedMinute ?? minute4 ?? 0) : 30,
        half: half === 'a' ? 'am' : half === 'p' ? 'pm' : undefined,
        isPlain: minute !== undefined || marked !== undefined,
        before: text.slice(0, match.index),
        after: (half === undefined ? (letter ?? '') : '') + text.slice(match.index + match[0].length),
      };
    })
    .reverse()
    .sort((one, other) => Number(other.isPlain) - Number(one.isPlain));

type Half = Extract<ClockMeaning, { kind: 'half' }>;

/** What the words around a time say of it; `undefined` where one of them is not understood or they do not fit together. */
const understand = (
  found: Found | undefined,
  before: readonly Piece<ClockMeaning>[],
  after: readonly Piece<ClockMeaning>[],
  dateOf: (text: string) => readonly number[],
): Understood | undefined => {
  const all = [...withoutPreposition(before, true), ...withoutPreposition(after, (found?.hour ?? 0) > 12)];
  const unknown = all.filter(({ meaning }) => meaning === undefined).map(({ text }) => text);
  const meanings = all.flatMap(({ meaning }) => meaning ?? []);
  const of = <Kind extends ClockMeaning['kind']>(kind: Kind) =>
    meanings.filter((meaning): meaning is Extract<ClockMeaning, { kind: Kind }> => meaning.kind === kind);
  const [named, ...moreTimes] = of('time');
  const [offset, ...moreOffsets] = of('offset');
  const [half, ...moreHalves] = [...(found?.half ? [halfOfDay[found.half]] : []), ...of('half')];
  if (moreTimes.length + moreOffsets.length + moreHalves.length > 0) return undefined;
  const time = wallTime(found, named?.time, half);
  if (time === undefined) return undefined;
  const days = daysOf(
    of('days').map((each) => each.days),
    unknown,
    all,
    dateOf,
  );
  if (days?.length === 0) return undefined;
  return { time, days, ...(offset && { offset: offset.offset }) };
};

/** German "am Freitag": in front of a day "am" is no half of it. */
const withoutPreposition = (read: readonly Piece<ClockMeaning>[], isGerman: boolean): readonly Piece<ClockMeaning>[] =>
  read.filter(({ text }, index) => {
    const next = read[index + 1];
    return !(isGerman && text === 'am' && next !== undefined && (next.meaning ?? { kind: 'days' }).kind === 'days');
  });

/** `12 noon` is noon; hours go with the part of the day that was named: of 2 and 14 the one that is nearer to it. */
export const wallTime = (
  found: WallTime | undefined,
  named: WallTime | undefined,
  half: Half | undefined,
): WallTime | undefined => {
  if (found === undefined || (named !== undefined && found.hour === 12)) {
    return half === undefined && named ? { hour: named.hour, minute: found?.minute ?? 0 } : undefined;
  }
  const { hour, minute } = found;
  if (named !== undefined || minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return undefined;
  if (half?.isStrict === true && (hour < 1 || hour > 12)) return undefined;
  if (half === undefined || hour > 12) return { hour, minute };
  const [early, late] = [hour % 12, (hour % 12) + 12];
  if (distance(half.hours, late) < distance(half.hours, early)) return { hour: late, minute };
  // "Friday night at 12" is the end of Friday.
  return { hour: hour === 12 && half.hours.includes(23) ? 24 : early, minute };
};

/** In hours around the clock. */
const distance = (hours: readonly number[], to: number): number =>
  Math.min(...hours.map((hour) => Math.min((hour - to + 24) % 24, (to - hour + 24) % 24)));

/** The days that words and a date leave; none if they do not fit together, nothing if neither was given. */
const daysOf = (
  named: readonly (readonly number[])[],
  unknown: readonly string[],
  all: readonly Piece<ClockMeaning>[],
  dateOf: (text: string) => readonly number[],
): readonly number[] | undefined => {
  if (unknown.length === 0 && named.length <= 1) return named[0];
  // French "mar. 3" is a Tuesday, or a third of March in English.
  const asDate = all.filter(({ meaning }) => meaning === undefined || meaning.kind === 'days').map(({ text }) => text);
  const whole = dateOf(asDate.join(' '));
  if (whole.length > 0) return whole;
  return dateOf(unknown.join(' ')).filter((ahead) => named.every((days) => isOnDay(ahead, days)));
};

const isOnDay = (ahead: number, days: readonly number[]): boolean => days.some((day) => day % 7 === ahead % 7);
