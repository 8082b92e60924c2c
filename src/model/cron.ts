import type { EpochMs, Milliseconds } from '../api/units.ts';
import { dayOf } from './times.ts';
import { addDays, instantAt, instants, offsetAt } from './zonedTime.ts';

/** An autostart schedule: which minutes of which hours on which weekdays, 0 is Sunday; each in order. */
export interface Cron {
  /** IANA, as it was written. */
  readonly zone: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
}

const SHAPE = /^(?:CRON_TZ=(\S+)\s+)?(\S+)\s+(\S+)\s+\*\s+\*\s+(\S+)$/;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Reads a schedule as the server does (contract 2.6): weekly ones only, lists, ranges and steps in each field. */
export const readCron = (schedule: string): Cron | undefined => {
  const [, zone = 'UTC', ...fields] = SHAPE.exec(schedule.trim()) ?? [];
  const [minutes, hours, days] = [59, 23, 6].map((last, index) => readField(fields[index] ?? '', last));
  return minutes && hours && days && { zone, minutes, hours, days };
};

/** The number of a weekday by its English name or three letters of it. */
export const weekdayNumber = (name: string): number => DAYS.indexOf(name.slice(0, 3).toLowerCase());

const readField = (field: string, last: number): readonly number[] | undefined => {
  const chosen = new Set<number>();
  for (const part of field.split(',')) {
    const [, from = '', to = '', step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const number = (text: string): number =>
      /^\d+$/.test(text) ? Number(text) : last === 6 ? DAYS.indexOf(text.toLowerCase()) : -1;
    const begin = from === '*' ? 0 : number(from);
    // `5/10` goes on to the end, `5` alone does not.
    const end = to !== '' ? number(to) : from === '*' || step !== undefined ? last : begin;
    const every = Number(step ?? 1);
    if (begin < 0 || begin > end || end > last || every < 1 || (from === '*' && to !== '')) return undefined;
    for (let value = begin; value <= end; value += every) chosen.add(value);
  }
  return [...chosen].sort((one, other) => one - other);
};

/**
 * When it starts next. `permitted`: the weekdays on which the template allows it, by the schedule's own zone. A time that
 * the clocks skip is left out that day, as the server does.
 */
export const nextStart = (
  { zone, minutes, hours, days }: Cron,
  now: EpochMs,
  permitted: readonly number[] = days,
): EpochMs | undefined => {
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

/** The schedule that starts at one time on some weekdays. */
export const weeklyCron = (days: Iterable<number>, hour: number, minute: number, zone: string): string => {
  const sorted = [...new Set(days)].sort((one, other) => one - other);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const isRange = sorted.length > 2 && last - first === sorted.length - 1;
  const field = sorted.length === 7 ? '*' : isRange ? `${first}-${last}` : sorted.join(',');
  return `CRON_TZ=${zone} ${minute} ${hour} * * ${field}`;
};
