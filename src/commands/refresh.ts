import * as l10n from '@vscode/l10n';
import { currentDeployment, type CommandContext } from './context.ts';

/** What goes wrong is the tree's to say: the rows stay, and tell how old they are. */
export async function refresh(context: CommandContext): Promise<void> {
  const { deployment, session } = currentDeployment(context);
  const reading = session.refresh();
  context.ui.showWaiting(l10n.t('Loading workspaces from {0}…', deployment.url.host), reading);
  await reading;
}
