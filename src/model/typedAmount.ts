import * as l10n from '@vscode/l10n';
import type { Milliseconds } from '../api/units.ts';
import { hours, minutes } from '../api/units.ts';
import { cached } from './cached.ts';
import { duration } from './times.ts';
import { fold, pieces, type Piece } from './typedWords.ts';

/** A length of time that somebody typed. */
export interface TypedAmount {
  readonly length: Milliseconds;
  /** It says so itself: `+2h`, `in 2 hours`. */
  readonly isRelative: boolean;
}

/**
 * Reads folded text as a length of time: `2h`, `+90m`, `1 h 30`, `1h30`, `1.5 h`, `90 minutes`, `in 2 hours`, `2 hours
 * from now`, `+1:30`, in English and `locales`; `undefined` for anything else. Callers set the limit.
 *
 * `h` stands for hours and, in French and others, for an hour of the day. Without a word that decides (`+`, `in`):
 * - an hour with minutes is a time of day from 6 on (`18h30`, `9 h 30`, `18.30 hrs`), a length below (`1h30`, `1 h 30`);
 * - an hour right before its `h` is a time of day from 13 to 23 (`18h`, `18ч`), otherwise a length (`2h`, `24h`);
 * - everything else is a length: `18 h`, `18 h 30 min`, `18 hours`.
 */
export const readAmount = (text: string, locales: readonly string[]): TypedAmount | undefined => {
  const read = pieces(spaced(text), amountWords(locales.join()));
  const isRelative = read.some(({ meaning }) => meaning === 'relative');
  const terms = readTerms(
    read.filter(({ meaning }) => meaning !== 'relative'),
    isRelative,
  );
  if (terms === undefined || isTimeOfDay(text)) return undefined;
  const length = terms.reduce((sum, { count, unit }) => sum + count * UNITS[unit], 0);
  return { length: length as Milliseconds, isRelative };
};

const UNITS = {
  second: 1000,
  minute: minutes(1),
  hour: hours(1),
  day: hours(24),
  week: hours(7 * 24),
  // As coarse as `fromNow` in times.ts shows them.
  month: hours(30 * 24),
  year: hours(365 * 24),
} as const;
type Unit = keyof typeof UNITS;

/** Numbers stand for words such as "one" and "half". */
type AmountWord = Unit | 'relative' | 'and' | number;

/** Numbers stand alone, as pieces of their own. */
const spaced = (text: string): string =>
  text
    .replace(/[\d.,:]+/g, ' $& ')
    .replace(/\+/g, ' + ')
    // "полчаса" and "půlhodina" are one word.
    .replace(/(?:пол|pul)(?=час|hod)/, '$& ');

interface Term {
  readonly count: number;
  readonly unit: Unit;
}

/**
 * Numbers and units in turn; minutes may go without theirs behind hours, and `+1:30` is hours and minutes. A half counts
 * before its unit, behind it ("an hour and a half"), and behind a number ("two and a half hours"); behind "in" one of a unit goes without its number ("через час").
 */
const readTerms = (read: readonly Piece<AmountWord>[], isRelative: boolean): readonly Term[] | undefined => {
  const terms: Term[] = [];
  for (let index = 0; index < read.length;) {
    const { text = '', meaning } = read[index] ?? {};
    const { meaning: unit } = read[index + 1] ?? {};
    const [, wholeHours, restMinutes] = /^(\d{1,3}):([0-5]\d)$/.exec(text) ?? [];
    // "1,000" and "1.000" are a thousand to some, and one to others.
    const count = /^\d{1,5}(?:[.,]\d{1,2})?$/.test(text)
      ? Number(text.replace(',', '.'))
      : typeof meaning === 'number'
        ? meaning
        : undefined;
    const last = terms.at(-1);
    const next = read.findIndex((each, at) => at > index && each.meaning !== 'and' && each.meaning !== 1);
    const halfUnit = read[next]?.meaning === 0.5 && meaning !== 1 ? read[next + 1]?.meaning : undefined;
    if (wholeHours !== undefined && read.length === 1) {
      terms.push({ count: Number(wholeHours), unit: 'hour' }, { count: Number(restMinutes), unit: 'minute' });
      index += 1;
    } else if (count !== undefined && isUnit(unit)) {
      terms.push({ count, unit });
      index += 2;
    } else if (count !== undefined && count >= 1 && isUnit(halfUnit)) {
      terms.push({ count: count + 0.5, unit: halfUnit });
      index = next + 2;
    } else if (meaning === 0.5 && unit === 1) {
      read = read.toSpliced(index + 1, 1);
    } else if (meaning === 1 && unit === 0.5) {
      index += 1;
    } else if (meaning === 0.5 && last !== undefined && index === read.length - 1) {
      terms.push({ count: 0.5, unit: last.unit });
      index += 1;
    } else if (isUnit(meaning) && isRelative && read.length === 1) {
      terms.push({ count: 1, unit: meaning });
      index += 1;
    } else if ((meaning === 'and' || meaning === 1) && index > 0 && index < read.length - 1) {
      index += 1;
    } else if (count !== undefined && index === read.length - 1 && count < 60 && last?.unit === 'hour') {
      terms.push({ count, unit: 'minute' });
      index += 1;
    } else return undefined;
  }
  // "8 hours a day" is no length.
  const isAscending = terms.some(({ unit }, index) => UNITS[unit] > UNITS[terms[index - 1]?.unit ?? unit]);
  return terms.length === 0 || isAscending ? undefined : terms;
};

const isUnit = (meaning: AmountWord | undefined): meaning is Unit => meaning !== undefined && meaning in UNITS;

/** The rules for `h`; `0930 hrs` is a time of day, too, and so is `9:30` unless `+` or `in` stands before it. */
const isTimeOfDay = (text: string): boolean => {
  if (/^(?!\+|in ).*\d:\d|^\d{4} ?h(?:rs)?$/.test(text)) return true;
  const withMinutes = /^(\d{1,2})(?: ?[hч] ?\d{1,2}|[.]\d\d ?(?:[hч]|godz|ore|saat)\p{L}*)$/u.exec(text)?.[1];
  if (withMinutes !== undefined) return Number(withMinutes) >= 6 && Number(withMinutes) <= 24;
  const alone = Number(/^(\d{1,2})(?:[hч]| ?(?:hs|hod))$/.exec(text)?.[1]);
  return alone >= 13 && alone <= 23;
};

const amountWords = cached((locales) => makeWords(locales.split(',')));

/** What units are called: by `Intl`, by this extension, and by people. */
const makeWords = (locales: readonly string[]): ReadonlyMap<string, AmountWord> => {
  const words = new Map<string, AmountWord>();
  const add = (text: string, meaning: AmountWord): void => {
    const word = fold(text.replace(/\d[\d.,]*/g, ''));
    if (word !== '') words.set(word, meaning);
  };
  for (const [text, meaning] of Object.entries(TYPED)) for (const word of text.split(' ')) add(word, meaning);
  for (const phrase of ['from now', 'daqui a', '+']) words.set(phrase, 'relative');
  for (const phrase of ['bir bucuk', '一个半', '一個半']) words.set(phrase, 1.5);
  words.set('с половинои', 0.5);
  for (const locale of locales) {
    const relative = new Intl.RelativeTimeFormat(locale);
    for (const unit of Object.keys(UNITS) as Unit[]) {
      for (const unitDisplay of ['long', 'short'] as const) {
        const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay });
        for (const count of PLURALS) {
          add(format.formatToParts(count).find(({ type }) => type === 'unit')?.value ?? '', unit);
        }
      }
      for (const count of PLURALS) {
        const [before = '', after = ''] = around(relative.formatToParts(count, unit));
        add(before, 'relative');
        // " 時間後" is a unit and a word for "from now", " Stunden" a unit that may be new.
        const [first, ...rest] = pieces(fold(after), words);
        if (first?.meaning === unit) for (const { text } of rest) words.set(text, 'relative');
        else add(after, unit);
      }
    }
  }
  add(duration(hours(3 * 24)), 'day');
  add(duration(hours(2)), 'hour');
  add(duration(minutes(2)), 'minute');
  add(duration(2000 as Milliseconds), 'second');
  for (const part of l10n.t('in {0}', '0').split('0')) add(part, 'relative');
  return words;
};

/** One of each plural form that there is. */
const PLURALS = [1, 2, 5, 1.5];

/** What stands before and behind the number. */
const around = (parts: readonly Intl.RelativeTimeFormatPart[]): string[] => {
  const first = parts.findIndex(({ type }) => type !== 'literal');
  const last = parts.findLastIndex(({ type }) => type !== 'literal');
  const text = (some: readonly Intl.RelativeTimeFormatPart[]): string => some.map(({ value }) => value).join('');
  return [text(parts.slice(0, first)), text(parts.slice(last + 1))];
};

const TYPED: Readonly<Record<string, AmountWord>> = {
  s: 'second',
  'm mins': 'minute',
  'h hrs hr hs hod órát 个小时 個小時 个钟头 個鐘頭': 'hour',
  d: 'day',
  w: 'week',
  'in for after another plus later longer more': 'relative',
  'noch für länger encore pendant en más fra per mais por na przez ещё на daha 뒤 더 あと': 'relative',
  'and und et y e i a и ve': 'and',
  'half demi demie media mezza mezzo mezz meia halb halbe halben půl pół пол fél yarım buçuk 半 个半 個半 반': 0.5,
  'an a one ein eine einer einem une un una uno uma jedna egy один bir 一 一个 一個 한': 1,
  'two zwei deux dos due duas dvě dwie два iki két 두 两 兩 两个 兩個 二': 2,
  'three drei trois tres tre três tři trzy три három üç 三 세': 3,
  'four vier quatre cuatro quattro quatro čtyři cztery четыре négy dört 四 네': 4,
  zweieinhalb: 2.5,
  'anderthalb eineinhalb полтора półtorej másfél': 1.5,
};
