import * as l10n from '@vscode/l10n';
import { firstLine, plainLine } from '../api/plainText.ts';
import type { TemplateVersion } from '../api/schemas/templates.ts';
import * as templates from '../api/templates.ts';
import { BACK, Dismissed, type Row } from '../model/prompt.ts';
import { fromNow } from '../model/times.ts';
import type { CommandContext } from './context.ts';
import { activeVersion } from './planBuild.ts';
import { Refusal } from './refusal.ts';
import { confirmRestart } from './restart.ts';
import { findTarget, type Target } from './target.ts';
import { buildVersion } from './update.ts';

/** Nobody looks through more. */
const LISTED = 100;

/** Builds a version of the template that the person chooses. */
export async function changeVersion(context: CommandContext, argument: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'changeVersion');
  const { name } = target.workspace;
  const rows = await context.ui.withDelayedProgress(
    l10n.t('Loading the versions'),
    (stop) => versionRows(context, target, stop),
    target.signal,
  );
  if (rows.length === 0) throw new Refusal(l10n.t('The template of {0} has no other version.', name));
  const version = await context.ui.pick({
    title: l10n.t('Change the Version of {0}', name),
    placeholder: l10n.t('Currently {0}', target.workspace.latest_build.template_version_name),
    rows,
    signal: target.signal,
  });
  if (version === BACK) throw new Dismissed();
  await confirmRestart(context, target, l10n.t('Restart {0} with the version {1}?', name, version.name));
  await buildVersion(context, target, 'changeVersion', version.id);
}

/** The newest first. What was not imported, and what the workspace has, are no choice. */
async function versionRows({ ui }: CommandContext, target: Target, stop: AbortSignal): Promise<Row<TemplateVersion>[]> {
  const { session, workspace } = target;
  const { calls, clock } = session.client;
  if (workspace.template_id === undefined) return [];
  const [versions, active] = await Promise.all([
    templates.versions(calls, workspace.template_id, { limit: LISTED }, stop),
    activeVersion(target),
  ]);
  return versions
    .filter(
      ({ id, job, archived }) =>
        id !== workspace.latest_build.template_version_id && job.status === 'succeeded' && !archived,
    )
    .sort((one, other) => (other.created_at ?? 0) - (one.created_at ?? 0))
    .map((version) => {
      const { id, name, created_at: at, created_by: by, message } = version;
      const about = [
        ...(id === active ? [l10n.t('active')] : []),
        ...(at === undefined ? [] : [fromNow(at, clock.now(), ui.displayLocale())]),
        ...(by === undefined ? [] : [plainLine(by.username, 64)]),
      ];
      return {
        label: plainLine(name, 100),
        description: about.join(' · '),
        ...(message === '' ? {} : { detail: firstLine(message) }),
        icon: id === active ? 'star-full' : 'versions',
        value: version,
      };
    });
}
