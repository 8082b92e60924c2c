import * as l10n from '@vscode/l10n';
import { currentDeployment, type CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import { findTarget, nameIn } from './target.ts';

/** The status bar shows this workspace's stop, also where another one stops first. */
export async function pin(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'pin');
  await context.remembered.pin(currentDeployment(context).deployment.url.key, target.workspace.id);
  context.ui.showBriefly(l10n.t('{0} is pinned. The status bar shows its stop when one is scheduled.', nameIn(target)));
}

/** Unpins the pinned workspace; there is at most one. */
export async function unpin(context: CommandContext): Promise<void> {
  const { key } = currentDeployment(context).deployment.url;
  if (context.remembered.pinned(key) === undefined) {
    throw new Refusal(l10n.t('No workspace is pinned to the status bar.'));
  }
  await context.remembered.pin(key, undefined);
}
