import * as l10n from '@vscode/l10n';
import { BACK } from '../model/prompt.ts';
import { buildActions } from './buildActions.ts';
import type { CommandContext } from './context.ts';
import { BuildList, pickBuild } from './findBuild.ts';
import { findTarget, nameIn } from './target.ts';

/** Lists the builds of a workspace, and the actions for each. */
export async function showHistory(context: CommandContext, argument: unknown): Promise<void> {
  const { ui } = context;
  const target = await findTarget(context, argument, 'showHistory');
  const { signal } = target;
  const list = new BuildList(target);
  const title = l10n.t('Builds of {0}', nameIn(target));
  for (let build = undefined, action; ;) {
    build = await pickBuild(context, list, { title, placeholder: l10n.t('Select a build'), at: build?.id });
    action = await ui.pick({
      title: l10n.t('Build #{0} of {1}', build.build_number, nameIn(target)),
      placeholder: l10n.t('Select what to show'),
      rows: buildActions(context, list, build),
      canGoBack: true,
      signal,
    });
    if (action !== BACK) return action();
  }
}
