import * as l10n from '@vscode/l10n';
import { BACK, Dismissed } from '../model/prompt.ts';
import { build } from './build.ts';
import type { CommandContext } from './context.ts';
import { findTarget } from './target.ts';

/** Nothing is asked of the server before the name was typed. */
export async function deleteWorkspace(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'delete');
  const { name } = target.workspace;
  const typed = await context.ui.enter({
    title: l10n.t('Delete {0}', name),
    prompt: l10n.t('This permanently deletes its resources and their data. Type {0} to confirm.', name),
    placeholder: name,
    validate: (value) => (value.trim() === name ? undefined : l10n.t('Type {0} to confirm.', name)),
    signal: target.signal,
  });
  if (typed === BACK) throw new Dismissed();
  await build(context, target, { verb: 'delete', request: { transition: 'delete' } });
}
