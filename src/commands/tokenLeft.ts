import * as l10n from '@vscode/l10n';
import type { Deployment } from '../model/openDeployment.ts';
import { KEYRING_HELP, tokenLeftSentence } from '../model/keyring.ts';
import type { CommandContext } from './context.ts';

/** Shows that a token couldn't be deleted. */
export function tellTokenLeft({ ui }: Pick<CommandContext, 'ui'>, left: Deployment): void {
  ui.warn(tokenLeftSentence(left), [{ label: l10n.t('How to Fix It'), run: () => ui.openInBrowser(KEYRING_HELP) }]);
}
