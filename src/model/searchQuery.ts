import type { Features } from '../api/features.ts';
import type { Filter, FilterKey, Finding } from './finding.ts';

/** V0 ignores a search key that it does not know, and tells no workspace's health either; undefined: not known yet. */
export const ignoresUnknownKeys = ({ streamsBeginWithSnapshot: isV2 }: Features): boolean | undefined =>
  isV2 === undefined ? undefined : !isV2;

/** One's own: `owner` as a query field of its own would be ignored (contract 2.4). */
export const OWN = 'owner:me';

/**
 * The searches that bring what `finding` is about beyond one's own workspaces, the first one that the server takes; none
 * where one's own are all it needs. A later one asks for more: what a server does not know of is told by the rows.
 * `isLenient`: it ignores keys that it does not know, as V0 does; undefined: that is not known.
 */
export const searches = (
  { scope, filter }: Finding,
  username: string,
  isLenient: boolean | undefined,
): readonly string[] => {
  const { query } = filter;
  if (scope === 'mine' && query === undefined) return [];
  // V0 shares no workspaces, and would list all.
  if (scope === 'shared' && isLenient === true) return [];
  const narrowing = query ?? narrowTo(filter, isLenient);
  const all = SCOPE_TERMS[scope](username).flatMap((term) => [
    [names(narrowing, term) ? '' : term, narrowing].filter((each) => each !== '').join(' '),
    // What somebody wrote is asked for as it is written, or refused.
    ...(query === undefined ? [term] : []),
  ]);
  return [...new Set(all)];
};

const SCOPE_TERMS = {
  mine: () => [OWN],
  // Some servers take no `me` there (contract 9.1).
  shared: (username: string) => ['shared_with_user:me', `shared_with_user:${username}`],
  all: () => [''],
};

/** Whether a query says itself whose workspaces it is about: V2 refuses a key that comes twice. */
const names = (query: string, term: string): boolean =>
  term === OWN ? /(^|\s)owner:|\//i.test(query) : /(^|\s)shared_with_user:/i.test(query);

/** V0 has `deleting` and `deleted` swapped, and lists as failed what it has only not heard of for a while. */
const MISTAKEN_IN_V0: ReadonlySet<string> = new Set(['deleting', 'deleted', 'failed']);

const narrowTo = (filter: Filter, isLenient: boolean | undefined): string => {
  const { text = '', status } = filter;
  const terms: string[] = [];
  // V0 takes the last of several words, V2 all of them as one: the longest alone finds the rest, too.
  const [word] = text.split(/\s+/).sort((one, other) => other.length - one.length);
  if (word !== undefined && /^[a-z0-9-]+$/i.test(word)) terms.push(`name:${word}`);
  if (status !== undefined && isLenient !== undefined && !(isLenient && MISTAKEN_IN_V0.has(status)))
    terms.push(`status:${status}`);
  for (const [key, name] of KEYS) {
    const value = filter[key];
    if (value !== undefined && !value.includes('"'))
      terms.push(`${name}:${/[\s:/]/.test(value) ? `"${value}"` : value}`);
  }
  return terms.join(' ');
};

const KEYS: readonly (readonly [FilterKey, string])[] = [
  ['template', 'template'],
  ['owner', 'owner'],
  ['organization', 'organization'],
  ['agent', 'has-agent'],
  ['outdated', 'outdated'],
  ['dormant', 'dormant'],
];
