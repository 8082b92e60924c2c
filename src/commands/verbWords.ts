import * as l10n from '@vscode/l10n';
import type { Verb } from '../model/actions.ts';

/** What a picker of workspaces is about. */
export function titleOf(verb: Verb): string {
  switch (verb) {
    case 'start':
      return l10n.t('Start');
    case 'stop':
      return l10n.t('Stop');
    case 'cancel':
      return l10n.t('Cancel Build');
    case 'extend':
      return l10n.t('Extend Deadline');
    case 'delete':
      return l10n.t('Delete');
    case 'open':
      return l10n.t('Open in VS Code');
    case 'showLog':
      return l10n.t('Show Build Log');
    case 'openDashboard':
      return l10n.t('Open in Dashboard');
  }
}

/** Why there is nothing to choose from. */
export function noneAllows(verb: Verb): string {
  switch (verb) {
    case 'start':
      return l10n.t('None of your workspaces can be started now.');
    case 'stop':
      return l10n.t('None of your workspaces can be stopped now.');
    case 'cancel':
      return l10n.t('No build of your workspaces can be canceled now.');
    case 'extend':
      return l10n.t('None of your workspaces has a deadline that can be extended.');
    case 'delete':
      return l10n.t('None of your workspaces can be deleted now.');
    case 'open':
      return l10n.t('None of your workspaces is running.');
    case 'showLog':
    case 'openDashboard':
      return l10n.t('You have no workspaces.');
  }
}
