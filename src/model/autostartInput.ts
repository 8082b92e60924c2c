import * as l10n from '@vscode/l10n';
import type { EpochMs } from '../api/units.ts';
import { autostartText, daysText } from './autostart.ts';
import { timesIn, wallTime } from './clockInput.ts';
import { clockWords, halfOfDay, type ClockMeaning } from './clockWords.ts';
import { readCron, type Cron } from './cron.ts';
import { nextStart, weekdayNumber, weeklyCron } from './weeklyStart.ts';
import { absoluteAndRelative, dayOf, type DisplayLocale } from './times.ts';
import { fold, pieces, typedLanguages, type Piece } from './typedWords.ts';

/** The schedule to send, and its meaning. */
export interface TypedSchedule extends Cron {
  readonly schedule: string;
}

type Meaning =
  | ClockMeaning
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'range' }
  | { readonly kind: 'zone'; readonly zone: string };

/**
 * Reads an autostart schedule as a person types it, in English or VS Code's language, and as `autostartText` shows it;
 * `undefined`: it is none.
 * - days and a time: `weekdays 9:30`, `Mon, Wed 8 am`, `Fri-Sun 10:00`, `every day noon`; without days it is every day;
 * - with a zone, by its name or its city: `9:30 Europe/Paris`, `9:30 New York`, `9:30 UTC`; otherwise it is in `zone`;
 * - cron, `CRON_TZ=Europe/Paris 30 9 * * 1-5`: in UTC where it names no zone, as the server has it.
 */
export const parseAutostart = (
  typed: string,
  zone: string,
  now: EpochMs,
  displayLocale: DisplayLocale,
): TypedSchedule | undefined => {
  const text = typed.trim().replace(/\s+/g, ' ');
  // "@every 1h" and its like are cron, too, which no server takes (contract 2.6).
  if (text.length > LONGEST || text.startsWith('@')) return undefined;
  const schedule = /^(?:CRON_TZ=|[\d*,/-]+ [\d*,/-]+ \S+ \S+ \S+$)/.test(text)
    ? text
    : readWords(text, zone, now, displayLocale);
  const cron = schedule === undefined ? undefined : readCron(schedule);
  const named = cron && zoneNamed(cron.zone);
  if (schedule === undefined || cron === undefined || named === undefined) return undefined;
  // Only its spelling: a zone may have two names, and the one that was typed is kept where it looks like one.
  const spelled =
    cron.zone !== cron.zone.toLowerCase() && named.toLowerCase() !== cron.zone.toLowerCase() ? cron.zone : named;
  return { schedule: schedule.replace(`CRON_TZ=${cron.zone} `, `CRON_TZ=${spelled} `), ...cron, zone: spelled };
};

/** Long enough for a list of all minutes. */
const LONGEST = 400;

const readWords = (text: string, usual: string, now: EpochMs, displayLocale: DisplayLocale): string | undefined => {
  const named = ZONE.exec(text)?.[0];
  const zone = named === undefined ? usual : zoneNamed(named) && named;
  if (zone === undefined) return undefined;
  const words = scheduleWords(now, displayLocale);
  const rest = text.replace(named ?? '', ' ');
  // "Mon-Fri" is a range, the Japanese 月～金 too, the Portuguese "segunda-feira" one day.
  for (const part of [rest.replace(/(?<=\p{L}\.?) ?[-–—~～] ?(?=\p{L})/gu, ' through '), rest]) {
    const folded = fold(part);
    if (INTERVAL.test(folded)) return undefined;
    for (const found of [...timesIn(folded), undefined]) {
      const read = [...pieces(found?.before ?? folded, words), ...pieces(found?.after ?? '', words)];
      const understood = understand(read, found, named === undefined ? undefined : zone, usual, now, displayLocale);
      if (understood !== undefined) return understood;
    }
  }
  return undefined;
};

/** "every 2 hours", which is no time of day; a schedule like it is typed as cron. */
const INTERVAL = /(?:every|cada|ogni|les|her|каждые) \d+ ?(?:h(?!\d)|ore|saat|ч)/;
const ZONE = /[A-Za-z][\w+-]*(?:\/[A-Za-z][\w+-]*)+/;

const understand = (
  read: readonly Piece<Meaning>[],
  found: ReturnType<typeof timesIn>[number] | undefined,
  named: string | undefined,
  usual: string,
  now: EpochMs,
  displayLocale: DisplayLocale,
): string | undefined => {
  const today = new Date(`${dayOf(now, displayLocale)}T12:00:00Z`).getUTCDay();
  const days = new Set<number>();
  const unknown: string[] = [];
  let zone = named;
  let time: Extract<Meaning, { kind: 'time' }>['time'] | undefined;
  let half: Extract<Meaning, { kind: 'half' }> | undefined = found?.half && halfOfDay[found.half];
  let last: number | undefined;
  let rangeFrom: number | undefined;
  for (const { text, meaning } of read) {
    // "lunes a viernes" is a range, "lunes a las 9 y viernes" is not.
    if (meaning?.kind !== 'days') rangeFrom = meaning?.kind === 'range' ? last : undefined;
    if (meaning === undefined) unknown.push(text);
    else if (meaning.kind === 'weekdays') for (const each of meaning.weekdays) days.add(each);
    else if (meaning.kind === 'zone') ({ zone } = meaning);
    else if (meaning.kind === 'offset') zone = displayLocale.timeZone;
    else if (meaning.kind === 'time') ({ time } = meaning);
    else if (meaning.kind === 'half') half = meaning;
    else if (meaning.kind === 'days') {
      const to = (today + (meaning.days[0] ?? 0)) % 7;
      for (let day = rangeFrom ?? to; day !== to; day = (day + 1) % 7) days.add(day);
      days.add(to);
      last = to;
      rangeFrom = undefined;
    }
  }
  if (unknown.length > 0) zone = named === undefined ? cityNamed(unknown.join(' ')) : undefined;
  else zone ??= usual;
  const at = wallTime(found, time, half);
  if (zone === undefined || at === undefined) return undefined;
  return weeklyCron(days.size === 0 ? [0, 1, 2, 3, 4, 5, 6] : days, at.hour % 24, at.minute, zone);
};

/** As servers spell it, where upper and lower case are two; never an offset, which only `Intl` takes for a zone. */
const zoneNamed = (name: string): string | undefined => {
  if (!/^[a-z]/i.test(name) || name.toLowerCase() === 'local') return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
};

const cityNamed = (city: string): string | undefined =>
  Intl.supportedValuesOf('timeZone').find((zone) => fold(zone.slice(zone.lastIndexOf('/') + 1)) === city);

const scheduleWords = (now: EpochMs, displayLocale: DisplayLocale): ReadonlyMap<string, Meaning> => {
  const locales = typedLanguages(displayLocale);
  const words = new Map<string, Meaning>(clockWords(dayOf(now, displayLocale), locales, displayLocale));
  for (const locale of locales) {
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    for (const ahead of [0, 1, 2]) words.delete(fold(relative.format(ahead, 'day')));
  }
  const add = (texts: string, meaning: Meaning): void => {
    for (const text of texts.split(', ')) {
      const word = fold(text);
      // German "Do" is a Thursday, not a Polish "to".
      if (words.get(word)?.kind !== 'days') words.set(word, meaning);
    }
  };
  add(FILLERS, { kind: 'filler' });
  add(RANGES, { kind: 'range' });
  add('utc, gmt', { kind: 'zone', zone: 'UTC' });
  add(WORKDAYS, { kind: 'weekdays', weekdays: [1, 2, 3, 4, 5] });
  add(WEEKENDS, { kind: 'weekdays', weekdays: [0, 6] });
  add(`${EVERY_DAY}, ${l10n.t('every day')}`, { kind: 'weekdays', weekdays: [0, 1, 2, 3, 4, 5, 6] });
  return words;
};

// What Intl does not name, in VS Code's display languages.
const FILLERS =
  'and, every, each, from, und, jeden, von, et, chaque, tous les, du, de, y, cada, todos los, da, dal, ogni, ' +
  'todas as, każdy, od, každý, и, с, каждый, her, és, minden, 毎週, 와, 매주, 和, 每';
const RANGES = 'to, through, thru, until, till, bis, au, à, a, al, até, do, až, до, по, から, 부터, 至, 到';
const WORKDAYS =
  'weekdays, weekday, workdays, werktags, wochentags, en semaine, entre semana, feriali, ' +
  'giorni feriali, dias úteis, dni robocze, všední dny, будням, будни, hafta içi, ' +
  'hétköznap, 平日, 평일, 工作日';
const WEEKENDS =
  'weekends, weekend, am Wochenende, week-end, fines de semana, fine settimana, fins de semana, weekendy, ' +
  'víkendu, выходным, hafta sonu, hétvégén, 週末, 주말, 周末';
const EVERY_DAY =
  'every day, daily, everyday, täglich, jeden Tag, tous les jours, chaque jour, todos los días, cada día, ' +
  'tutti i giorni, ogni giorno, todos os dias, diariamente, codziennie, každý den, denně, каждый день, ежедневно, ' +
  'her gün, minden nap, naponta, 毎日, 매일, 每天, 每日';

/** Weekdays on which a template lets its workspaces start by themselves, from the server's English names. */
export const permittedDays = (names: readonly string[] | undefined): readonly number[] =>
  names === undefined ? [0, 1, 2, 3, 4, 5, 6] : names.map(weekdayNumber);

/** Why the template does not permit it, or nothing. */
export const scheduleProblem = (
  { days }: Cron,
  permitted: readonly number[],
  displayLocale: DisplayLocale,
): string | undefined => {
  if (days.some((day) => permitted.includes(day))) return undefined;
  return permitted.length === 0
    ? l10n.t("This template doesn't let its workspaces start automatically on any day.")
    : l10n.t('This template lets its workspaces start automatically only on {0}.', daysText(permitted, displayLocale));
};

/** "Mon, Tue 09:30 (Europe/Paris). Next start: Thu 09:30, in 8 h."; a dormant workspace isn't started by itself. */
export const scheduleSentence = (
  typed: TypedSchedule,
  permitted: readonly number[],
  now: EpochMs,
  displayLocale: DisplayLocale,
  isDormant = false,
): string => {
  const next = isDormant ? undefined : nextStart(typed, now, permitted);
  const words = autostartText(typed.schedule, displayLocale);
  if (next === undefined) return `${words}.`;
  const when = absoluteAndRelative(next, now, displayLocale);
  return typed.days.every((day) => permitted.includes(day))
    ? l10n.t('{0}. Next start: {1}.', words, when)
    : l10n.t(
        '{0}, but the template permits only {1}. Next start: {2}.',
        words,
        daysText(permitted, displayLocale),
        when,
      );
};
