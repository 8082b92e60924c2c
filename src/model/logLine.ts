import { plainLines } from '../api/plainText.ts';
import type { LogEntry } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import type { LogOptions } from './buildLog.ts';
import { logTime } from './times.ts';

// How single lines of a log are written: time, level, output.

/** A line break at the end of the output ends its line; it does not begin an empty one. */
export const linesOf = ({ output }: LogEntry): string[] =>
  plainLines(output.endsWith('\n') ? output.replace(/\r?\n$/, '') : output);

/** Cached, because most lines have the same second as the line before. */
export const lineWriter = (options: LogOptions): ((entry: LogEntry) => string) => {
  let second: number | undefined;
  let time = '';
  return (entry) => {
    const at = Math.floor((entry.created_at ?? -1) / 1000);
    if (at !== second) time = prefix(entry.created_at, options);
    second = at;
    const before = `${time}  ${LEVELS.get(entry.log_level) ?? ''}`;
    return linesOf(entry)
      .map((line) => `${before}${line}`.trimEnd() + '\n')
      .join('');
  };
};

const ORDER = ['trace', 'debug', 'info', 'warn', 'error'];

/** A level that is not known is always shown. */
export const isBelow = (level: string, lowest = ''): boolean => {
  const rank = ORDER.indexOf(level);
  return rank !== -1 && rank < ORDER.indexOf(lowest);
};

/** Prefix for the level of a line; none for information. */
const LEVELS = new Map([
  ['trace', 'trace '],
  ['debug', 'debug '],
  ['warn', 'warn  '],
  ['error', 'error '],
]);

export const mark = (level: 'warn' | 'error', line: string): string =>
  `  ${LEVELS.get(level) ?? ''}${line}`.trimEnd() + '\n';

export const prefix = (at: EpochMs | undefined, options: LogOptions): string => {
  if (!options.timestamps) return '';
  return at === undefined ? ' '.repeat(9) : `${clock(at, options)} `;
};

export const clock = (at: EpochMs, { timeZone }: LogOptions): string =>
  logTime(at, { timeZone, showsZone: false }).slice(11);
