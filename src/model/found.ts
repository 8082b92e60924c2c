import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { isOwn } from './access.ts';
import { FILTER_KEYS, FIND_MINE, type Filter, type FilterKey, type Finding } from './finding.ts';
import type { Ready, State } from './state.ts';
import type { Standing } from './watchPlan.ts';
import { agentsOf, isDormant } from './status.ts';

/** What a workspace is called next to others: one's own by name, somebody else's as `owner/name`. */
export const nameFor = (workspace: Workspace, user: User): string =>
  isOwn(workspace, user) ? workspace.name : `${workspace.owner_name}/${workspace.name}`;

/** The same on one line, as rows and sentences show it. */
export const shownName = (workspace: Workspace, user: User): string => plainLine(nameFor(workspace, user), 100);

/** What was last asked for and could be read. */
export const findingOf = (state: State): Finding => (state.kind === 'ready' ? state.finding : undefined) ?? FIND_MINE;

/**
 * Tells whether a workspace is among those that are asked for. Known are more: one's own are, whatever is shown. Made once
 * for all of a state's: there are thousands.
 */
export const foundIn = ({ user, finding, matched }: Ready): ((workspace: Workspace) => boolean) => {
  // Unclaimed prebuilt workspaces have no real owner (contract 7.22).
  if (finding === undefined) return ({ is_prebuild }) => !is_prebuild;
  const { scope, filter } = finding;
  const isMatch = matching(filter);
  return (workspace) =>
    !workspace.is_prebuild &&
    (scope === 'all' || isOwn(workspace, user) === (scope === 'mine')) &&
    matched?.has(workspace.id) !== false &&
    isMatch(workspace);
};

/**
 * Tells whether a workspace is what `filter` says; of `query` only the server knows. Asked of each row, also where the
 * server has searched: V0's search finds more (contract 2.4), and workspaces change between two lists.
 */
export const matching = (filter: Filter): ((workspace: Workspace) => boolean) => {
  const tests = FILTER_KEYS.flatMap((key) => {
    const value = filter[key]?.toLowerCase();
    return value === undefined ? [] : [(workspace: Workspace) => (TESTS[key] ?? saysIn(key))(workspace, value)];
  });
  return (workspace) => tests.every((isSo) => isSo(workspace));
};

const says = (one: string, value: string): boolean => one.toLowerCase() === value;

type Test = (workspace: Workspace, value: string) => boolean;

const saysIn =
  (key: FilterKey): Test =>
  (workspace, value) =>
    SAID[key]?.(workspace).some((each) => says(each, value)) ?? true;

/** What a workspace says of a key whose values are compared. */
export const SAID: Readonly<Partial<Record<FilterKey, (workspace: Workspace) => readonly string[]>>> = {
  status: ({ latest_build: build }) => [build.status],
  template: ({ template_name: name }) => [name],
  owner: ({ owner_name: name }) => [name],
  organization: ({ organization_name: name }) => [name],
  agent: (workspace) => agentsOf(workspace).map(({ status }) => status),
};

/** Keys that are looked at in another way. */
const TESTS: Readonly<Partial<Record<FilterKey, Test>>> = {
  text: ({ owner_name: owner, name }, value) => {
    const text = `${owner}/${name}`.toLowerCase();
    // Without a slash the text is looked for in the name alone, as the server does.
    return value.split(/\s+/).every((word) => (word.includes('/') ? text : name.toLowerCase()).includes(word));
  },
  // A typed one may be the name or what the rows show.
  template: (workspace, value) => says(workspace.template_name, value) || says(workspace.template_display_name, value),
  outdated: ({ outdated }) => outdated,
  dormant: isDormant,
};

/** Whose each workspace is in `state`, and whether it is shown. */
export const standingIn = (state: State): Standing =>
  state.kind === 'ready'
    ? { isOwn: (each) => isOwn(each, state.user), isFound: foundIn(state) }
    : { isOwn: () => false, isFound: () => false };

const owned = new WeakMap<Ready, Ready>();

/** The same state with one's own workspaces alone. */
export const ownOnly = (state: State): State => {
  if (state.kind !== 'ready') return state;
  let own = owned.get(state);
  if (own === undefined) {
    const { user, workspaces } = state;
    const entries = [...workspaces].filter(([, workspace]) => isOwn(workspace, user));
    own = entries.length === workspaces.size ? state : { ...state, workspaces: new Map(entries) };
    owned.set(state, own);
  }
  return own;
};
