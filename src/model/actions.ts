import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { stopLimits } from './deadline.ts';
import { isActive, isDormant, isOn } from './status.ts';

/** What can be done with a workspace; the names are those of the commands. */
export type Verb = 'start' | 'stop' | 'cancel' | 'extend' | 'delete' | 'open' | 'showLog' | 'openDashboard';

export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

const ALLOWED: Permission = { allowed: true };
/** Few ask why, but each row of a long list asks whether. */
const no = (why: () => string): Permission => ({
  allowed: false,
  get why() {
    return why();
  },
});

/** Which verbs `workspace` allows `user` now, and why not the others (contract 5.4's safe rule). */
export const verbs = (workspace: Workspace, user: User): Readonly<Record<Verb, Permission>> => ({
  start: mayStart(workspace),
  stop: mayStop(workspace),
  cancel: mayCancel(workspace, user),
  extend: mayExtend(workspace),
  delete: mayDelete(workspace),
  open: mayOpen(workspace),
  showLog: ALLOWED,
  openDashboard: ALLOWED,
});

export const VERBS: readonly Verb[] = [
  'start',
  'stop',
  'cancel',
  'extend',
  'delete',
  'open',
  'showLog',
  'openDashboard',
];

const mayStart = (workspace: Workspace): Permission => {
  switch (workspace.latest_build.status) {
    case 'stopped':
    case 'failed':
    case 'canceled':
      return heldBack(workspace) ?? ALLOWED;
    case 'running':
      return no(() => l10n.t('{0} is already running.', nameOf(workspace)));
    default:
      return busy(workspace);
  }
};

const mayStop = (workspace: Workspace): Permission => {
  switch (workspace.latest_build.status) {
    case 'running':
    case 'failed':
    case 'canceled':
      return heldBack(workspace) ?? ALLOWED;
    case 'stopped':
      return no(() => l10n.t('{0} is already stopped.', nameOf(workspace)));
    default:
      return busy(workspace);
  }
};

const mayCancel = (workspace: Workspace, user: User): Permission => {
  switch (workspace.latest_build.status) {
    case 'pending':
    case 'starting':
    case 'stopping':
    case 'deleting':
      return workspace.template_allow_user_cancel_workspace_jobs || isSiteOwner(user)
        ? ALLOWED
        : no(() => l10n.t('This template does not let its users cancel builds.'));
    case 'canceling':
      return no(() => l10n.t('The build of {0} is already being canceled.', nameOf(workspace)));
    default:
      return no(() => l10n.t('{0} has no build in progress.', nameOf(workspace)));
  }
};

const mayExtend = (workspace: Workspace): Permission => {
  if (!isOn(workspace)) return no(() => l10n.t("{0} isn't running, so it has no scheduled stop.", nameOf(workspace)));
  if (workspace.is_prebuild)
    return no(() => l10n.t('{0} is a prebuilt workspace that nobody has claimed yet.', nameOf(workspace)));
  // One that is required can be moved, too: earlier.
  return stopLimits(workspace) === undefined
    ? no(() => l10n.t('{0} has no scheduled stop.', nameOf(workspace)))
    : ALLOWED;
};

const mayDelete = (workspace: Workspace): Permission => {
  switch (workspace.latest_build.status) {
    case 'running':
    case 'stopped':
    case 'failed':
    case 'canceled':
      return ALLOWED;
    default:
      return busy(workspace);
  }
};

const mayOpen = (workspace: Workspace): Permission => {
  if (!isOn(workspace)) return no(() => l10n.t("{0} isn't running.", nameOf(workspace)));
  const hasAgent = workspace.latest_build.resources.some((resource) => resource.agents.length > 0);
  return hasAgent ? ALLOWED : no(() => l10n.t('{0} has no agent to connect to.', nameOf(workspace)));
};

/** What keeps a build from being made although the status would allow one (contract 5.4). */
const heldBack = (workspace: Workspace): Permission | undefined => {
  if (isDormant(workspace))
    return no(() => l10n.t('{0} is dormant. Wake it in the dashboard first.', nameOf(workspace)));
  if (workspace.latest_build.has_external_agent) {
    return no(() => l10n.t("{0} runs on an external agent, so Coder can't start or stop it.", nameOf(workspace)));
  }
  return undefined;
};

const busy = (workspace: Workspace): Permission => {
  if (isActive(workspace)) return no(() => l10n.t('A build of {0} is in progress.', nameOf(workspace)));
  if (workspace.latest_build.status === 'deleted') return no(() => l10n.t('{0} is deleted.', nameOf(workspace)));
  return no(() => l10n.t("{0} has a status that this extension doesn't recognize.", nameOf(workspace)));
};

const nameOf = (workspace: Workspace): string => plainLine(workspace.name, 64);

/** The site's owners may cancel whatever the template says (contract 2.10). */
const isSiteOwner = (user: User): boolean => user.roles.some((role) => role.name === 'owner');
