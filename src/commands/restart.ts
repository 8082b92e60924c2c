import * as l10n from '@vscode/l10n';
import { buildStart } from './build.ts';
import { confirmStop } from './confirmStop.ts';
import type { CommandContext } from './context.ts';
import { findTarget, nameIn, type Target } from './target.ts';

/** Stops and starts the same version with the same values, as one act. */
export async function restart(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'restart');
  await confirmRestart(context, target, l10n.t('Restart {0}?', nameIn(target)));
  await buildStart(context, target, { verb: 'restart', stopsFirst: true });
}

/** @throws Dismissed */
export const confirmRestart = (context: CommandContext, target: Target, question: string): Promise<void> =>
  confirmStop(context, target, {
    question,
    once: l10n.t('Restart'),
    always: l10n.t("Restart and Don't Ask Again"),
  });
