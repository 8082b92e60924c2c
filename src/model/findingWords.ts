import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { FILTER_KEYS, isFiltered, type Filter, type FilterKey, type Scope } from './finding.ts';
import { findingOf } from './found.ts';
import { templateTitle } from './names.ts';
import type { State } from './state.ts';
import { statusWord } from './statusText.ts';

/** The view's description: deployment, scope, and filter. */
export const viewDescription = (host: string, state: State): string => {
  const { scope, filter } = findingOf(state);
  return [
    host,
    ...(scope === 'mine' ? [] : [scopeWord(scope)]),
    ...(isFiltered({ filter }) ? [filterInWords(filter, state)] : []),
  ].join(' · ');
};

/** "Name: api · Outdated". */
export const filterInWords = (filter: Filter, state: State): string =>
  FILTER_KEYS.flatMap((key) => {
    const value = filter[key];
    if (value === undefined) return [];
    const word = filterWord(key);
    if (key === 'outdated' || key === 'dormant') return [word];
    return [l10n.t('{0}: {1}', word, filterValueWord(key, value, state))];
  }).join(' · ');

export const countWords = (count: number): string =>
  count === 1 ? l10n.t('1 workspace') : l10n.t('{0} workspaces', count);

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

/** A status in the words of the rows, a template by its display name where one of `state`'s workspaces tells it. */
export const filterValueWord = (key: FilterKey, value: string, state: State): string =>
  key === 'status' ? statusWord(value) : plainLine(key === 'template' ? titleOf(value, state) : value, 100);

const titleOf = (name: string, state: State): string => {
  const isSo = ({ template_name: each }: Workspace): boolean => each.toLowerCase() === name.toLowerCase();
  const one = state.kind === 'ready' ? [...state.workspaces.values()].find(isSo) : undefined;
  return one === undefined ? name : templateTitle(one);
};
