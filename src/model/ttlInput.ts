import * as l10n from '@vscode/l10n';
import { hours, minutes, type Milliseconds } from '../api/units.ts';
import { duration, type DisplayLocale } from './times.ts';
import { readAmount } from './typedAmount.ts';
import { fold, typedLanguages } from './typedWords.ts';

/** The longest that the server takes (contract 2.7): 7 days in V0, 30 since workspaces tell of their health. */
export const longestTtl = ({ health }: { readonly health?: unknown }): Milliseconds =>
  hours(24 * (health === undefined ? 7 : 30));

/** Reads a time before autostop: `8 h`, `2h30m`, `1:30`, `90 minutes`, `2 days`; whole minutes. A sentence where it is none. */
export const parseTtl = (typed: string, longest: Milliseconds, displayLocale: DisplayLocale): Milliseconds | string => {
  // `+18h` is a length also where `18h` would be a time of day.
  const text = fold(typed);
  const amount = text.length > 100 ? undefined : readAmount(`+${text}`, typedLanguages(displayLocale));
  if (amount === undefined) return l10n.t('Enter a duration such as 8 h or 2h30m.');
  const length = (Math.floor(amount.length / 60_000) * 60_000) as Milliseconds;
  if (length < minutes(1)) return l10n.t('Enter at least 1 minute.');
  return length > longest ? l10n.t('Enter at most {0}.', duration(longest)) : length;
};

/** The same to the minute, as it is typed: `2h30m`. */
export const typedTtl = (ttl: Milliseconds): string => {
  const count = Math.floor(ttl / 60_000);
  return [count >= 60 ? `${Math.floor(count / 60)}h` : '', count % 60 > 0 ? `${count % 60}m` : ''].join('');
};
