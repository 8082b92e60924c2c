import * as l10n from '@vscode/l10n';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { cached } from './cached.ts';

/** Where and how a person reads times; `displayLocale.ts` resolves it, so that `Intl` takes each of its values. */
export interface DisplayLocale {
  /** BCP 47: the language of weekdays, dates and relative times, which is the language of the sentences. */
  readonly locale: string;
  /** BCP 47: VS Code's language, in which times may be typed; English is always understood, too. */
  readonly typedLocale: string;
  /** IANA, such as `Europe/Paris`. */
  readonly timeZone: string;
  readonly hourCycle: 'h12' | 'h23';
  /** Clock times name their zone, "18:30 UTC": it may not be the reader's. */
  readonly showsZone: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * "18:30"; with the weekday when it is not today: "Fri 18:30"; with the day when it is further away: "Dec 3, 18:30"; with
 * its zone where that may not be the reader's: "18:30 UTC". `clockInput.ts` reads all of them.
 */
export const clockTime = (at: EpochMs, now: EpochMs, displayLocale: DisplayLocale): string => {
  if (dayOf(at, displayLocale) === dayOf(now, displayLocale)) return formatter(displayLocale, TIME).format(at);
  const near = Math.abs(at - now) < 6 * DAY;
  return formatter(displayLocale, near ? WEEKDAY_TIME : DAY_TIME).format(at);
};

/** "3 Dec", with the year when it is another one. */
export const day = (at: EpochMs, now: EpochMs, displayLocale: DisplayLocale): string => {
  const sameYear = dayOf(at, displayLocale).slice(0, 4) === dayOf(now, displayLocale).slice(0, 4);
  return formatter(displayLocale, sameYear ? DAY_ONLY : DAY_YEAR).format(at);
};

/** "18:30, in 1 h 50 min" or "Mon 09:00, 2 days ago": ux.md's fifth rule. */
export const absoluteAndRelative = (at: EpochMs, now: EpochMs, displayLocale: DisplayLocale): string =>
  l10n.t('{0}, {1}', clockTime(at, now, displayLocale), fromNow(at, now, displayLocale));

/** "in 1 h 50 min", "in 3 days", "2 days ago", "just now". */
export const fromNow = (at: EpochMs, now: EpochMs, displayLocale: DisplayLocale): string => {
  const distance = between(now, at);
  if (Math.abs(distance) < MINUTE && distance <= 0) return l10n.t('just now');
  if (distance > 0 && distance < 2 * DAY) return l10n.t('in {0}', duration(distance));
  return relativeFormatter(displayLocale.locale).format(...coarse(distance));
};

const coarse = (distance: number): [number, 'minute' | 'hour' | 'day' | 'month' | 'year'] => {
  const size = Math.abs(distance);
  if (size < HOUR) return [Math.trunc(distance / MINUTE), 'minute'];
  if (size < DAY) return [Math.trunc(distance / HOUR), 'hour'];
  if (size < 60 * DAY) return [Math.trunc(distance / DAY), 'day'];
  if (size < 730 * DAY) return [Math.trunc(distance / (30 * DAY)), 'month'];
  return [Math.trunc(distance / (365 * DAY)), 'year'];
};

/** "6 days 23 h" from two days on, "1 h 50 min", "50 min", "1 min 50 s" under two minutes, "43 s"; rounded down, never negative. */
export const duration = (length: Milliseconds): string => {
  const seconds = Math.max(0, Math.floor(length / 1000));
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 2)
    return seconds % 60 === 0 ? l10n.t('{0} min', minutes) : l10n.t('{0} min {1} s', minutes, seconds % 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return l10n.t('{0} min', minutes);
  const days = Math.floor(hours / 24);
  if (days >= 2) return hours % 24 === 0 ? l10n.t('{0} days', days) : l10n.t('{0} days {1} h', days, hours % 24);
  return minutes % 60 === 0 ? l10n.t('{0} h', hours) : l10n.t('{0} h {1} min', hours, minutes % 60);
};

/** "0:42", "12:05", "1:02:03": a time that runs. */
export const stopwatch = (length: Milliseconds): string => {
  const seconds = Math.max(0, Math.floor(length / 1000));
  const two = (count: number): string => String(count).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const rest = two(seconds % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
};

/** "2026-11-25 18:04:11", for logs: the same in every locale, in the reader's zone; "… UTC" where that is to be shown. */
export const logTime = (at: EpochMs, { timeZone, showsZone }: Zone): string => {
  const time = formatter({ locale: 'sv-SE', timeZone, hourCycle: 'h23', showsZone: false }, LOG).format(at);
  return showsZone ? `${time} ${zoneName(at, { locale: 'en', timeZone })}` : time;
};

type Zone = Pick<DisplayLocale, 'timeZone' | 'showsZone'>;

/** The zone's short name at a moment, as clock times show it: "UTC", "EST", "GMT+1". */
export const zoneName = (at: EpochMs, { locale, timeZone }: Pick<DisplayLocale, 'locale' | 'timeZone'>): string =>
  formatter({ locale, timeZone, hourCycle: 'h23', showsZone: true }, TIME)
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value ?? timeZone;

/** "Mon", of the day of `at` in that zone. */
export const weekday = (at: EpochMs, displayLocale: DisplayLocale): string =>
  formatter(displayLocale, WEEKDAY).format(at);

/** "Mon – Fri", in the way of the language. */
export const weekdayRange = (first: EpochMs, last: EpochMs, displayLocale: DisplayLocale): string =>
  formatter(displayLocale, WEEKDAY).formatRange(first, last);

/** The calendar day of `at` in that zone, `2026-11-25`. */
export const dayOf = (at: EpochMs, { timeZone }: Pick<DisplayLocale, 'timeZone'>): string =>
  formatter({ locale: 'sv-SE', timeZone, hourCycle: 'h23', showsZone: false }, ISO_DAY).format(at);

const TIME: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
const DAY_ONLY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const DAY_YEAR: Intl.DateTimeFormatOptions = { ...DAY_ONLY, year: 'numeric' };
const WEEKDAY: Intl.DateTimeFormatOptions = { weekday: 'short' };
const WEEKDAY_TIME: Intl.DateTimeFormatOptions = { ...WEEKDAY, ...TIME };
const DAY_TIME: Intl.DateTimeFormatOptions = { ...DAY_ONLY, ...TIME };
const ISO_DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' };
const LOG: Intl.DateTimeFormatOptions = { ...ISO_DAY, hour: '2-digit', minute: '2-digit', second: '2-digit' };

// Making a formatter costs a hundred times what using it does.
const made = new WeakMap<Intl.DateTimeFormatOptions, Map<string, Intl.DateTimeFormat>>();

type Format = Omit<DisplayLocale, 'typedLocale'>;

const formatter = (format: Format, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const forOptions = made.get(options) ?? new Map<string, Intl.DateTimeFormat>();
  made.set(options, forOptions);
  const { locale, timeZone, hourCycle, showsZone } = format;
  const key = `${locale} ${timeZone} ${hourCycle} ${showsZone}`;
  const known = forOptions.get(key);
  if (known !== undefined) return known;
  const ofClock =
    options.hour === undefined ? {} : { hourCycle, ...(showsZone ? { timeZoneName: 'short' as const } : {}) };
  const fresh = new Intl.DateTimeFormat(locale, { ...options, ...ofClock, timeZone });
  forOptions.set(key, fresh);
  return fresh;
};

const relativeFormatter = cached((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'always' }));
