import * as l10n from '@vscode/l10n';
import { groupBy, sortBy } from './arrange.ts';
import { cancel, cancelShown } from './cancel.ts';
import { checkIdentity } from './checkIdentity.ts';
import { compareLog } from './compareLog.ts';
import type { CommandContext } from './context.ts';
import { copy } from './copy.ts';
import { copyError, copyLog } from './copyLog.ts';
import { copyValue } from './copyValue.ts';
import { changeVersion } from './changeVersion.ts';
import { create } from './create/create.ts';
import { duplicate } from './create/duplicate.ts';
import { deleteWorkspace } from './delete.ts';
import { askForAmount, extend, extendUsual } from './extend.ts';
import { forMany, typeTheirNumber, withoutQuestion } from './many.ts';
import { clearFilter, filter } from './filter.ts';
import { open, openTerminal } from './open.ts';
import { openApp } from './openApp.ts';
import { openDashboard } from './openDashboard.ts';
import { openWorkspace } from './openWorkspace.ts';
import { pin, unpin } from './pin.ts';
import { refresh } from './refresh.ts';
import { setAutomaticUpdates } from './settings/automaticUpdates.ts';
import { setAutostart } from './settings/autostart.ts';
import { sleep, wake } from './settings/dormancy.ts';
import { favorite, unfavorite } from './settings/favorite.ts';
import { rename } from './settings/rename.ts';
import { setTtl } from './settings/ttl.ts';
import { showHistory } from './showHistory.ts';
import { setScope } from './setScope.ts';
import { showLog } from './showLog.ts';
import { showOutput } from './showOutput.ts';
import { showResources } from './showResources.ts';
import { showState } from './showState.ts';
import { signIn } from './signIn.ts';
import { signOut } from './signOut.ts';
import { restart } from './restart.ts';
import { retryBuild } from './retryBuild.ts';
import { start, startWithParameters } from './start.ts';
import { stop } from './stop.ts';
import { update } from './update.ts';
import { leaveText, useText } from './useText.ts';

/** The first argument is a row of the tree, an id, or nothing; further ones are specific to the command. */
export type Command = (context: CommandContext, ...args: unknown[]) => Promise<void>;

/** Every command of the manifest, without the common prefix of the ids; a test compares both. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  signIn,
  signOut,
  refresh,
  retry: refresh,
  setScope,
  filter,
  clearFilter,
  sortBy,
  groupBy,
  create,
  start: forMany('start', start, { done: (what) => l10n.t('Started {0}.', what) }),
  startWithParameters,
  restart: forMany('restart', restart, { done: (what) => l10n.t('Restarted {0}.', what) }),
  update: forMany('update', update, { done: (what) => l10n.t('Updated {0}.', what) }),
  changeVersion,
  retryBuild,
  stop: forMany('stop', stop, { done: (what) => l10n.t('Stopped {0}.', what) }),
  cancel,
  cancelShown,
  extend: forMany('extend', extend, {
    done: (what) => l10n.t('Extended {0}.', what),
    ask: askForAmount,
  }),
  extendUsual: forMany('extend', extendUsual, {
    done: (what) => l10n.t('Extended {0}.', what),
    ask: withoutQuestion,
  }),
  delete: forMany('delete', deleteWorkspace, {
    done: (what) => l10n.t('Deleted {0}.', what),
    ask: typeTheirNumber,
    confirmed: ({ name }) => name,
  }),
  pin,
  unpin,
  duplicate,
  rename,
  setAutostart,
  setTtl,
  setAutomaticUpdates,
  favorite: forMany('favorite', favorite, {
    done: (what) => l10n.t('Added {0} to favorites.', what),
    ask: withoutQuestion,
  }),
  unfavorite: forMany('unfavorite', unfavorite, {
    done: (what) => l10n.t('Removed {0} from favorites.', what),
    ask: withoutQuestion,
  }),
  wake,
  sleep,
  showLog,
  showHistory,
  showState,
  compareLog,
  copy,
  copyLog,
  copyError,
  copyValue,
  open,
  openApp,
  openTerminal,
  openWorkspace,
  openDashboard,
  showResources,
  checkIdentity,
  showOutput,
  useText,
  leaveText,
};
