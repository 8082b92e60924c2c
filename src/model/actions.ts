import * as l10n from '@vscode/l10n';
import type { AuthQuestion } from '../api/general.ts';
import { noCanceling } from '../api/operations.ts';
import { unsupported } from '../api/sentences.ts';
import type { User } from '../api/schemas/users.ts';
import { hasEnded } from '../api/buildEnd.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { accessOf, GRANTS, isSiteOwner, mayChangeTemplates, type Access, type Need } from './access.ts';
import { isOld } from './age.ts';
import { stopLimits } from './deadline.ts';
import { shownName } from './found.ts';
import { agentsOf, isActive, isDormant, isOn } from './status.ts';

// Which verbs a workspace allows a person now, and why not the others: contract 5.4's safe rule, by the status of the
// latest build, its transition, the deployment's age, the template, and what the person may do. A rule is a row of the
// table.

/** Builds the reason only when it is needed: each row of a long list asks only whether a verb is allowed. */
type Why = (name: string) => string;
/** The reason the verb isn't allowed; `undefined` if it is. */
type Check = (workspace: Workspace, user: User) => Why | undefined;

interface Rule {
  /** The permission that the verb requires (contract 2.14). */
  readonly needs: Need;
  /** Statuses of the latest build in which the server accepts the verb; absent: all. */
  readonly at?: readonly string[];
  /** The reason in any other status without a build in progress. */
  readonly otherwise?: Why;
  readonly checks?: readonly Check[];
}

const OFF = ['stopped', 'failed', 'canceled'];
const RESTING = ['running', ...OFF];

const isDeleted: Why = (name) => l10n.t('{0} is deleted.', name);
const isBeingDeleted: Why = (name) => l10n.t('{0} is being deleted.', name);
const isNotRunning: Why = (name) => l10n.t("{0} isn't running.", name);
const isRunning: Why = (name) => l10n.t('{0} is already running.', name);
const isBusy: Why = (name) => l10n.t('A build of {0} is in progress.', name);

const check =
  (isSo: (workspace: Workspace, user: User) => boolean, why: Why): Check =>
  (workspace, user) =>
    isSo(workspace, user) ? undefined : why;

/** The server takes settings while it deletes, but they would apply to nothing, unless the deletion fails. */
const isToStay: Check = (workspace) => {
  const { status, transition } = workspace.latest_build;
  if (status === 'deleted') return isDeleted;
  return transition === 'delete' && isActive(workspace) ? isBeingDeleted : undefined;
};
const isAwake = check(
  (workspace) => !isDormant(workspace),
  (name) => l10n.t('{0} is dormant. Wake it first.', name),
);
const isNotDormantYet = check(
  (workspace) => !isDormant(workspace),
  (name) => l10n.t('{0} is already dormant.', name),
);
const isBuiltByCoder = check(
  ({ latest_build: build }) => !build.has_external_agent,
  (name) => l10n.t("{0} runs on an external agent, so Coder can't start or stop it.", name),
);
const isClaimed = check(
  ({ is_prebuild }) => !is_prebuild,
  (name) => l10n.t("{0} is a prebuilt workspace that hasn't been claimed yet.", name),
);
const isOutdated = check(
  ({ outdated }) => outdated,
  (name) => l10n.t('{0} already uses the active version of its template.', name),
);
/** Whoever may not change the template builds its active version only (contract 2.14). */
const mayChooseVersion = check(
  ({ template_require_active_version }, user) => !template_require_active_version || mayChangeTemplates(user),
  () => l10n.t('This template allows only its active version.'),
);
/** V0 has none of the features that V2 added (contract 1.9). */
const isV2 = check((workspace) => !isOld(workspace), unsupported);
const hasFavorites = check(({ favorite }) => favorite !== undefined, unsupported);
const isFavorite = check(
  ({ favorite }) => favorite === true,
  (name) => l10n.t("{0} isn't a favorite.", name),
);
const isNotFavorite = check(
  ({ favorite }) => favorite !== true,
  (name) => l10n.t('{0} is already a favorite.', name),
);
const isDormantNow = check(isDormant, (name) => l10n.t("{0} isn't dormant.", name));
const mayRename = check(
  ({ allow_renames }) => allow_renames !== false,
  () => l10n.t("This deployment doesn't allow workspaces to be renamed."),
);
const isOnNow = check(isOn, isNotRunning);
const hasAgent = check(
  (workspace) => agentsOf(workspace).length > 0,
  (name) => l10n.t('{0} has no agent to connect to.', name),
);
const mayCancel = check(
  ({ template_allow_user_cancel_workspace_jobs: allowed }, user) => allowed || isSiteOwner(user),
  noCanceling,
);
const stopMayMove: Check = (workspace) => {
  if (!isOn(workspace)) return (name) => l10n.t("{0} isn't running, so it has no scheduled stop.", name);
  // One that is required can be moved, too: earlier.
  return stopLimits(workspace) === undefined ? (name) => l10n.t('{0} has no scheduled stop.', name) : undefined;
};
/** V0 reports a running build as failed while its provisioner sends no heartbeat (contract 5.2). */
const buildHasEnded = check(({ latest_build: build }) => hasEnded(build), isBusy);
/** Retrying a failed deletion deletes again, which is allowed for a dormant workspace, too. */
const mayRepeat: Check = (workspace, user) =>
  workspace.latest_build.transition === 'delete'
    ? mayOf('delete', accessOf(workspace, user))
    : (isAwake(workspace, user) ?? isBuiltByCoder(workspace, user));

const hasEarlierBuild = check(
  ({ latest_build: build }) => build.build_number > 1,
  (name) => l10n.t('{0} has no other build.', name),
);
const hasError = check(
  ({ latest_build: build }) => build.job.error !== undefined,
  (name) => l10n.t('The last build of {0} has no error.', name),
);

const builds = [isAwake, isBuiltByCoder];

const RULES = {
  open: { needs: 'use', checks: [isToStay, isOnNow, hasAgent] },
  openTerminal: { needs: 'use', checks: [isToStay, isOnNow, hasAgent] },
  openDashboard: { needs: 'read' },
  start: { needs: 'use', at: OFF, otherwise: isRunning, checks: builds },
  stop: {
    needs: 'use',
    at: ['running', 'failed', 'canceled'],
    otherwise: (name) => l10n.t('{0} is already stopped.', name),
    checks: builds,
  },
  restart: { needs: 'use', at: ['running'], otherwise: isNotRunning, checks: builds },
  update: { needs: 'use', at: RESTING, checks: [isOutdated, ...builds] },
  startWithParameters: { needs: 'use', at: OFF, otherwise: isRunning, checks: builds },
  changeVersion: { needs: 'use', at: RESTING, checks: [mayChooseVersion, ...builds] },
  retryBuild: {
    needs: 'use',
    at: ['failed'],
    otherwise: (name) => l10n.t("The last build of {0} didn't fail.", name),
    checks: [buildHasEnded, mayRepeat],
  },
  cancel: {
    needs: 'change',
    at: ['pending', 'starting', 'stopping', 'deleting'],
    otherwise: (name) => l10n.t('{0} has no build in progress.', name),
    checks: [mayCancel],
  },
  wake: { needs: 'change', checks: [isToStay, isDormantNow] },
  sleep: {
    needs: 'change',
    at: OFF,
    otherwise: (name) => l10n.t("{0} is running. Stop it first, because a dormant workspace can't be stopped.", name),
    checks: [isV2, isClaimed, isNotDormantYet],
  },
  extend: { needs: 'change', checks: [isToStay, isClaimed, stopMayMove] },
  setAutostart: { needs: 'change', checks: [isToStay, isClaimed] },
  setTtl: { needs: 'change', checks: [isToStay, isClaimed] },
  setAutomaticUpdates: { needs: 'change', checks: [isToStay, isV2, isClaimed] },
  pin: { needs: 'read', checks: [isToStay] },
  unpin: { needs: 'read' },
  favorite: { needs: 'own', checks: [isToStay, hasFavorites, isNotFavorite] },
  unfavorite: { needs: 'own', checks: [isToStay, hasFavorites, isFavorite] },
  showLog: { needs: 'read' },
  showHistory: { needs: 'read' },
  compareLog: { needs: 'read', checks: [buildHasEnded, hasEarlierBuild] },
  showResources: { needs: 'read' },
  showState: { needs: 'read', checks: [buildHasEnded] },
  copy: { needs: 'read' },
  duplicate: { needs: 'read' },
  copyLog: { needs: 'read' },
  copyError: { needs: 'read', checks: [hasError] },
  rename: { needs: 'change', checks: [isToStay, mayRename] },
  delete: { needs: 'delete', at: RESTING },
} as const satisfies Readonly<Record<string, Rule>>;

/** What can be done with a workspace; the names are those of the commands. */
export type Verb = keyof typeof RULES;

/**
 * Those that a row's `contextValue` names, in the order of its menu. Whether a workspace is pinned is for the tree to know
 * (`workspaceNode.ts`).
 */
export const VERBS = (Object.keys(RULES) as Verb[]).filter((verb) => verb !== 'unpin');

/** Why `verb` cannot be done now; `undefined`: it can. */
export const whyNot = (verb: Verb, workspace: Workspace, user: User): string | undefined =>
  problem(verb, workspace, user, accessOf(workspace, user))?.(shownName(workspace, user));

export const allows = (verb: Verb, workspace: Workspace, user: User): boolean =>
  problem(verb, workspace, user, accessOf(workspace, user)) === undefined;

/** All that can be done now. */
export const allowedVerbs = (workspace: Workspace, user: User): Verb[] => {
  const access = accessOf(workspace, user);
  return VERBS.filter((verb) => problem(verb, workspace, user, access) === undefined);
};

/**
 * The permission to check on the server before `verb`; `undefined` where the table decides. V0 has a single permission for
 * all changes of a workspace (contract 1.10).
 */
export const questionOf = (verb: Verb, workspace: Workspace, user: User): AuthQuestion | undefined => {
  const { needs }: Rule = RULES[verb];
  if (needs === 'read' || verb === 'open' || verb === 'openTerminal' || accessOf(workspace, user) !== 'unknown')
    return undefined;
  const use = isOld(workspace) ? 'update' : verb === 'stop' ? 'stop' : 'start';
  const action = needs === 'delete' ? 'delete' : needs === 'use' ? use : 'update';
  return { object: { resource_type: 'workspace', resource_id: workspace.id }, action };
};

const problem = (verb: Verb, workspace: Workspace, user: User, access: Access): Why | undefined => {
  const { needs, at, otherwise, checks = [] }: Rule = RULES[verb];
  const refused = mayOf(needs, access);
  if (refused !== undefined) return refused;
  if (at !== undefined && !at.includes(workspace.latest_build.status)) return outOfPlace(workspace, otherwise);
  for (const each of checks) {
    const why = each(workspace, user);
    if (why !== undefined) return why;
  }
  return undefined;
};

const mayOf = (need: Need, access: Access): Why | undefined => {
  if (GRANTS[access].includes(need)) return undefined;
  if (need === 'own') return () => l10n.t('Only your own workspaces can be favorites.');
  return (name) => l10n.t("{0} is shared with you, but your role “{1}” doesn't allow this.", name, access);
};

const outOfPlace = (workspace: Workspace, otherwise: Why = isUnknown): Why => {
  const { status } = workspace.latest_build;
  if (status === 'canceling') return (name) => l10n.t('The build of {0} is already being canceled.', name);
  if (isActive(workspace)) return isBusy;
  if (status === 'deleted') return isDeleted;
  return RESTING.includes(status) ? otherwise : isUnknown;
};
const isUnknown: Why = (name) => l10n.t("{0} has a status that this extension doesn't recognize.", name);
