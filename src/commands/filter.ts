import * as l10n from '@vscode/l10n';
import { joined } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { isOld } from '../model/age.ts';
import { compareNames } from '../model/compareText.ts';
import { FILTER_KEYS, isFiltered, LONGEST_VALUE, type Filter, type FilterKey } from '../model/finding.ts';
import { countWords, filterValueWord, filterWord } from '../model/findingWords.ts';
import { foundIn, SAID } from '../model/found.ts';
import { BACK, type Row } from '../model/prompt.ts';
import { ignoredTerm, ignoresUnknownKeys } from '../model/searchQuery.ts';
import type { Ready } from '../model/state.ts';
import type { CommandContext } from './context.ts';
import { isReason } from './refusal.ts';
import { marked, show, withOrganizations } from './show.ts';
import { readyState, sessionOf } from './target.ts';

/** Edits the filter, one property at a time. */
export async function filter(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  let state = await readyState(session);
  const narrow = async (key: FilterKey, value: string | undefined): Promise<void> => {
    const { [key]: _, ...others } = session.finding.filter;
    await show(context, { ...session.finding, filter: value === undefined ? others : { ...others, [key]: value } });
  };
  for (;;) {
    const { filter: now } = session.finding;
    let typed: string | undefined;
    const take = (text: string) => {
      typed = text;
    };
    const key = await chooseKey(context, now, state, take);
    if (key === undefined) return clearFilter(context);
    if (key === 'outdated' || key === 'dormant') return narrow(key, now[key] === undefined ? 'true' : undefined);
    if (key === 'organization') state = await withOrganizations(context);
    const value = isTyped(key) ? OTHER : await chooseValue(context, key, now, state, take);
    if (value === BACK) continue;
    if (value !== OTHER) return narrow(key, value === ANY ? undefined : value);
    if ((await typeValue(context, key, typed ?? now[key], state, narrow)) !== BACK) return;
  }
}

export async function clearFilter(context: CommandContext): Promise<void> {
  const session = sessionOf(context);
  await show(context, { ...session.finding, filter: {} });
}

const isTyped = (key: FilterKey): boolean => key === 'text' || key === 'query';

type Take = Row<never>['take'];

async function chooseKey(
  context: CommandContext,
  now: Filter,
  state: Ready,
  take: Take,
): Promise<FilterKey | undefined> {
  const rows: Row<FilterKey | undefined>[] = FILTER_KEYS.filter(
    // V0 has nothing dormant.
    (key) => now[key] !== undefined || key !== 'dormant' || [...state.workspaces.values()].some((each) => !isOld(each)),
  ).map((key) => ({
    label: filterWord(key),
    description: now[key] === undefined ? (HINTS[key]?.() ?? '') : filterValueWord(key, now[key], state),
    icon: now[key] === undefined ? 'blank' : 'check',
    take: isTyped(key) ? take : undefined,
    value: key,
  }));
  if (isFiltered({ filter: now })) rows.push({ label: l10n.t('Clear Filter'), icon: 'clear-all', value: undefined });
  return context.ui.pick({
    title: l10n.t('Filter'),
    placeholder: l10n.t('Select what to filter by'),
    rows,
    signal: sessionOf(context).signal,
  });
}

const HINTS: Partial<Record<FilterKey, () => string>> = {
  outdated: () => l10n.t('a newer template version is active'),
  query: () => l10n.t("in Coder's search syntax"),
};

/** Not a value that a server could send. */
const OTHER = Symbol('other');
const ANY = Symbol('any');
type Value = string | typeof OTHER | typeof ANY;

async function chooseValue(context: CommandContext, key: FilterKey, filter: Filter, state: Ready, take: Take) {
  const { [key]: now, ...others } = filter;
  // As many as would be shown.
  const isShown = foundIn({ ...state, finding: { ...sessionOf(context).finding, filter: others } });
  const counts = new Map([...(FIXED[key] ?? []), ...valuesOf(key, state)].map((value) => [value, 0]));
  if (now !== undefined && !counts.has(now)) counts.set(now, 0);
  for (const workspace of state.workspaces.values())
    if (isShown(workspace)) for (const value of saidBy(key, workspace)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const rows: Row<Value>[] = [...counts].map(([value, count]) => {
    const label = filterValueWord(key, value, state);
    const name = key === 'template' && label !== value ? value : '';
    return marked({ label, description: joined([name, count === 0 ? '' : countWords(count)]), value }, value === now);
  });
  if (FIXED[key] === undefined) rows.push({ label: l10n.t('Other…'), icon: 'edit', take, value: OTHER });
  if (now !== undefined) rows.unshift({ label: l10n.t('Any'), icon: 'blank', value: ANY });
  return context.ui.pick<Value>({
    title: l10n.t('Filter: {0}', filterWord(key)),
    placeholder: l10n.t('Select a value'),
    rows,
    active: (value) => value === now,
    canGoBack: true,
    signal: sessionOf(context).signal,
  });
}

/** Asks until the server accepts the input. An empty input removes the filter. */
async function typeValue(
  context: CommandContext,
  key: FilterKey,
  now: string | undefined,
  state: Ready,
  narrow: (key: FilterKey, value: string | undefined) => Promise<void>,
): Promise<unknown> {
  const session = sessionOf(context);
  const { signal } = session;
  let [value, problem] = [now ?? '', undefined as string | undefined];
  for (;;) {
    const typed = await context.ui.enter({
      title: l10n.t('Filter: {0}', filterWord(key)),
      placeholder: key === 'query' ? 'status:running template:dev' : '',
      prompt: PROMPTS[key]?.() ?? '',
      value,
      canGoBack: true,
      signal,
      problem,
      validate: (text) => {
        if (text.trim().length > LONGEST_VALUE) return l10n.t('Use at most {0} characters.', LONGEST_VALUE);
        if (key !== 'query' || ignoresUnknownKeys(session.calls.features) !== true) return undefined;
        const ignored = ignoredTerm(text);
        return ignored && l10n.t('This version of Coder ignores “{0}” in a search.', ignored);
      },
    });
    if (typed === BACK) return BACK;
    value = typed.trim();
    try {
      await narrow(key, value === '' ? undefined : meantBy(key, value, state));
      return;
    } catch (error) {
      if (!isReason(error)) throw error;
      problem = error.message;
    }
  }
}

const PROMPTS: Partial<Record<FilterKey, () => string>> = {
  text: () => l10n.t('Part of the name, or of owner/name. Leave it empty to show all.'),
  query: () => l10n.t("Coder's search syntax, as in the dashboard. Leave it empty to show all."),
};

const FIXED: Partial<Record<FilterKey, readonly string[]>> = {
  status: 'running stopped failed pending starting stopping canceling canceled deleting'.split(' '),
  agent: ['connected', 'connecting', 'disconnected', 'timeout'],
};

const saidBy = (key: FilterKey, workspace: Workspace): ReadonlySet<string> => new Set(SAID[key]?.(workspace));

/** What the known workspaces say, in the order of its words. */
const valuesOf = (key: FilterKey, state: Ready): string[] => {
  const all = [...state.workspaces.values()]
    .filter((each) => !each.is_prebuild)
    .flatMap((each) => [...saidBy(key, each)]);
  const word = (value: string): string => filterValueWord(key, value, state);
  return [...new Set(all)].filter((each) => each !== '').sort((one, other) => compareNames(word(one), word(other)));
};

/** A known value that was typed in another case or as it is shown; for an owner also `me`. */
const meantBy = (key: FilterKey, typed: string, state: Ready): string => {
  const is = (text: string): boolean => text.toLowerCase() === typed.toLowerCase();
  if (key === 'owner' && is('me')) return state.user.username;
  return valuesOf(key, state).find((each) => is(each) || is(filterValueWord(key, each, state))) ?? typed;
};
