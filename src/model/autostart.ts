import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { EpochMs } from '../api/units.ts';
import { readCron } from './cron.ts';
import { clockTime, weekday, weekdayRange, type DisplayLocale } from './times.ts';

/** A Sunday, in whose week weekdays are named. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;

/**
 * An autostart schedule in words with its zone: "Mon – Fri 09:30 (Europe/Paris)", "every day 07:00 (UTC)". What it cannot
 * put in words comes back as it is (contract 2.6: lists, ranges and steps are allowed everywhere).
 */
export const autostartText = (schedule: string, displayLocale: DisplayLocale): string => {
  const { zone, minutes, hours, days } = readCron(schedule) ?? {};
  if (days === undefined || hours?.length !== 1 || minutes?.length !== 1) return plainLine(schedule, 100);
  const at = (SUNDAY + (Number(hours[0]) * 60 + Number(minutes[0])) * 60_000) as EpochMs;
  // Its own zone stands behind it.
  const time = clockTime(at, at, { ...displayLocale, timeZone: 'UTC', showsZone: false });
  return l10n.t('{0} {1} ({2})', daysText(days, displayLocale), time, plainLine(zone ?? '', 60));
};

/** "Mon – Fri", "Mon, Wed, Sat, Sun": three days or more in a row are a range, in a week from Monday to Sunday. */
export const daysText = (days: readonly number[], displayLocale: DisplayLocale): string => {
  if (days.length === 7) return l10n.t('every day');
  const utc = { ...displayLocale, timeZone: 'UTC' };
  const at = (day: number): EpochMs => (SUNDAY + day * DAY_MS) as EpochMs;
  const rows: number[][] = [];
  for (const day of [1, 2, 3, 4, 5, 6, 7].filter((each) => days.includes(each % 7))) {
    const row = rows.at(-1);
    if (row?.at(-1) === day - 1) row.push(day);
    else rows.push([day]);
  }
  return rows
    .flatMap((row) => {
      const [first = 0, last = 0] = [row[0], row.at(-1)];
      return row.length > 2 ? [weekdayRange(at(first), at(last), utc)] : row.map((day) => weekday(at(day), utc));
    })
    .join(', ');
};
