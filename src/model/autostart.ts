import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { EpochMs } from '../api/units.ts';
import { readCron } from './cron.ts';
import { clockTime, weekday, type DisplayLocale } from './times.ts';

/** A Sunday, in whose week weekdays are named. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;

/**
 * An autostart schedule in words with its zone: "Mon, Tue 09:30 (Europe/Paris)", "every day 07:00 (UTC)". What it cannot
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

/** "Mon, Tue"; the week begins on Monday, so that a weekend stands together. */
export const daysText = (days: readonly number[], displayLocale: DisplayLocale): string =>
  days.length === 7
    ? l10n.t('every day')
    : [1, 2, 3, 4, 5, 6, 0]
        .filter((dayOfWeek) => days.includes(dayOfWeek))
        .map((dayOfWeek) => weekday((SUNDAY + dayOfWeek * DAY_MS) as EpochMs, { ...displayLocale, timeZone: 'UTC' }))
        .join(', ');
