import * as l10n from '@vscode/l10n';
import { plainLines } from '../api/plainText.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { logDocument } from './buildDocument.ts';
import type { CommandContext } from './context.ts';
import { ofBuild } from './findBuild.ts';
import { Refusal } from './refusal.ts';
import type { Target } from './target.ts';

/** Copies the log of a build as far as it is written. */
export const copyLog = ofBuild('copyLog', copyLogOf);

export async function copyLogOf(context: CommandContext, target: Target, build: Build): Promise<void> {
  const { text } = await logDocument(context, target, build);
  await context.ui.writeClipboard(text);
  context.ui.showBriefly(l10n.t('Copied the log of build #{0}.', build.build_number));
}

/** Copies what a build's job says went wrong. */
export const copyError = ofBuild('copyError', (context, _, build) => copyErrorOf(context, build));

export async function copyErrorOf({ ui }: CommandContext, { job, build_number: number }: Build): Promise<void> {
  if (job.error === undefined) throw new Refusal(l10n.t('Build #{0} has no error.', number));
  await ui.writeClipboard(plainLines(job.error.trimEnd()).join('\n'));
  ui.showBriefly(l10n.t('Copied the error of build #{0}.', number));
}
