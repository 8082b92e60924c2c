import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { CommandContext } from './context.ts';
import { Refusal } from './refusal.ts';
import { metadataOf, readyState, sessionOf, targetId } from './target.ts';

/** Copies the value of a row of metadata to the clipboard; one that is masked is shown nowhere. */
export async function copyValue(context: CommandContext, argument: unknown): Promise<void> {
  const state = await readyState(sessionOf(context));
  const id = targetId(argument);
  const meant = metadataOf(argument);
  const workspace = id === undefined ? undefined : state.workspaces.get(id);
  const metadata = workspace?.latest_build.resources
    .find((resource) => resource.id === meant?.resourceId)
    ?.metadata.find(({ key }) => key === meant?.key);
  if (metadata === undefined) throw new Refusal(l10n.t('This value no longer exists.'));
  await context.ui.writeClipboard(metadata.value);
  context.ui.showBriefly(l10n.t('Copied {0}.', plainLine(metadata.key, 100)));
}
