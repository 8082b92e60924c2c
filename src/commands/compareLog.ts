import * as l10n from '@vscode/l10n';
import { hasEnded } from '../api/buildEnd.ts';
import type { Build } from '../api/schemas/workspaces.ts';
import { logDocument } from './buildDocument.ts';
import type { CommandContext } from './context.ts';
import { BuildList, ofBuild, pickBuild } from './findBuild.ts';
import { Refusal } from './refusal.ts';
import { nameIn } from './target.ts';

/** Compares the log of a build with that of another one of the workspace. */
export const compareLog = ofBuild('compareLog', (context, target, build) =>
  compareWith(context, new BuildList(target), build),
);

export async function compareWith(context: CommandContext, list: BuildList, build: Build): Promise<void> {
  const name = nameIn(list.target);
  if (!hasEnded(build)) throw new Refusal(l10n.t('A build of {0} is in progress.', name));
  const other = await pickBuild(context, list, {
    title: l10n.t('Compare the Log of Build #{0} of {1}', build.build_number, name),
    placeholder: l10n.t('Select the build to compare with'),
    fits: (each) => each.id !== build.id && hasEnded(each),
  });
  const [older, newer] = other.build_number < build.build_number ? [other, build] : [build, other];
  const texts = [
    await logDocument(context, list.target, older),
    await logDocument(context, list.target, newer),
  ] as const;
  const title = l10n.t('{0}: #{1} ↔ #{2}', name, older.build_number, newer.build_number);
  await context.ui.compareTexts(title, ...texts);
}
