import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { EpochMs } from '../api/units.ts';
import { clockTime, weekday, type DisplayLocale } from './times.ts';

const SHAPE = /^(?:CRON_TZ=(?<zone>\S+) )?(?<minute>\d{1,2}) (?<hour>\d{1,2}) \* \* (?<days>\S+)$/;
const NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** A Sunday, in whose week weekdays are named. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;

/**
 * An autostart schedule in words with its zone: "Mon, Tue 09:30 (Europe/Paris)", "every day 07:00 (UTC)". What it cannot
 * put in words comes back as it is (contract 2.6: lists, ranges and steps are allowed everywhere).
 */
export const autostartText = (schedule: string, displayLocale: DisplayLocale): string => {
  const { zone = 'UTC', minute, hour, days = '' } = SHAPE.exec(schedule.trim())?.groups ?? {};
  const weekdays = readDays(days.toLowerCase());
  if (weekdays === undefined || Number(hour) > 23 || Number(minute) > 59) return plainLine(schedule, 100);
  const at = (SUNDAY + (Number(hour) * 60 + Number(minute)) * 60_000) as EpochMs;
  // Its own zone stands behind it.
  const time = clockTime(at, at, { ...displayLocale, timeZone: 'UTC', showsZone: false });
  return l10n.t('{0} {1} ({2})', daysText(weekdays, displayLocale), time, plainLine(zone, 60));
};

const daysText = (weekdays: ReadonlySet<number>, displayLocale: DisplayLocale): string => {
  if (weekdays.size === 7) return l10n.t('every day');
  const inUtc = { ...displayLocale, timeZone: 'UTC' };
  // The week begins on Monday, so that a weekend stands together.
  return [1, 2, 3, 4, 5, 6, 0]
    .filter((dayOfWeek) => weekdays.has(dayOfWeek))
    .map((dayOfWeek) => weekday((SUNDAY + dayOfWeek * DAY_MS) as EpochMs, inUtc))
    .join(', ');
};

/** `1-5`, `mon,wed`, `*`, `0`; Sunday is 0. */
const readDays = (field: string): ReadonlySet<number> | undefined => {
  const weekdays = new Set<number>();
  for (const part of (field === '*' ? '0-6' : field).split(',')) {
    const [from, to = from, ...rest] = part.split('-').map(readDay);
    if (from === undefined || to === undefined || from > to || rest.length > 0) return undefined;
    for (let dayOfWeek = from; dayOfWeek <= to; dayOfWeek += 1) weekdays.add(dayOfWeek);
  }
  return weekdays;
};

const readDay = (text: string): number | undefined => {
  const named = NAMES.indexOf(text);
  if (named >= 0) return named;
  return /^[0-6]$/.test(text) ? Number(text) : undefined;
};
