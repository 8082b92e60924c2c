import * as l10n from '@vscode/l10n';
import type { Verb } from '../model/actions.ts';

/** Message if no workspace allows the command; `title`: of the command. */
export function noneAllows(verb: Verb, title: string): string {
  switch (verb) {
    case 'extend':
      return l10n.t('None of your workspaces has a deadline that can be extended.');
    case 'restart':
    case 'open':
      return l10n.t('None of your workspaces is running.');
    case 'update':
      return l10n.t('All of your workspaces use the active versions of their templates.');
    case 'showLog':
    case 'openDashboard':
      return l10n.t('You have no workspaces.');
    default:
      return l10n.t("“{0}” isn't available for any of your workspaces now.", title);
  }
}
