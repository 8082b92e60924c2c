import * as builds from '../api/builds.ts';
import { versionParameters } from '../api/operations.ts';
import type { LegacyParameterValue } from '../api/requests.ts';
import type { ParameterValue } from '../api/schemas/templateVersions.ts';
import type { TemplateVersionId } from '../api/units.ts';
import { legacyValues, richValues, type FormField } from '../model/parameters.ts';
import { parameterSource, type Parameters, type ParameterSource } from './create/parameterSource.ts';
import { isReason } from './refusal.ts';
import { readyState, type Target } from './target.ts';

/** Which parameters to ask for: all mutable ones, those that need an answer, or only those without which the build fails. */
export type Asks = 'all' | 'needed' | 'must';

/** The parameters of a version, and the workspace's values. */
export interface BuildForm {
  readonly source: ParameterSource;
  parameters: Parameters;
  /** Values by name, without ephemeral parameters. V0 sends no values: those of known names are empty. */
  readonly kept: ReadonlyMap<string, string>;
  /** The workspace gets another version. */
  readonly isNewVersion: boolean;
  readonly asks: Asks;
}

/**
 * Reads what `versionId` asks for. Nothing where that cannot be read, or where nothing can be asked: V0 carries all values
 * over as long as the version stays; whether the build can be made the server says then. @throws ApiError, and a Refusal,
 * where all are to be asked for and cannot be read
 */
export async function readBuildForm(
  target: Target,
  versionId: TemplateVersionId,
  asks: Asks,
  stop: AbortSignal,
): Promise<BuildForm | undefined> {
  const { session, workspace, signal } = target;
  const { user } = await readyState(session);
  const before = workspace.latest_build.template_version_id;
  const isNewVersion = versionId !== before;
  const sourceOf = (id: TemplateVersionId) =>
    parameterSource(
      session,
      {
        versionId: id,
        ownerId: workspace.owner_id ?? user.id,
        isOwn: (workspace.owner_id ?? user.id) === user.id,
        isDynamic: workspace.template_use_classic_parameter_flow === false,
      },
      signal,
    );
  const source = sourceOf(versionId);
  try {
    const values = await valuesOf(target, stop);
    if (values !== undefined) {
      const parameters = await source.after(values, stop);
      const passing = new Set(parameters.fields.filter(({ ephemeral }) => ephemeral).map(({ name }) => name));
      const kept = new Map([...values].filter(([name]) => !passing.has(name)));
      return { source, parameters, kept, isNewVersion, asks };
    }
    // V0 carries all over as long as the version stays.
    if (!isNewVersion && asks !== 'all') return undefined;
    const [parameters, known] = await Promise.all([
      source.after(new Map(), stop),
      before === undefined
        ? []
        : sourceOf(before)
            .after(new Map(), stop)
            .then(({ fields }) => fields),
    ]);
    const kept = new Map(known.map(({ name }) => [name, '']));
    return { source, parameters, kept, isNewVersion, asks };
  } catch (error) {
    source.close();
    // To start anyway would keep the values that were to be changed.
    if (!isReason(error) || asks === 'all') throw error;
    return undefined;
  }
}

/** The values of the last build; `undefined` in V0, which doesn't send them. */
async function valuesOf({ session, workspace }: Target, stop: AbortSignal): Promise<Map<string, string> | undefined> {
  const { calls } = session;
  const values = await calls.features.tryRoute(versionParameters, () =>
    builds.parameters(calls, workspace.latest_build.id, stop),
  );
  return values && new Map(values.map(({ name, value }) => [name, value]));
}

/**
 * Whether a parameter needs an answer: one that holds for this start only; one that has no value yet and no default, or
 * cannot be changed later; one whose value the new version does not accept any more.
 */
export const needsAnswer = (field: FormField, { kept, parameters, isNewVersion, asks }: BuildForm): boolean => {
  const value = kept.get(field.name);
  if (asks === 'all') return value === undefined || field.mutable;
  if (field.ephemeral) return asks === 'needed' || field.required;
  if (value === undefined) return field.needsAnswer;
  // Immutable parameters with a value are never sent (contract 2.14).
  if (!field.mutable || parameters.age === 'legacy') return false;
  return parameters.problems.has(field.name) || (isNewVersion && field.validate(value, value) !== undefined);
};

/** The answers to send; the server keeps unchanged values. */
export function valuesToBuild(
  { parameters: { age, fields }, kept }: BuildForm,
  answers: ReadonlyMap<string, string>,
): {
  readonly richParameterValues?: readonly ParameterValue[];
  readonly legacyParameterValues?: readonly LegacyParameterValue[];
} {
  if (age === 'legacy') return { legacyParameterValues: legacyValues(fields, answers) };
  const changed = fields.filter(({ name, ephemeral }) => ephemeral || answers.get(name) !== kept.get(name));
  return { richParameterValues: richValues(changed, answers) };
}
