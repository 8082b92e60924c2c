import { USUAL_STREAMS } from '../model/attention.ts';

/** The present settings; the manifest describes each. */
export interface Settings {
  readonly deadlineShow: 'always' | 'withinHour' | 'never';
  /** Minutes, from 1 to 1440; empty: no warnings. */
  readonly warnBeforeMinutes: readonly number[];
  readonly flattenAgents: boolean;
  readonly showHiddenResources: boolean;
  readonly buildLogOpen: 'never' | 'onFailure' | 'always';
  readonly buildLogTimestamps: boolean;
  readonly buildLogLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly confirmStop: boolean;
  readonly maxStreams: number;
  readonly timeFormat: 'auto' | '12h' | '24h';
  /** `auto` or what should be an IANA name: `model/displayLocale.ts` checks it. */
  readonly timeZone: string;
}

/**
 * Reads the settings through `get`, which is asked for keys below `coderWorkspaces`. A settings file holds whatever
 * somebody typed: what the manifest does not allow counts as the default, and in a list it is left out.
 */
export function settingsOf(get: (key: string) => unknown): Settings {
  const word = <T extends string>(key: string, words: readonly [T, ...T[]]): T => {
    const value = get(key);
    return words.find((each) => each === value) ?? words[0];
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const value = get(key);
    return typeof value === 'boolean' ? value : fallback;
  };
  const maxStreams = get('maxStreams');
  const timeZone = get('timeZone');
  return {
    deadlineShow: word('deadline.show', ['always', 'withinHour', 'never']),
    warnBeforeMinutes: leads(get('deadline.warnBefore')),
    flattenAgents: flag('tree.flattenAgents', true),
    showHiddenResources: flag('tree.showHiddenResources', false),
    buildLogOpen: word('buildLog.open', ['onFailure', 'never', 'always']),
    buildLogTimestamps: flag('buildLog.timestamps', false),
    buildLogLevel: word('buildLog.level', ['trace', 'debug', 'info', 'warn', 'error']),
    confirmStop: flag('confirm.stop', true),
    maxStreams: isWhole(maxStreams, 0, 200) ? maxStreams : USUAL_STREAMS,
    timeFormat: word('timeFormat', ['auto', '12h', '24h']),
    timeZone: typeof timeZone === 'string' ? timeZone : 'auto',
  };
}

const MOST_LEADS = 5;

/** Only an empty list turns warnings off: a list without a valid entry counts as the default. */
const leads = (value: unknown): readonly number[] => {
  const fitting = Array.isArray(value) ? value.filter((each): each is number => isWhole(each, 1, 1440)) : [];
  const isOff = Array.isArray(value) && value.length === 0;
  return fitting.length > 0 || isOff ? [...new Set(fitting)].slice(0, MOST_LEADS) : [30, 5];
};

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
