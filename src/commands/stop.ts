import * as l10n from '@vscode/l10n';
import { inBackground } from '../api/errors.ts';
import { Dismissed } from '../model/prompt.ts';
import type { CommandContext } from './context.ts';
import { build } from './makeBuild.ts';
import { findTarget } from './target.ts';

export async function stop(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'stop');
  const { workspace } = target;
  if (context.settings().confirmStop && workspace.latest_build.status === 'running') {
    const once = l10n.t('Stop');
    const always = l10n.t("Stop and Don't Ask Again");
    const answer = await context.ui.confirm(
      l10n.t('Stop {0}?', workspace.name),
      l10n.t("Running processes end, and anything that isn't on a persistent volume is lost."),
      [once, always],
    );
    if (answer === undefined) throw new Dismissed();
    // Whether that can be kept decides nothing about the stop.
    if (answer === always) inBackground(context.stopAskingBeforeStop(), (error) => context.log.error('stop', error));
  }
  await build(context, target, { transition: 'stop' });
}
