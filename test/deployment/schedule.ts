/** Autostart schedules (contract 2.6): an optional zone and five cron fields of which two must be `*`. */
import type { Stamp } from './clock.ts';

export interface Schedule {
  zone: string;
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
}

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function expand(field: string, min: number, max: number): Set<number> | undefined {
  const chosen = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [range = '', step = '1'] = match.slice(1);
    const number = (text: string): number => {
      const day = dayNames.indexOf(text.toUpperCase());
      return day === -1 ? Number(text) : day;
    };
    const [from = min, to] = range === '*' ? [min, max] : range.split('-').map(number);
    const last = to ?? (match[2] === undefined ? from : max);
    const every = Number(step);
    if (![from, last].every((n) => Number.isInteger(n) && n >= min && n <= max) || every < 1) return undefined;
    for (let n = from; n <= last; n += every) chosen.add(n);
  }
  return chosen;
}

/** The server's zones are files: their names are spelled so and not otherwise, and offsets are none. */
function isZone(zone: string): boolean {
  if (!/^[A-Z]/.test(zone) || zone === 'Local') return false;
  try {
    const { timeZone } = formatIn(zone).resolvedOptions();
    // Another name of the same zone says nothing about its spelling.
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}

/** The schedule, or `undefined` for text that is none. */
export function parseSchedule(text: string): Schedule | undefined {
  const match = /^(?:CRON_TZ=(\S+)\s+)?(\S+) (\S+) (\S+) (\S+) (\S+)$/.exec(text.trim());
  if (match === null) return undefined;
  const [zone = 'UTC', minute = '', hour = '', dayOfMonth = '', month = '', weekday = ''] = match.slice(1);
  if (dayOfMonth !== '*' || month !== '*' || !isZone(zone)) return undefined;
  const minutes = expand(minute, 0, 59);
  const hours = expand(hour, 0, 23);
  const weekdays = expand(weekday, 0, 6);
  return minutes && hours && weekdays ? { zone, minutes, hours, weekdays } : undefined;
}

interface LocalDay {
  year: number;
  month: number;
  day: number;
}

const DAY_MS = 86_400_000;

/** Each costs as much as reading a small list, and each deployment is seeded with schedules. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

/** How far the zone's clocks are ahead of UTC at that moment. */
function offsetMs(zone: string, at: Stamp): number {
  const parts = new Map(
    formatIn(zone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/** The first moment after `at` that the schedule names. */
export function nextOccurrence(schedule: Schedule, at: Stamp): Stamp | undefined {
  for (let ahead = 0; ahead <= 8; ahead++) {
    const local = new Date(at + ahead * DAY_MS + offsetMs(schedule.zone, at + ahead * DAY_MS));
    const day: LocalDay = { year: local.getUTCFullYear(), month: local.getUTCMonth(), day: local.getUTCDate() };
    if (!schedule.weekdays.has(local.getUTCDay())) continue;
    const moments: Stamp[] = [];
    for (const hour of schedule.hours)
      for (const minute of schedule.minutes) {
        const guess = Date.UTC(day.year, day.month, day.day, hour, minute);
        moments.push(guess - offsetMs(schedule.zone, guess));
      }
    const next = moments.sort((a, b) => a - b).find((moment) => moment > at);
    if (next !== undefined) return next;
  }
  return undefined;
}
