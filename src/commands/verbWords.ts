import * as l10n from '@vscode/l10n';
import type { Verb } from '../model/actions.ts';

/** Title of the workspace picker: the command's title. */
export function titleOf(verb: Verb): string {
  return TITLES[verb]();
}

/** Called when needed, after translations are there. */
const TITLES: Readonly<Record<Verb, () => string>> = {
  start: () => l10n.t('Start'),
  startWithParameters: () => l10n.t('Start with Parameters'),
  stop: () => l10n.t('Stop'),
  restart: () => l10n.t('Restart'),
  update: () => l10n.t('Update'),
  changeVersion: () => l10n.t('Change Version'),
  retryBuild: () => l10n.t('Retry Build'),
  cancel: () => l10n.t('Cancel Build'),
  delete: () => l10n.t('Delete'),
  extend: () => l10n.t('Extend Deadline'),
  setAutostart: () => l10n.t('Set Autostart'),
  setTtl: () => l10n.t('Set Time Before Autostop'),
  setAutomaticUpdates: () => l10n.t('Automatic Updates'),
  rename: () => l10n.t('Rename'),
  favorite: () => l10n.t('Favorite'),
  unfavorite: () => l10n.t('Remove from Favorites'),
  wake: () => l10n.t('Wake'),
  sleep: () => l10n.t('Make Dormant'),
  duplicate: () => l10n.t('Duplicate'),
  open: () => l10n.t('Open in VS Code'),
  openDashboard: () => l10n.t('Open in Dashboard'),
  showLog: () => l10n.t('Show Build Log'),
  showHistory: () => l10n.t('Show Build History'),
  showState: () => l10n.t('Show Provisioner State'),
  compareLog: () => l10n.t('Compare Build Log With…'),
  copyLog: () => l10n.t('Copy Build Log'),
  copyError: () => l10n.t('Copy Build Error'),
  showResources: () => l10n.t('Show Resources'),
  pin: () => l10n.t('Pin to Status Bar'),
  unpin: () => l10n.t('Unpin from Status Bar'),
};

/** Message if no workspace allows the command. */
export function noneAllows(verb: Verb): string {
  switch (verb) {
    case 'start':
      return l10n.t('None of your workspaces can be started now.');
    case 'stop':
      return l10n.t('None of your workspaces can be stopped now.');
    case 'cancel':
      return l10n.t('None of your workspaces has a build that can be canceled now.');
    case 'extend':
      return l10n.t('None of your workspaces has a deadline that can be extended.');
    case 'delete':
      return l10n.t('None of your workspaces can be deleted now.');
    case 'restart':
    case 'open':
      return l10n.t('None of your workspaces is running.');
    case 'update':
      return l10n.t('All of your workspaces use the active versions of their templates.');
    case 'showLog':
    case 'openDashboard':
      return l10n.t('You have no workspaces.');
    default:
      return l10n.t("“{0}” isn't available for any of your workspaces now.", titleOf(verb));
  }
}
