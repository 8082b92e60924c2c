import * as l10n from '@vscode/l10n';
import { Dismissed } from '../../model/prompt.ts';
import type { Ui } from '../ui.ts';

/** Confirms before entries are discarded, those in the current prompt and earlier ones (`touched`). */
export async function mayLeave(
  error: unknown,
  touched: boolean,
  ui: Ui,
  signal: AbortSignal,
  question: string,
  detail = '',
): Promise<boolean> {
  if (!(error instanceof Dismissed) || signal.aborted || !(touched || error.typed !== undefined)) return true;
  const discard = l10n.t('Discard');
  return (await ui.confirm(question, detail, [discard], l10n.t('Keep Editing'))) === discard;
}
