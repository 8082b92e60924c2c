import * as l10n from '@vscode/l10n';
import { currentDeployment, type CommandContext } from './context.ts';

/** Refreshes the list. The tree shows errors in its message. */
export async function refresh(context: CommandContext): Promise<void> {
  const { deployment, session } = currentDeployment(context);
  const reading = session.refresh();
  context.ui.showWaiting(l10n.t('Loading workspaces from {0}…', deployment.url.host), reading);
  await reading;
}
