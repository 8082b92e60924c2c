/** An autostart schedule: which minutes of which hours on which weekdays, 0 is Sunday; each in order. */
export interface Cron {
  /** IANA, as it was written. */
  readonly zone: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
}

const SHAPE = /^(?:CRON_TZ=(\S+)\s+)?(\S+)\s+(\S+)\s+\*\s+\*\s+(\S+)$/;
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Reads a schedule as the server does (contract 2.6): weekly ones only, lists, ranges and steps in each field. */
export const readCron = (schedule: string): Cron | undefined => {
  const [, zone = 'UTC', ...fields] = SHAPE.exec(schedule.trim()) ?? [];
  const [minutes, hours, days] = [59, 23, 6].map((last, index) => readField(fields[index] ?? '', last));
  return minutes && hours && days && { zone, minutes, hours, days };
};

const readField = (field: string, last: number): readonly number[] | undefined => {
  const chosen = new Set<number>();
  for (const part of field.split(',')) {
    const [, from = '', to = '', step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const number = (text: string): number =>
      /^\d+$/.test(text) ? Number(text) : last === 6 ? WEEKDAYS.indexOf(text.toLowerCase()) : -1;
    const begin = from === '*' ? 0 : number(from);
    // `5/10` goes on to the end, `5` alone does not.
    const end = to !== '' ? number(to) : from === '*' || step !== undefined ? last : begin;
    const every = Number(step ?? 1);
    if (begin < 0 || begin > end || end > last || every < 1 || (from === '*' && to !== '')) return undefined;
    for (let value = begin; value <= end; value += every) chosen.add(value);
  }
  return [...chosen].sort((one, other) => one - other);
};
