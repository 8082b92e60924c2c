import * as l10n from '@vscode/l10n';
import { build } from './build.ts';
import { confirmStop } from './confirmStop.ts';
import type { CommandContext } from './context.ts';
import { findTarget, nameIn } from './target.ts';

export async function stop(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'stop');
  await confirmStop(context, target, {
    question: l10n.t('Stop {0}?', nameIn(target)),
    once: l10n.t('Stop'),
    always: l10n.t("Stop and Don't Ask Again"),
  });
  await build(context, target, { verb: 'stop', request: { transition: 'stop' } });
}
