// Which workspaces are shown, in which order and under which headings: per deployment, remembered between windows.
import { fieldsOf } from '../api/json.ts';

/** The user's own workspaces, those shared with the user, or all that the user may see. */
export const SCOPES = ['mine', 'shared', 'all'] as const;
export type Scope = (typeof SCOPES)[number];

export const SORTS = ['favorites', 'active', 'lastUsed', 'name', 'nextStop'] as const;
export type Sort = (typeof SORTS)[number];

const GROUPS = ['template', 'owner', 'organization', 'status'] as const;
export type Group = (typeof GROUPS)[number];

/** `query` is in the server's own language (contract 2.4); the others are told by the workspace itself. */
export const FILTER_KEYS = [
  'text',
  'status',
  'template',
  'owner',
  'organization',
  'agent',
  'outdated',
  'dormant',
  'query',
] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];
/** Keys are combined with AND; an absent key doesn't filter. `outdated` and `dormant` are `true`. */
export type Filter = Readonly<Partial<Record<FilterKey, string>>>;

export interface Finding {
  readonly scope: Scope;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly group?: Group | undefined;
}

export const FIND_MINE: Finding = { scope: 'mine', filter: {}, sort: 'favorites' };

export const isFiltered = ({ filter }: Pick<Finding, 'filter'>): boolean =>
  FILTER_KEYS.some((key) => filter[key] !== undefined);

/** Whether only the server can decide which workspaces match: a text query. */
export const needsAnswer = ({ scope, filter }: Finding): boolean => scope === 'shared' || filter.query !== undefined;

/** Characters of a filter's value; longer stored ones are ignored. */
export const LONGEST_VALUE = 1_000;

/** Reads a stored value of any shape, for example of another version of this extension; unknown parts are ignored. */
export const readFinding = (stored: unknown): Finding => {
  const { scope, filter, sort, group } = fieldsOf(stored);
  const values = fieldsOf(filter);
  const read = FILTER_KEYS.flatMap((key) => {
    const value = values[key];
    return typeof value === 'string' && value !== '' && value.length <= LONGEST_VALUE ? [[key, value]] : [];
  });
  return {
    scope: SCOPES.find((each) => each === scope) ?? FIND_MINE.scope,
    filter: Object.fromEntries(read) as Filter,
    sort: SORTS.find((each) => each === sort) ?? FIND_MINE.sort,
    group: GROUPS.find((each) => each === group),
  };
};
