import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import { FILTER_KEYS, isFiltered, type Filter, type FilterKey, type Finding, type Scope } from './finding.ts';
import { statusWord } from './statusText.ts';

/** The view's description: deployment, scope, and filter. */
export const viewDescription = (host: string, { scope, filter }: Finding): string =>
  [
    host,
    ...(scope === 'mine' ? [] : [scopeWord(scope)]),
    ...(isFiltered({ filter }) ? [filterInWords(filter)] : []),
  ].join(' · ');

/** "Name: api · Outdated". */
export const filterInWords = (filter: Filter): string =>
  FILTER_KEYS.flatMap((key) => {
    const value = filter[key];
    return value === undefined ? [] : [filterWords(key, value)];
  }).join(' · ');

export const scopeWord = (scope: Scope): string => {
  switch (scope) {
    case 'mine':
      return l10n.t('Mine');
    case 'shared':
      return l10n.t('Shared with me');
    case 'all':
      return l10n.t('All I can see');
  }
};

export const filterWord = (key: FilterKey): string => {
  switch (key) {
    case 'text':
      return l10n.t('Name');
    case 'status':
      return l10n.t('Status');
    case 'template':
      return l10n.t('Template');
    case 'owner':
      return l10n.t('Owner');
    case 'organization':
      return l10n.t('Organization');
    case 'agent':
      return l10n.t('Agent');
    case 'outdated':
      return l10n.t('Outdated');
    case 'dormant':
      return l10n.t('Dormant');
    case 'query':
      return l10n.t('Query');
  }
};

const filterWords = (key: FilterKey, value: string): string =>
  key === 'outdated' || key === 'dormant'
    ? filterWord(key)
    : l10n.t('{0}: {1}', filterWord(key), filterValueWord(key, value));

export const filterValueWord = (key: FilterKey, value: string): string =>
  key === 'status' ? statusWord(value) : plainLine(value, 100);
