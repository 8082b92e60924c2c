import type { EpochMs, Milliseconds } from '../api/units.ts';
import { zoneName, type DisplayLocale } from './times.ts';
import { fold } from './typedWords.ts';
import { addDays, offsetAt, type WallTime } from './zonedTime.ts';

/** What a word around a time of day means. */
export type ClockMeaning =
  /** "at", "Uhr": nothing more. */
  | { readonly kind: 'filler' }
  /** Part of the day, as the hours (0 to 23) that are called so; `isStrict`: only the hours from 1 to 12 go with it. */
  | { readonly kind: 'half'; readonly hours: readonly number[]; readonly isStrict: boolean }
  /** How many days ahead it may be, in order. */
  | { readonly kind: 'days'; readonly days: readonly number[] }
  /** How far clocks are ahead of UTC. */
  | { readonly kind: 'offset'; readonly offset: Milliseconds }
  | { readonly kind: 'time'; readonly time: WallTime };

type Words = ReadonlyMap<string, ClockMeaning>;

let latest: { readonly key: string; readonly words: Words } | undefined;

/** Folded words with their meanings on `today` (`2026-11-25`), in English and in `locales`. */
export const clockWords = (today: string, locales: readonly string[], { timeZone }: DisplayLocale): Words => {
  const key = `${today} ${timeZone} ${locales.join()}`;
  if (latest?.key !== key) latest = { key, words: makeWords(today, locales, timeZone) };
  return latest.words;
};

/** Later ones stand in for earlier ones that read alike: German "Do" is a Thursday, not a Polish "until". */
const makeWords = (today: string, locales: readonly string[], timeZone: string): Words => {
  const words = new Map<string, ClockMeaning>();
  const add = (text: string, meaning: ClockMeaning): void => {
    words.set(fold(text), meaning);
  };
  for (const text of FILLERS.split(/\s+/)) add(text, { kind: 'filler' });
  for (const locale of locales) {
    for (const [name, offset] of zoneNames(today, locale, timeZone)) add(name, { kind: 'offset', offset });
    for (const [name, hours] of dayPeriods(locale)) add(name, { kind: 'half', hours, isStrict: false });
    for (const [name, days] of dayNames(today, locale)) add(name, { kind: 'days', days });
  }
  for (const [hours, texts] of DAY_PERIODS) {
    for (const text of texts.split(', ')) add(text, { kind: 'half', hours, isStrict: false });
  }
  for (const [ahead, texts] of [TODAY, TOMORROW, DAY_AFTER_TOMORROW].entries()) {
    for (const text of texts.split(', ')) add(text, { kind: 'days', days: [ahead] });
  }
  for (const text of NOON.split(', ')) add(text, { kind: 'time', time: { hour: 12, minute: 0 } });
  for (const text of MIDNIGHT.split(', ')) add(text, { kind: 'time', time: { hour: 24, minute: 0 } });
  for (const half of ['am', 'pm'] as const) {
    for (const text of [half, `${half.charAt(0)}.m.`]) add(text, halfOfDay[half]);
  }
  words.delete('');
  return words;
};

/** The zone's short names in the year to come: "EST" and "EDT", "GMT+1". */
const zoneNames = (today: string, locale: string, timeZone: string): Map<string, Milliseconds> => {
  const names = new Map<string, Milliseconds>();
  for (let month = 0; month < 13; month++) {
    const at = Date.parse(`${addDays(today, month * 30)}T12:00:00Z`) as EpochMs;
    names.set(zoneName(at, { locale, timeZone }), offsetAt(at, timeZone));
  }
  return names;
};

/** "午前", "in the evening", "nachts", with their hours. */
const dayPeriods = (locale: string): Map<string, readonly number[]> => {
  const names = new Map<string, readonly number[]>();
  for (const dayPeriod of [undefined, 'long'] as const) {
    const options = { hour: 'numeric', hour12: true, timeZone: 'UTC', ...(dayPeriod && { dayPeriod }) } as const;
    const format = new Intl.DateTimeFormat(locale, options);
    for (let hour = 0; hour < 24; hour++) {
      const name = format.formatToParts(Date.UTC(2026, 0, 1, hour)).find(({ type }) => type === 'dayPeriod')?.value;
      if (name !== undefined) names.set(name, [...(names.get(name) ?? []), hour]);
    }
  }
  return names;
};

const dayNames = (today: string, locale: string): Map<string, readonly number[]> => {
  const names = new Map<string, readonly number[]>();
  const begun = new Map<string, readonly number[]>();
  const short = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const long = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  for (let ahead = 0; ahead < 7; ahead++) {
    const noon = Date.parse(`${addDays(today, ahead)}T12:00:00Z`);
    // A weekday that is today means today or, once the time has passed, the same day next week.
    const days = ahead === 0 ? [0, 7] : [ahead];
    const name = long.format(noon);
    for (const each of beginnings(name)) begun.set(each, days);
    for (const each of [short.format(noon), name, ...inflected(name)]) names.set(each, days);
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const ahead of [0, 1, 2]) {
    const name = relative.format(ahead, 'day');
    if (!/\p{Nd}/u.test(name)) names.set(name, [ahead]);
  }
  return new Map([...begun, ...names]);
};

/** "thurs", "segunda"; not of names that are written without spaces. */
const beginnings = (name: string): string[] =>
  /^[\p{sc=Latin}\p{sc=Cyrillic}-]+$/u.test(name)
    ? Array.from(name).map((_, index) => name.slice(0, Math.max(3, index)))
    : [];

/**
 * "Mondays", "montags", "lundis"; after "on" and "until" Slavic weekdays end otherwise: "в пятницу", "ve středu", "до
 * четверга", "do piątku"; Turkish "cumaya", Hungarian "pénteken", "hétfőn"; Japanese "金曜", Chinese "礼拜五".
 */
const inflected = (name: string): string[] =>
  /[aeiаяе]$/.test(name)
    ? [
        ...['s', 'ya', 'ye'].map((end) => name + end),
        ...Array.from('ueiyуюыя').map((vowel) => `${name.slice(0, -1)}${vowel}`),
      ]
    : [
        ...['n', 'on', 'en', 's', 'а', 'a', 'ya'].map((end) => fold(name) + end),
        ...['ku', 'ka'].map((end) => name.replace(/ek$/, end)),
        name.replace(/曜日$/, '曜'),
        ...['礼拜', '禮拜'].map((week) => name.replace('星期', week)),
        ...['星期天', '周天', '週天'].map((sunday) => name.replace('星期日', sunday)),
      ];

// What Intl does not name, in VS Code's display languages.

const hoursFrom = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const MORNING = hoursFrom(0, 11);
const AFTERNOON = hoursFrom(12, 17);
const EVENING = hoursFrom(18, 23);

export const halfOfDay: Readonly<Record<'am' | 'pm', Extract<ClockMeaning, { kind: 'half' }>>> = {
  am: { kind: 'half', hours: MORNING, isStrict: true },
  pm: { kind: 'half', hours: [...AFTERNOON, ...EVENING], isStrict: true },
};

/** Parts of the day as they stand with a day, in the languages as above: "tomorrow morning at 9", "heute Abend 8 Uhr". */
const DAY_PERIODS: readonly (readonly [readonly number[], string])[] = [
  [MORNING, 'morning, früh, matin, por la mañana, mattina, del mattino, de manhã, rano, утром, 朝, 早上, 오전, 새벽'],
  [AFTERNOON, 'afternoon, Nachmittag, après-midi, por la tarde, pomeriggio, à tarde, днём, 오후'],
  [
    EVENING,
    'evening, tonight, night, Abend, Nacht, soir, ce soir, por la noche, esta noche, sera, stasera, à noite, večer, ' +
      'wieczorem, вечером, akşam, 今夜, 今晚, 晚, 傍晚',
  ],
];
const TODAY = 'dziś, 本日';
const TOMORROW = 'tmr, tmrw, jutra, zítřka, yarına, あした, 明早';
const DAY_AFTER_TOMORROW = 'day after tomorrow, あさって';

/** Around a time: "at", "o'clock", "until". English, German, French, Spanish, Italian, Portuguese, Czech, Polish, Russian, Turkish, Hungarian, Japanese, Korean, Chinese. */
const FILLERS = `at on by until till to the this of o clock oclock
  um bis gegen uhr
  à le au vers jusqu jusque
  a al las la el los hasta hacia
  alle all le ore ora fino
  às as ao o no na até
  v ve do hod hodin
  w we o do godz godzina godzinie
  в во к до на
  saat da de ta te ya ye e kadar gunu gunune bu
  kor ig orakor oraig
  に の まで は
  에 까지
  在 到 于 直到 为止 為止`;
const NOON =
  'noon, midday, Mittag, midi, mediodía, mezzogiorno, meio-dia, poledne, południe, w południe, полдень, öğle, öğlen, dél, délben, 正午, 정오, 中午';
const MIDNIGHT =
  'midnight, Mitternacht, minuit, medianoche, mezzanotte, meia-noite, půlnoc, północ, полночь, północy, půlnoci, éjfél, éjfélkor, gece yarısı, 真夜中, 자정, 午夜, 半夜';
