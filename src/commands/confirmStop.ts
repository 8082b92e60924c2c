import * as l10n from '@vscode/l10n';
import { inBackground } from '../api/errors.ts';
import { Dismissed } from '../model/prompt.ts';
import type { CommandContext } from './context.ts';
import { currentWorkspace, type Target } from './target.ts';

/** Asks before what runs is stopped, unless the person wants to be asked no more. @throws Dismissed */
export async function confirmStop(
  { settings, stopAskingBeforeStop, ui, log }: CommandContext,
  target: Target,
  { question, once, always }: Record<'question' | 'once' | 'always', string>,
): Promise<void> {
  if (currentWorkspace(target).latest_build.status !== 'running' || !settings().confirmStop) return;
  const answer = await ui.confirm(question, whatIsLost(), [once, always]);
  if (answer === undefined) throw new Dismissed();
  // A failure to write the setting doesn't prevent the stop.
  if (answer === always) inBackground(stopAskingBeforeStop(), (error) => log.error('confirm.stop', error));
}

export const whatIsLost = (): string =>
  l10n.t("Running processes end, and anything that isn't on a persistent volume is lost.");
