import * as l10n from '@vscode/l10n';
import type { TemplateVersionId } from '../api/units.ts';
import type { Verb } from '../model/actions.ts';
import { isOld } from '../model/age.ts';
import { buildStart } from './build.ts';
import type { CommandContext } from './context.ts';
import { activeVersion } from './planBuild.ts';
import { confirmRestart } from './restart.ts';
import { currentWorkspace, findTarget, nameIn, type Target } from './target.ts';

/** Builds the active version with the values that are still valid. */
export async function update(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'update');
  await confirmRestart(context, target, l10n.t('Update and restart {0}?', nameIn(target)));
  await buildVersion(context, target, 'update', activeVersion(target));
}

/** A running workspace is stopped first; V0 starts it anew as it is (contract 2.14). */
export async function buildVersion(
  context: CommandContext,
  target: Target,
  verb: Verb,
  version: TemplateVersionId | Promise<TemplateVersionId>,
): Promise<void> {
  const workspace = currentWorkspace(target);
  const isRunning = workspace.latest_build.status === 'running';
  // What the question about restarting was about, before the version is waited for.
  const confirmed = isRunning ? { ...target, workspace } : target;
  const versionId = await version;
  await buildStart(context, confirmed, { verb, versionId, stopsFirst: isRunning && !isOld(workspace) });
}
