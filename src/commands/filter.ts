import * as l10n from '@vscode/l10n';
import { ApiError } from '../api/errors.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { FILTER_KEYS, isFiltered, type Filter, type FilterKey } from '../model/finding.ts';
import { filterValueWord, filterWord } from '../model/findingWords.ts';
import { BACK, type Row } from '../model/prompt.ts';
import { agentsOf } from '../model/status.ts';
import { currentDeployment, type CommandContext } from './context.ts';
import { marked, show } from './show.ts';
import { readyState, sessionOf } from './target.ts';

/** Edits the filter, one property at a time. */
export async function filter(context: CommandContext): Promise<void> {
  const { session } = currentDeployment(context);
  const state = await readyState(session);
  const workspaces = [...state.workspaces.values()].filter((each) => !each.is_prebuild);
  const narrow = async (key: FilterKey, value: string | undefined): Promise<void> => {
    const { [key]: _, ...others } = session.finding.filter;
    await show(context, { ...session.finding, filter: value === undefined ? others : { ...others, [key]: value } });
  };
  for (;;) {
    const { filter: now } = session.finding;
    const key = await chooseKey(context, now, workspaces);
    if (key === undefined) return clearFilter(context);
    if (key === 'outdated' || key === 'dormant') return narrow(key, now[key] === undefined ? 'true' : undefined);
    const value = isTyped(key) ? OTHER : await chooseValue(context, key, now[key], workspaces);
    if (value === BACK) continue;
    if (value !== OTHER) return narrow(key, value === ANY ? undefined : value);
    if ((await typeValue(context, key, now[key], narrow)) !== BACK) return;
  }
}

export async function clearFilter(context: CommandContext): Promise<void> {
  const { session } = currentDeployment(context);
  await show(context, { ...session.finding, filter: {} });
}

const isTyped = (key: FilterKey): boolean => key === 'text' || key === 'query';

async function chooseKey(
  context: CommandContext,
  now: Filter,
  all: readonly Workspace[],
): Promise<FilterKey | undefined> {
  const rows: Row<FilterKey | undefined>[] = FILTER_KEYS.filter(
    // V0 knows neither.
    (key) => now[key] !== undefined || !['organization', 'dormant'].includes(key) || VALUES[key](all).length > 0,
  ).map((key) => ({
    label: filterWord(key),
    description: now[key] === undefined ? (HINTS[key]?.() ?? '') : filterValueWord(key, now[key]),
    icon: now[key] === undefined ? 'blank' : 'check',
    value: key,
  }));
  if (isFiltered({ filter: now })) rows.push({ label: l10n.t('Clear Filter'), icon: 'clear-all', value: undefined });
  const picked = await context.ui.pick({
    title: l10n.t('Filter'),
    placeholder: l10n.t('Select what to filter by'),
    rows,
    signal: sessionOf(context).signal,
  });
  return picked;
}

const HINTS: Partial<Record<FilterKey, () => string>> = {
  outdated: () => l10n.t('a newer template version is active'),
  query: () => l10n.t("in Coder's search syntax"),
};

/** Not a value that a server could send. */
const OTHER = Symbol('other');
const ANY = Symbol('any');
type Value = string | typeof OTHER | typeof ANY;

async function chooseValue(
  context: CommandContext,
  key: FilterKey,
  now: string | undefined,
  all: readonly Workspace[],
) {
  const found = VALUES[key](all);
  const counts = new Map<string, number>();
  for (const value of [...(FIXED[key] ?? []), ...found.sort(), ...(now === undefined ? [] : [now])])
    counts.set(value, found.filter((each) => each === value).length);
  const rows: Row<Value>[] = [...counts].map(([value, count]) =>
    marked(
      { label: filterValueWord(key, value), ...(count === 0 ? {} : { description: String(count) }), value },
      value === now,
    ),
  );
  if (FIXED[key] === undefined) rows.push({ label: l10n.t('Other…'), icon: 'edit', value: OTHER });
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
  narrow: (key: FilterKey, value: string | undefined) => Promise<void>,
): Promise<unknown> {
  let [value, problem] = [now ?? '', undefined as string | undefined];
  for (;;) {
    const typed = await context.ui.enter({
      title: l10n.t('Filter: {0}', filterWord(key)),
      placeholder: key === 'query' ? 'status:running template:dev' : '',
      prompt: PROMPTS[key]?.() ?? '',
      value,
      canGoBack: true,
      signal: sessionOf(context).signal,
      ...(problem === undefined ? {} : { problem }),
    });
    if (typed === BACK) return BACK;
    value = typed.trim();
    try {
      await narrow(key, value === '' ? undefined : value);
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || key !== 'query') throw error;
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

/** What each of the workspaces says, where it says anything. */
const VALUES: Readonly<Record<FilterKey, (all: readonly Workspace[]) => string[]>> = {
  text: () => [],
  status: (all) => all.map(({ latest_build: build }) => build.status),
  template: (all) => all.map(({ template_name: name }) => name),
  owner: (all) => all.map(({ owner_name: name }) => name),
  organization: (all) => all.flatMap(({ organization_name: name }) => (name === '' ? [] : [name])),
  agent: (all) => all.flatMap((each) => [...new Set(agentsOf(each).map(({ status }) => status))]),
  outdated: () => [],
  dormant: (all) => all.flatMap(({ automatic_updates: updates }) => (updates === undefined ? [] : ['true'])),
  query: () => [],
};
