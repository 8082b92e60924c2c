import type { EpochMs, Milliseconds } from '../api/units.ts';
import { WEEKDAYS, type Cron } from './cron.ts';
import { validZone } from './displayLocale.ts';
import { dayOf } from './times.ts';
import { addDays, instantAt, instants, offsetAt } from './zonedTime.ts';

/** Number of a weekday, 0 is Sunday, by its English name or the first three letters. */
export const weekdayNumber = (name: string): number => WEEKDAYS.indexOf(name.slice(0, 3).toLowerCase());

/**
 * When it starts next; nothing in a zone that the server knows and `Intl` doesn't. `permitted`: the weekdays on which the
 * template allows it, by the schedule's own zone. A time that the clocks skip is left out that day, as the server does.
 */
export const nextStart = (
  { zone, minutes, hours, days }: Cron,
  now: EpochMs,
  permitted: readonly number[] = days,
): EpochMs | undefined => {
  if (validZone(zone) === undefined) return undefined;
  const today = dayOf(now, { timeZone: zone });
  for (let ahead = 0; ahead <= 15; ahead++) {
    const date = addDays(today, ahead);
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
    if (!days.includes(weekday) || !permitted.includes(weekday)) continue;
    const times = hours.flatMap((hour) => minutes.map((minute) => ({ hour, minute })));
    const ats = times.flatMap((time) => {
      const shown = instantAt(date, time, 0 as Milliseconds);
      return instants(date, time, zone).filter((at) => at > now && at + offsetAt(at, zone) === shown);
    });
    const [first] = ats.sort((one, other) => one - other);
    if (first !== undefined) return first;
  }
  return undefined;
};

/** The schedule for one time on some weekdays; an empty list means every day. */
export const weeklyCron = (days: Iterable<number>, hour: number, minute: number, zone: string): string => {
  const sorted = [...new Set(days)].sort((one, other) => one - other);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const isRange = sorted.length > 2 && last - first === sorted.length - 1;
  const field = sorted.length % 7 === 0 ? '*' : isRange ? `${first}-${last}` : sorted.join(',');
  return `CRON_TZ=${zone} ${minute} ${hour} * * ${field}`;
};
