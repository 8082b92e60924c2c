import type { EpochMs, Milliseconds } from '../api/units.ts';
import { cached } from './cached.ts';

/** A time as a clock on the wall shows it; 24:00 is the end of the day. */
export interface WallTime {
  readonly hour: number;
  readonly minute: number;
}

/** `2026-11-25` some days later; calendar days, not 24 hours. */
export const addDays = (date: string, days: number): string => {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

/** `time` on `date` where clocks are always that far ahead of UTC. */
export const instantAt = (date: string, { hour, minute }: WallTime, offset: Milliseconds): EpochMs =>
  (Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * 60_000 - offset) as EpochMs;

/**
 * The moments at which the zone's clocks show `time` on `date`, in order: one; two where clocks are set back. Where they
 * are set forward and never show it, the same distance after midnight counts: 02:30 becomes 03:30.
 */
export const instants = (date: string, time: WallTime, timeZone: string): EpochMs[] => {
  const asUtc = instantAt(date, time, 0 as Milliseconds);
  // Offsets reach from -12 to +14 hours and change by at most a few hours: the days around show all that apply.
  const offsets = new Set(
    [-24, -3, 0, 3, 24].map((hours) => offsetAt((asUtc + hours * 3_600_000) as EpochMs, timeZone)),
  );
  const found = [...offsets]
    .map((offset) => (asUtc - offset) as EpochMs)
    .filter((at) => offsetAt(at, timeZone) === asUtc - at);
  if (found.length > 0) return found.sort((one, other) => one - other);
  // The clocks skip this time: with the offset from before the change it falls as far behind the gap as it was in it.
  return [(asUtc - offsetAt((asUtc - 86_400_000) as EpochMs, timeZone)) as EpochMs];
};

/** How far the zone's clocks are ahead of UTC at a moment. */
export const offsetAt = (at: EpochMs, timeZone: string): Milliseconds => {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shownAsUtc = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return (shownAsUtc - Math.floor(at / 1000) * 1000) as Milliseconds;
};

const clockOf = cached(
  (timeZone) =>
    new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
);
