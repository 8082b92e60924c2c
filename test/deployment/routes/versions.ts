/** What a template version asks for: the legacy schema, rich parameters, presets, the dynamic form (contract 4.2). */
import type { WebSocket } from 'ws';
import { formatStamp } from '../clock.ts';
import type { Engine } from '../engine.ts';
import { encodeJson, isObject, json, optionalText, readBody, Refusal, type Call } from '../exchange.ts';
import { newId } from '../ids.ts';
import type { TemplateVersion } from '../model.ts';
import type { LegacyParameter, RichParameter } from '../template-spec.ts';
import { evaluate } from '../parameters.ts';
import type { Router } from '../router.ts';
import { logLine } from '../wire/shared.ts';
import { jobStatus } from '../store.ts';
import { followLogs } from '../logs.ts';
import { templateParam, versionParam } from './params.ts';

function imported(engine: Engine, call: Call): TemplateVersion {
  const version = versionParam(engine, call);
  if (version.job.completedAt === undefined)
    throw new Refusal(engine.store.age.importing, 'Template version job has not finished.');
  return version;
}

const legacyJson = (version: TemplateVersion, parameter: LegacyParameter): object => ({
  id: parameter.id,
  created_at: formatStamp(version.job.startedAt ?? version.createdAt),
  job_id: version.job.id,
  name: parameter.name,
  description: parameter.description,
  default_source_scheme: parameter.defaultValue === undefined ? 'none' : 'data',
  default_source_value: parameter.defaultValue ?? '',
  allow_override_source: parameter.allowOverride,
  default_destination_scheme: 'provisioner_variable',
  allow_override_destination: false,
  default_refresh: '',
  redisplay_value: parameter.redisplay,
  validation_error: parameter.validationError,
  validation_condition: parameter.validationCondition,
  validation_type_system: 'hcl',
  validation_value_type: parameter.valueType ?? 'string',
  ...(parameter.contains === undefined ? {} : { validation_contains: parameter.contains }),
});

/** None of one that has neither a default nor a value since the import. */
const computedJson = (version: TemplateVersion, parameter: LegacyParameter): object | undefined => {
  const given = version.legacyValues.find((value) => value.name === parameter.name);
  if (given === undefined && parameter.defaultValue === undefined) return undefined;
  const at = formatStamp(version.job.completedAt ?? version.createdAt);
  return {
    id: newId(),
    created_at: at,
    updated_at: at,
    scope: 'import_job',
    scope_id: version.job.id,
    name: parameter.name,
    source_scheme: 'data',
    // A value that may not be shown again comes back empty.
    source_value: parameter.redisplay ? (given?.value ?? parameter.defaultValue ?? '') : '',
    destination_scheme: 'provisioner_variable',
    schema_id: parameter.id,
    default_source_value: given === undefined,
  };
};

function richJson(parameter: RichParameter): object {
  const optional = {
    display_name: parameter.displayName,
    validation_error: parameter.validationError,
    validation_regex: parameter.validationRegex,
    validation_min: parameter.validationMin,
    validation_max: parameter.validationMax,
    validation_monotonic: parameter.validationMonotonic,
  };
  return {
    name: parameter.name,
    // `undefined` members are left out by JSON, as the server leaves out what is not set.
    ...optional,
    description: parameter.description,
    description_plaintext: parameter.descriptionPlain,
    type: parameter.type,
    form_type: parameter.formType,
    mutable: parameter.mutable,
    default_value: parameter.defaultValue,
    icon: parameter.icon,
    options: parameter.options,
    required: parameter.required,
    ephemeral: parameter.ephemeral,
  };
}

function stringInputs(inputs: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (isObject(inputs))
    for (const [name, value] of Object.entries(inputs)) if (typeof value === 'string') texts[name] = value;
  return texts;
}

/** First the form of the defaults under id -1, then one answer per question, under its id. */
function converse(socket: WebSocket, version: TemplateVersion): void {
  const send = (id: number, inputs: Record<string, string>): void =>
    socket.send(`${encodeJson({ id, diagnostics: [], parameters: evaluate(version, inputs) })}\n`);
  send(-1, {});
  socket.on('message', (data) => {
    let question: unknown;
    try {
      question = JSON.parse((data as Buffer).toString('utf8'));
    } catch {
      socket.close(1003, 'not JSON');
      return;
    }
    if (isObject(question) && typeof question.id === 'number') send(question.id, stringInputs(question.inputs));
  });
}

export function addVersionRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;

  router.on('GET', '/templateversions/:version', (engine, call) =>
    json(200, engine.wire.version(versionParam(engine, call))),
  );
  router.on('GET', '/templateversions/:version/schema', (engine, call) => {
    if (engine.store.age.name === 'v2') return json(200, []);
    const version = imported(engine, call);
    return json(
      200,
      version.spec.legacyParameters.map((parameter) => legacyJson(version, parameter)),
    );
  });
  router.on('GET', '/templateversions/:version/parameters', (engine, call) => {
    if (engine.store.age.name === 'v2') return json(200, []);
    const version = imported(engine, call);
    return json(
      200,
      version.spec.legacyParameters.flatMap((parameter) => computedJson(version, parameter) ?? []),
    );
  });
  router.on(
    'GET',
    '/templateversions/:version/rich-parameters',
    (engine, call) => {
      const version = imported(engine, call);
      const known = jobStatus(version.job) === 'succeeded' ? version.spec.parameters : [];
      return json(200, known.map(richJson));
    },
    v2,
  );
  router.on(
    'GET',
    '/templateversions/:version/presets',
    (engine, call) => {
      const { presets } = versionParam(engine, call).spec;
      const shown = presets.map((preset) => ({
        ID: preset.id,
        Name: preset.name,
        Parameters: preset.parameters.map(({ name, value }) => ({ Name: name, Value: value })),
        Default: preset.isDefault,
        DesiredPrebuildInstances: preset.prebuilt ?? null,
        Description: preset.description,
        Icon: preset.icon,
      }));
      return json(200, shown.length === 0 ? null : shown);
    },
    v2,
  );
  router.on('GET', '/templateversions/:version/resources', (engine, call) => {
    const version = imported(engine, call);
    const planned = (['start', 'stop'] as const).flatMap((transition) =>
      version.spec.resources(transition).map((spec) => ({
        id: newId(),
        created_at: formatStamp(version.createdAt),
        job_id: version.job.id,
        workspace_transition: transition,
        type: spec.type,
        name: spec.name,
        hide: spec.hide,
        icon: spec.icon,
        daily_cost: spec.dailyCost,
      })),
    );
    return json(200, planned);
  });
  router.on(
    'GET',
    '/templateversions/:version/variables',
    (engine, call) => (versionParam(engine, call), json(200, [])),
    v2,
  );
  router.on(
    'GET',
    '/templateversions/:version/external-auth',
    (engine, call) => {
      const providers = versionParam(engine, call).spec.externalAuth.map((provider) => ({
        id: provider.id,
        type: provider.type,
        display_name: provider.displayName,
        display_icon: provider.displayIcon,
        authenticate_url: `${engine.accessUrl()}/external-auth/${provider.id}`,
        authenticated: engine.store.externalLogins.has(`${call.user.id} ${provider.id}`),
        ...(provider.optional ? { optional: true } : {}),
      }));
      return json(200, providers);
    },
    v2,
  );
  router.on(
    'POST',
    '/templateversions/:version/dynamic-parameters/evaluate',
    (engine, call) => {
      const version = imported(engine, call);
      const body = readBody(call);
      if (optionalText(body, 'owner_id') === undefined)
        return json(200, {
          id: 0,
          diagnostics: [
            {
              severity: 'error',
              summary: 'Failed to fetch workspace owner',
              detail: 'Please check your permissions or the user may not exist.',
              extra: { code: 'owner_not_found' },
            },
          ],
          parameters: null,
        });
      return json(200, { id: 0, diagnostics: [], parameters: evaluate(version, stringInputs(body.inputs)) });
    },
    v2,
  );
  router.socket(
    'dynamic-parameters',
    '/templateversions/:version/dynamic-parameters',
    (engine, call) => {
      const version = imported(engine, call);
      return (socket) => converse(socket, version);
    },
    v2,
  );
  router.socket(
    'version-logs',
    '/templateversions/:version/logs',
    (engine, call) => followLogs(engine, call, versionParam(engine, call).job),
    { flag: 'follow' },
  );
  router.on('GET', '/templateversions/:version/logs', (engine, call) =>
    json(200, versionParam(engine, call).job.logs.map(logLine)),
  );
  router.on(
    'POST',
    '/templates/:template/versions/archive',
    (engine, call) => {
      const template = templateParam(engine, call);
      const archived = [...engine.store.versions.values()].filter(
        (version) =>
          version.templateId === template.id &&
          version.id !== template.activeVersionId &&
          jobStatus(version.job) === 'failed',
      );
      for (const version of archived) version.archived = true;
      return json(200, { template_id: template.id, archived_ids: archived.map((version) => version.id) });
    },
    v2,
  );
}
