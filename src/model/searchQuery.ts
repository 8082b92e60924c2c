import type { Features } from '../api/features.ts';
import { joined } from '../api/plainText.ts';
import type { Filter, FilterKey, Finding } from './finding.ts';

/** Whether the server sends no health, like V0, which also ignores unknown search keys; `undefined`: not known yet. */
export const ignoresUnknownKeys = ({ streamsBeginWithSnapshot: isV2 }: Features): boolean | undefined =>
  isV2 === undefined ? undefined : !isV2;

/** Query for the user's own workspaces; a separate `owner` query parameter is ignored (contract 2.4). */
export const OWN = 'owner:me';

/**
 * Searches for the workspaces that `finding` needs beyond the user's own, to be tried in order until the server accepts one;
 * empty if the user's own suffice. Later searches are wider, and the rows are then filtered locally. `isLenient`: the
 * server ignores unknown keys, as V0 does; `undefined`: not known.
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
  const narrowing = query === undefined ? narrowTo(filter, isLenient) : isLenient === true ? forV0(query) : query;
  const all = SCOPE_TERMS[scope](username).flatMap((term) => [
    joined([names(narrowing, term) ? '' : term, narrowing], ' '),
    // A typed query isn't widened; the server may reject it.
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

/** Whether a query contains an owner key: V2 rejects a key that occurs twice. */
const names = (query: string, term: string): boolean =>
  term === OWN ? /(^|\s)owner:|\//i.test(query) : /(^|\s)shared_with_user:/i.test(query);

/** Whether a query contains a status: V2 rejects a second one, and V0 uses only the last. */
export const hasStatus = (query: string): boolean => /(^|\s)"?status"?:/i.test(query);

/** V0 swaps `deleting` and `deleted`, and lists running builds without a heartbeat as failed (contract 2.4, 5.2). */
const MISTAKEN_IN_V0: ReadonlySet<string> = new Set(['deleting', 'deleted', 'failed']);

const NAME = /^[a-z0-9-]+$/i;

const narrowTo = (filter: Filter, isLenient: boolean | undefined): string => {
  const { text = '', status } = filter;
  const terms: string[] = [];
  // V0 uses the last of several words, V2 all of them as one term: the longest word alone finds all matches on both.
  const [word] = text.split(/\s+/).sort((one, other) => other.length - one.length);
  if (word !== undefined && NAME.test(word)) terms.push(`name:${word}`);
  if (status !== undefined && isLenient !== undefined && !(isLenient && MISTAKEN_IN_V0.has(status)))
    terms.push(`status:${status}`);
  for (const [key, name] of KEYS) {
    const value = filter[key];
    // What can't be a name, like the display name of a template, is told by the rows.
    if (value !== undefined && NAME.test(value)) terms.push(`${name}:${value}`);
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

const V0_KEYS = new Set(['owner', 'template', 'name', 'status', 'has-agent']);
const V0_STATUSES = /^"?(?:pending|starting|running|stopping|stopped|failed|canceling|canceled|deleting|deleted)"?$/i;

/**
 * What of `query` V0 would silently ignore (contract 2.4): a key or a status that it doesn't know, and all but the last term
 * of a key. A word without a key is a name, or `owner/name`.
 */
export const ignoredTerm = (query: string): string | undefined => {
  const later = new Set<string>();
  for (const term of (query.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).reverse()) {
    const [, key, value = ''] = /^([^":]+):(.*)$/.exec(term) ?? [];
    const keys = key === undefined ? (/^[^"]*\//.test(term) ? ['owner', 'name'] : ['name']) : [key.toLowerCase()];
    if (keys.some((each) => !V0_KEYS.has(each))) return key;
    if (keys.some((each) => later.has(each)) || (keys[0] === 'status' && !V0_STATUSES.test(value))) return term;
    for (const each of keys) later.add(each);
  }
  return undefined;
};

/** `query` with the two statuses that V0 takes for each other. */
const forV0 = (query: string): string =>
  query.replace(/(?<=^|\s)status:(deleting|deleted)(?=\s|$)/gi, (_, status: string) =>
    status.toLowerCase() === 'deleted' ? 'status:deleting' : 'status:deleted',
  );
