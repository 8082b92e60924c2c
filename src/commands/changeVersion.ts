import * as l10n from '@vscode/l10n';
import type { CommandContext } from './context.ts';
import { activeVersion } from './planBuild.ts';
import { Refusal } from './refusal.ts';
import { confirmRestart } from './restart.ts';
import { findTarget, nameIn } from './target.ts';
import { buildVersion } from './update.ts';
import { versionRows } from './versionRows.ts';

/** Builds a version of the template that the person chooses. */
export async function changeVersion(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'changeVersion');
  const name = nameIn(target);
  const { template_id: templateId, latest_build: build } = target.workspace;
  const rows = await context.ui.withDelayedProgress(
    l10n.t('Loading versions'),
    async (stop) => {
      if (templateId === undefined) return [];
      const active = await activeVersion({ ...target, signal: stop });
      const all = await versionRows(context.ui, target.session, templateId, active, stop);
      return all.filter(({ value: { id } }) => id !== build.template_version_id);
    },
    target.signal,
  );
  if (rows.length === 0) throw new Refusal(l10n.t('The template of {0} has no other version.', name));
  const version = await context.ui.pick({
    title: l10n.t('Change the Version of {0}', name),
    placeholder: l10n.t('Currently {0}', build.template_version_name),
    rows,
    signal: target.signal,
  });
  await confirmRestart(context, target, l10n.t('Restart {0} with version {1}?', name, version.name));
  await buildVersion(context, target, 'changeVersion', version.id);
}
