import * as l10n from '@vscode/l10n';
import * as templates from '../api/templates.ts';
import type { TemplateVersionId } from '../api/units.ts';
import type { Verb } from '../model/actions.ts';
import { policyTitle, restartEnding, versionEnding } from '../model/actWords.ts';
import { policyOf, versionToStart, type VersionPolicy } from '../model/versionPolicy.ts';
import type { Act, ThenStart } from './act.ts';
import { readBuildForm, type BuildForm } from './buildForm.ts';
import type { CommandContext } from './context.ts';
import { nowOf } from './makeBuild.ts';
import { Refusal } from './refusal.ts';
import { readyState, type Target } from './target.ts';

/** The start that a verb asks for. */
export interface Wanted {
  readonly verb: Verb;
  /** Absent: the version that automatic updates and the template require. */
  readonly versionId?: TemplateVersionId | undefined;
  /** Stops a running workspace, or the remains of a failed start, first. */
  readonly stopsFirst?: boolean;
  readonly asksForAll?: boolean;
  readonly logLevel?: 'debug' | undefined;
}

/**
 * Plans a start, alone or after a stop, and reads the parameters to ask for first. The same version keeps its values; another
 * one may need more. @throws Refusal, Dismissed, ApiError
 */
export async function planStart(
  { ui, isUnattended }: CommandContext,
  target: Target,
  { verb, versionId, stopsFirst = false, asksForAll = false, logLevel }: Wanted,
): Promise<{ readonly act: Act; readonly form: BuildForm | undefined }> {
  const { session, workspace, signal } = target;
  const { latest_build: last } = workspace;
  const { user } = await readyState(session);
  const policy = versionId === undefined ? policyOf(workspace, user) : undefined;
  const wanted = versionId ?? versionToStart(workspace, user);
  const { isOvertaken } = await nowOf(target, verb);
  const form =
    wanted === undefined || isOvertaken
      ? undefined
      : await ui.withDelayedProgress(
          l10n.t('Loading parameters'),
          (stop) => readBuildForm(target, wanted, asksForAll ? 'all' : isUnattended ? 'must' : 'needed', stop),
          signal,
        );
  const isNew = wanted !== last.template_version_id;
  const start: ThenStart = { templateVersionId: isNew ? wanted : undefined, logLevel };
  const ending = isNew ? versionEnding : stopsFirst ? restartEnding : undefined;
  const title = titleOf(verb, policy, isNew, stopsFirst);
  const act: Act = {
    verb,
    // The server rejects a forbidden log level before anything is stopped.
    request: stopsFirst ? { transition: 'stop', logLevel } : { transition: 'start', ...start },
    then: stopsFirst ? start : undefined,
    title,
    ending,
  };
  return { act, form };
}

function titleOf(verb: Verb, policy: VersionPolicy | undefined, isNew: boolean, stopsFirst: boolean): Act['title'] {
  if (verb === 'retryBuild') return (name) => l10n.t('Retrying the start of {0}', name);
  if (policy !== undefined) return (name) => policyTitle(name, policy);
  if (isNew) return (name) => l10n.t('Updating {0}', name);
  return stopsFirst ? (name) => l10n.t('Restarting {0}', name) : undefined;
}

/** The version that is active now; V0 tells it only with the template. @throws ApiError, Refusal */
export async function activeVersion({ session, workspace, signal }: Target): Promise<TemplateVersionId> {
  const { template_active_version_id: known, template_id: template } = workspace;
  const id = known ?? (template && (await templates.get(session.calls, template, signal)).active_version_id);
  if (id === undefined) throw new Refusal(l10n.t('The template of {0} has no active version.', workspace.name));
  return id;
}
