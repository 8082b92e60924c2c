import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import { withFullStop } from '../api/sentences.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
import { mayBeAway } from './away.ts';
import { isFiltered } from './finding.ts';
import { filterInWords } from './findingWords.ts';
import { findingOf, foundIn } from './found.ts';
import type { Outage, State } from './state.ts';
import { clockTime, duration, type DisplayLocale } from './times.ts';

/** The tree's message: why rows may be outdated, how many are missing; '' if neither. `now` is local time. */
export const treeMessage = (state: State, now: EpochMs, displayLocale: DisplayLocale): string | undefined => {
  if (state.kind !== 'ready') return undefined;
  const sentences: string[] = [];
  if (state.stale !== undefined) sentences.push(...outageSentences(state.stale, now, displayLocale));
  if (state.refused !== undefined)
    sentences.push(l10n.t("The filter isn't applied. {0}", plainLine(state.refused, 300)));
  if (state.skippedRows === 1) sentences.push(l10n.t("1 workspace couldn't be read."));
  if (state.skippedRows > 1) sentences.push(l10n.t("{0} workspaces couldn't be read.", state.skippedRows));
  const { filter } = findingOf(state);
  // VS Code hides the description of a view that is alone in its container. If no row is left, the welcome view speaks of the
  // filter, unless a message hides it.
  if (isFiltered({ filter }) && (sentences.length > 0 || [...state.workspaces.values()].some(foundIn(state))))
    sentences.unshift(l10n.t('Filtered by {0}', filterInWords(filter, state)));
  return sentences.length === 0 ? undefined : sentences.join(' · ');
};

const outageSentences = (outage: Outage, now: EpochMs, displayLocale: DisplayLocale): string[] => {
  const { error } = outage;
  const since = clockTime(outage.since, now, displayLocale);
  const left = between(now, outage.retryAt);
  const retried = (statement: string): string =>
    left > 0
      ? l10n.t('{0}, retrying in {1}', statement, duration(atLeastASecond(left)))
      : l10n.t('{0}, retrying…', statement);
  const reason = withFullStop(plainLine(error.message, 300));
  switch (outageKind(error)) {
    case 'offline':
      return [retried(l10n.t('Offline since {0}', since)), ...(passesByItself(error) ? [] : [reason])];
    case 'internal':
      return [retried(l10n.t('{0} has had internal errors since {1}', hostOf(error), since))];
    case 'rateLimited':
      return [
        l10n.t('{0} is limiting requests until {1}', hostOf(error), clockTime(outage.retryAt, now, displayLocale)),
      ];
    case 'search':
      return [retried(l10n.t("{0} doesn't understand the search", hostOf(error))), reason];
    case 'other':
      return [retried(l10n.t('Not updated since {0}', since)), reason];
  }
};

type OutageKind = 'offline' | 'internal' | 'rateLimited' | 'search' | 'other';

/**
 * "Offline" means no response from the deployment, including a gateway's error page and a sign-on page. Errors in the
 * deployment's own JSON get their own sentence.
 */
export const outageKind = (error: Outage['error']): OutageKind => {
  if (error.kind === 'server' && error.serverMessage !== undefined) return 'internal';
  if (mayBeAway(error)) return 'offline';
  switch (error.kind) {
    case 'rateLimited':
      return 'rateLimited';
    case 'invalid':
    case 'notNow':
      return 'search';
    default:
      return 'other';
  }
};

/** A network or a gateway that is away; a sign-on page or a certificate lasts until somebody does something about it. */
const passesByItself = ({ kind }: Outage['error']): boolean =>
  ['noHost', 'refused', 'unreachable', 'timeout', 'server'].includes(kind);

const hostOf = (error: Outage['error']): string => plainLine('host' in error ? error.host : '', 100);

const atLeastASecond = (length: Milliseconds): Milliseconds => Math.max(1000, length) as Milliseconds;
