import * as l10n from '@vscode/l10n';
import * as builds from '../../api/builds.ts';
import type { Template, TemplateVersion } from '../../api/schemas/templates.ts';
import type { ParameterValue } from '../../api/schemas/templateVersions.ts';
import type { Workspace } from '../../api/schemas/workspaces.ts';
import * as templates from '../../api/templates.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import type { CommandContext } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { findTarget, nameIn, orNothing, readyState, type Target } from '../target.ts';
import { carryOut, newDraft, wizardFor } from './create.ts';
import { settle, type Draft } from './draft.ts';
import { readForm } from './form.ts';
import { deprecation } from './templateStep.ts';

/** The wizard of *Create Workspace*, prefilled with a workspace's template, version, parameters, and schedule. */
export async function duplicate(context: CommandContext, argument?: unknown): Promise<void> {
  const target = await findTarget(context, argument, 'duplicate');
  const { session, signal, workspace } = target;
  const { user } = await readyState(session);
  const draft = await context.ui.withDelayedProgress(
    l10n.t('Loading the parameters of {0}', workspace.name),
    async (stop) => {
      const [empty, source] = await Promise.all([newDraft(session, user, stop), readSource(target, stop)]);
      const filled = answeredBy(workspace, empty, source);
      filled.form = await readForm(filled, { session, user, signal }, source, stop);
      return filled;
    },
    signal,
  );
  // Ephemeral parameters are never copied.
  for (const { name, ephemeral } of draft.form?.fields ?? []) if (ephemeral) draft.answers.delete(name);
  settle(draft);
  const title = (step: string): string => l10n.t('Duplicate {0}: {1}', nameIn(target), step);
  await carryOut(context, draft, wizardFor(context, draft, { user, title }));
}

interface Source {
  readonly template: Template;
  /** Another one than the active one. */
  readonly version?: TemplateVersion | undefined;
  /** Absent: V0 tells nobody, V2 not everybody. */
  readonly values: readonly ParameterValue[] | undefined;
}

async function readSource({ session, workspace }: Target, signal: AbortSignal): Promise<Source> {
  const { calls } = session;
  const { template_id: templateId, latest_build: build } = workspace;
  const versionId = build.template_version_id;
  if (templateId === undefined) throw new Refusal(l10n.t('The template of {0} is unknown.', workspace.name));
  const [template, version, values] = await Promise.all([
    templates.get(calls, templateId, signal),
    // V0 builds the active version only (contract 2.1).
    versionId === undefined || workspace.automatic_updates === undefined
      ? undefined
      : orNothing(templateVersions.get(calls, versionId, signal)),
    orNothing(builds.parameters(calls, build.id, signal), 'routeNotFound'),
  ]);
  if (template.deprecated) throw new Refusal(deprecation(template));
  const isUsable =
    version?.archived === false &&
    version.id !== template.active_version_id &&
    !template.require_active_version &&
    version.job.status === 'succeeded';
  return { template, version: isUsable ? version : undefined, values };
}

/** Parameters with unknown values are asked for. */
function answeredBy(workspace: Workspace, draft: Draft, { values }: Source): Draft {
  return {
    ...draft,
    organization: draft.organizations.find(({ id }) => id === workspace.organization_id),
    // After `api-2` comes `api-3`.
    nameBase: workspace.name.replace(/-\d{1,2}$/, ''),
    preset: null,
    answers: new Map(values?.map(({ name, value }) => [name, value])),
    settled: new Set(['template', 'preset']),
    ttlMs: workspace.ttl_ms,
    autostart: workspace.autostart_schedule,
    automaticUpdates: workspace.automatic_updates === 'always' ? 'always' : undefined,
    asksForAll: values === undefined,
  };
}
