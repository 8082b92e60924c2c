import * as l10n from '@vscode/l10n';
import { currentDeployment, type CommandContext } from './context.ts';

export async function signOut(context: CommandContext): Promise<void> {
  const { deployment } = currentDeployment(context);
  await context.deployments.signOut();
  void context.ui.inform(
    deployment.source === 'environment'
      ? l10n.t('Signed out of {0}. CODER_SESSION_TOKEN signs in again when the window reloads.', deployment.url.host)
      : l10n.t('Signed out of {0}.', deployment.url.host),
  );
}
