import * as l10n from '@vscode/l10n';
import type { Build } from '../api/schemas/workspaces.ts';
import type { User } from '../api/schemas/users.ts';
import { plainLine } from '../api/plainText.ts';

// Who or what had a build made, from `reason` and `initiator` (contract 2.15, 5.5, 7.9: reasons are an open set).

/** The viewer. */
export type Viewer = Pick<User, 'id' | 'username'>;

/**
 * What stands in a row, where it is worth saying: "autostop"; "dana", if it was somebody else than `viewer`; a reason that
 * is not known as it came. '' for what the viewer did by hand.
 */
export const causeOf = (build: Build, viewer: Viewer): string => {
  const automatic = automaticCause(build.reason);
  if (automatic !== undefined) return automatic;
  if (!BY_HAND.has(build.reason)) return plainLine(build.reason, 40);
  return isInitiator(viewer, build) ? '' : plainLine(build.initiator_name, 40);
};

/** Compared by id if sent: initiator names of V0 are unreliable (contract 7.38). */
const isInitiator = ({ id, username }: Viewer, build: Build): boolean =>
  build.initiator_id === undefined ? build.initiator_name === username : build.initiator_id === id;

/** Whether `viewer` asked for the build; what Coder does by itself bears the owner's name. */
export const isMadeBy = (viewer: Viewer, build: Build): boolean =>
  automaticCause(build.reason) === undefined && isInitiator(viewer, build);

/** The whole of it: "Coder (autostop)", "dana", "dana, some_reason". What Coder does by itself bears the owner's name. */
export const initiatorOf = (build: Build): string => {
  const automatic = automaticCause(build.reason);
  if (automatic !== undefined) return l10n.t('Coder ({0})', automatic);
  const name = plainLine(build.initiator_name, 100);
  if (BY_HAND.has(build.reason)) return name;
  const reason = plainLine(build.reason, 40);
  return name === '' ? reason : l10n.t('{0}, {1}', name, reason);
};

/** What Coder does by itself; `autolock` and `failedstop` are words of V2's first releases. */
const automaticCause = (reason: string): string | undefined => {
  switch (reason) {
    case 'autostart':
      return l10n.t('autostart');
    case 'autostop':
      return l10n.t('autostop');
    case 'dormancy':
    case 'autolock':
      return l10n.t('dormancy');
    case 'autodelete':
      return l10n.t('auto-deletion');
    case 'failedstop':
      return l10n.t('failed start');
    case 'task_auto_pause':
      return l10n.t('auto-pause');
    default:
      return undefined;
  }
};

/** Reasons of builds that a user requested; `unknown`: the server sent none. */
const BY_HAND: ReadonlySet<string> = new Set([
  'initiator',
  'dashboard',
  'cli',
  'ssh_connection',
  'vscode_connection',
  'jetbrains_connection',
  'task_manual_pause',
  'task_resume',
  'unknown',
]);
