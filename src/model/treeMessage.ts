import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import { withFullStop } from '../api/sentences.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { between } from '../api/units.ts';
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
  const wait = left > 0 ? duration(atLeastASecond(left)) : undefined;
  const reason = withFullStop(plainLine(error.message, 300));
  switch (outageKind(error)) {
    case 'offline':
      return [offline(since, wait), ...(passesByItself(error) ? [] : [reason])];
    case 'internal':
      return [internalProblems(hostOf(error), since, wait)];
    case 'rateLimited':
      return [
        l10n.t('{0} is limiting requests until {1}', hostOf(error), clockTime(outage.retryAt, now, displayLocale)),
      ];
    case 'search':
      return [notUnderstood(hostOf(error), wait), reason];
    case 'other':
      return [outOfDate(since, wait), reason];
  }
};

const offline = (since: string, wait: string | undefined): string =>
  wait === undefined
    ? l10n.t('Offline since {0}, retrying…', since)
    : l10n.t('Offline since {0}, retrying in {1}', since, wait);

const internalProblems = (host: string, since: string, wait: string | undefined): string =>
  wait === undefined
    ? l10n.t('{0} has had internal errors since {1}, retrying…', host, since)
    : l10n.t('{0} has had internal errors since {1}, retrying in {2}', host, since, wait);

const notUnderstood = (host: string, wait: string | undefined): string =>
  wait === undefined
    ? l10n.t("{0} doesn't understand the search, retrying…", host)
    : l10n.t("{0} doesn't understand the search, retrying in {1}", host, wait);

const outOfDate = (since: string, wait: string | undefined): string =>
  wait === undefined
    ? l10n.t('Not updated since {0}, retrying…', since)
    : l10n.t('Not updated since {0}, retrying in {1}', since, wait);

type OutageKind = 'offline' | 'internal' | 'rateLimited' | 'search' | 'other';

/**
 * "Offline" means no response from the deployment, including a gateway's error page and a sign-on page. Errors in the
 * deployment's own JSON get their own sentence.
 */
export const outageKind = (error: Outage['error']): OutageKind => {
  switch (error.kind) {
    case 'noHost':
    case 'refused':
    case 'unreachable':
    case 'timeout':
    case 'certificate':
    case 'redirect':
    case 'notCoder':
    case 'proxy':
      return 'offline';
    case 'server':
      return error.serverMessage === undefined ? 'offline' : 'internal';
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
