import * as l10n from '@vscode/l10n';
import { KEYRING_HELP, tokenLeftSentence } from '../model/keyring.ts';
import type { Deployment } from '../model/openDeployment.ts';
import { currentDeployment, type CommandContext } from './context.ts';

export async function signOut(context: CommandContext): Promise<void> {
  const { deployment } = currentDeployment(context);
  const left = await context.deployments.signOut();
  if (left !== undefined) {
    tellTokenLeft(context, left);
    return;
  }
  context.ui.inform(
    deployment.source === 'environment'
      ? l10n.t(
          'Signed out of {0}. CODER_SESSION_TOKEN signs you in again when the window reloads.',
          deployment.url.host,
        )
      : l10n.t('Signed out of {0}.', deployment.url.host),
  );
}

/** Shows that a token couldn't be deleted. */
export function tellTokenLeft({ ui }: Pick<CommandContext, 'ui'>, left: Deployment): void {
  ui.warn(tokenLeftSentence(left), [{ label: l10n.t('How to Fix It'), run: () => ui.openInBrowser(KEYRING_HELP) }]);
}
