// Versions of templates (contract 4.2, 4.3). While one is being imported most of this is `notNow` (V0 412, V2 425).
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, withSkippedRows, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import type { Schema } from './schemas/schema.ts';
import { TemplateVersion } from './schemas/templates.ts';
import {
  ComputedParameter,
  DynamicForm,
  ExternalAuth,
  ParameterSchema,
  PlannedResource,
  Preset,
  RichParameter,
} from './schemas/templateVersions.ts';
import type { TemplateVersionId, UserId } from './units.ts';

/** What a version asks for, in the form of the deployment's age. */
export type VersionParameters =
  | { readonly kind: 'rich'; readonly parameters: Rows<RichParameter> }
  | { readonly kind: 'legacy'; readonly schema: Rows<ParameterSchema> };

/**
 * `GET /templateversions/{id}/rich-parameters` (V2); where that route is unknown, `…/schema` (V0). Which one it is
 * holds for the deployment and is remembered (contract 1.9).
 */
export const parameters = async (
  calls: Calls,
  id: TemplateVersionId,
  signal: AbortSignal,
): Promise<VersionParameters> => {
  const parameters = await calls.features.tryRoute(operations.versionParameters, () =>
    richParameters(calls, id, signal),
  );
  return parameters === undefined
    ? { kind: 'legacy', schema: await schemaWithValues(calls, id, signal) }
    : { kind: 'rich', parameters };
};

/**
 * `GET /templateversions/{id}/rich-parameters`, V2 (contract 4.2).
 * @throws ApiError `routeNotFound` in V0, `notNow` while importing (425)
 */
export const richParameters = (
  calls: Calls,
  id: TemplateVersionId,
  signal: AbortSignal,
): Promise<Rows<RichParameter>> => {
  const path = route`/templateversions/${id}/rich-parameters`;
  return calls.read(operations.versionParameters, path, decodeRows(RichParameter), signal);
};

/**
 * `GET /templateversions/{id}/schema`, V0; V2 answers an empty list (contract 4.2).
 * @throws ApiError `notNow` while importing (412)
 */
export const schema = (calls: Calls, id: TemplateVersionId, signal: AbortSignal): Promise<Rows<ParameterSchema>> => {
  const path = route`/templateversions/${id}/schema`;
  return calls.read(operations.versionParameters, path, decodeRows(ParameterSchema), signal);
};

/**
 * The schema with the values that builds take where a workspace gives none: one that was given when the version was imported
 * comes before the template's default, so a parameter without a default may need no answer (V0: `no-size` in the recordings).
 */
const schemaWithValues = async (
  calls: Calls,
  id: TemplateVersionId,
  signal: AbortSignal,
): Promise<Rows<ParameterSchema>> => {
  const path = route`/templateversions/${id}/parameters`;
  const [parameters, computed] = await Promise.all([
    schema(calls, id, signal),
    calls.read(operations.versionParameters, path, decodeRows(ComputedParameter), signal),
  ]);
  const given = new Map(computed.filter((each) => !each.default_source_value).map((each) => [each.name, each]));
  const withValues = parameters.map((each): ParameterSchema => {
    const value = given.get(each.name)?.source_value;
    // The server sends a secret value as "", which still means that there is one.
    return value === undefined ? each : { ...each, default_source_scheme: 'data', default_source_value: value };
  });
  return withSkippedRows(withValues, parameters.skippedRows);
};

/** `GET /templateversions/{id}/presets`, V2 (contract 4.2), `null` for none; none where the route is unknown. */
export const presets = (calls: Calls, id: TemplateVersionId, signal: AbortSignal): Promise<Rows<Preset>> =>
  optional(calls, operations.presets, route`/templateversions/${id}/presets`, Preset, signal);

/**
 * `GET /templateversions/{id}/external-auth`, V2 (contract 4.3): what must be signed in to first; none where the
 * route is unknown.
 */
export const externalAuth = (calls: Calls, id: TemplateVersionId, signal: AbortSignal): Promise<Rows<ExternalAuth>> =>
  optional(calls, operations.externalAuth, route`/templateversions/${id}/external-auth`, ExternalAuth, signal);

/**
 * `POST /templateversions/{id}/dynamic-parameters/evaluate`, V2: the form as it is after these values. Without an
 * owner the server cannot tell and says so in `diagnostics` (contract 4.2).
 */
export const evaluate = (
  calls: Calls,
  id: TemplateVersionId,
  { inputs, ownerId }: { readonly inputs: Readonly<Record<string, string>>; readonly ownerId: UserId },
  signal: AbortSignal,
): Promise<DynamicForm> =>
  calls.read(
    operations.dynamicParameters,
    route`/templateversions/${id}/dynamic-parameters/evaluate`,
    DynamicForm.parse,
    signal,
    { method: 'POST', json: { id: 1, inputs, owner_id: ownerId } },
  );

/** `GET /templateversions/{id}/resources`, both ages: what it would build, with what that costs in credits a day. */
export const resources = (calls: Calls, id: TemplateVersionId, signal: AbortSignal): Promise<Rows<PlannedResource>> =>
  calls.read(
    operations.versionResources,
    route`/templateversions/${id}/resources`,
    decodeRows(PlannedResource),
    signal,
  );

const optional = async <T>(
  calls: Calls,
  operation: operations.Operation,
  path: string,
  row: Schema<T>,
  signal: AbortSignal,
): Promise<Rows<T>> => {
  const rows = calls.features.tryRoute(operation, () => calls.read(operation, path, decodeRows(row), signal));
  return (await rows) ?? withSkippedRows([], 0);
};

/** `GET /templateversions/{id}`, both ages (contract 4.2). @throws ApiError `notFound` */
export const get = (calls: Calls, id: TemplateVersionId, signal: AbortSignal): Promise<TemplateVersion> => {
  const path = route`/templateversions/${id}`;
  return calls.read(operations.getTemplateVersion, path, TemplateVersion.parse, signal);
};
