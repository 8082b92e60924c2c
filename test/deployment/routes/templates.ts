/** Files, template versions and templates: set-up and reading (contract 4.1, 4.2, 4.6). */
import { createJob } from '../builds.ts';
import { readTemplate } from '../catalogue/index.ts';
import { importScript } from '../catalogue/scripts.ts';
import type { Engine } from '../engine.ts';
import {
  invalid,
  json,
  notFound,
  optionalFlag,
  optionalList,
  optionalNumber,
  optionalText,
  optionalUuid,
  queryFlag,
  readBody,
  Refusal,
  requireFields,
  type Body,
  type Call,
} from '../exchange.ts';
import { inventName, newId } from '../ids.ts';
import type { Template, TemplateVersion } from '../model.ts';
import { parseTerms } from '../query.ts';
import type { Router } from '../router.ts';
import { organizationParam, templateParam } from './params.ts';

function upload({ store }: Engine, call: Call) {
  const type = call.request.headers['content-type'];
  if (type !== 'application/x-tar') throw new Refusal(400, `Unsupported content type header ${String(type)}.`);
  const same = [...store.files.values()].find((file) => file.bytes.equals(call.raw));
  if (same !== undefined) return json(200, { hash: same.id });
  const file = { id: newId(), bytes: call.raw };
  store.files.set(file.id, file);
  return json(201, { hash: file.id });
}

function createVersion(engine: Engine, call: Call) {
  const { store, provisioner, wire } = engine;
  if (!call.user.siteOwner) throw new Refusal(403, 'Forbidden.');
  const organization = organizationParam(engine, call);
  const body = readBody(call);
  requireFields(body, ['storage_method', 'provisioner']);
  const file = store.files.get(optionalUuid(body, 'file_id') ?? '');
  if (file === undefined) throw new Refusal(404, 'File not found.');
  const templateId = optionalUuid(body, 'template_id');
  if (templateId !== undefined && !store.templates.has(templateId)) throw new Refusal(404, 'Template does not exist.');
  const spec = readTemplate(store.age.name, file.bytes);
  const id = newId();
  const job = createJob(store, {
    kind: 'template_version_import',
    subjectId: id,
    fileId: file.id,
    initiatorId: call.user.id,
    script: importScript(store.age.name, spec.importError),
  });
  const wantedName = optionalText(body, 'name') ?? '';
  const version: TemplateVersion = {
    id,
    templateId,
    organizationId: organization.id,
    name: wantedName === '' ? inventName() : wantedName,
    message: optionalText(body, 'message') ?? '',
    createdAt: store.clock.now(),
    updatedAt: store.clock.now(),
    createdById: call.user.id,
    archived: false,
    spec,
    legacyValues: optionalList(body, 'parameter_values').map((value) => ({
      name: optionalText(value, 'name') ?? '',
      value: optionalText(value, 'source_value') ?? '',
    })),
    job,
  };
  store.versions.set(id, version);
  provisioner.enqueue(job);
  return json(201, wire.version(version, { fresh: true }));
}

function createTemplate(engine: Engine, call: Call) {
  const { store, wire } = engine;
  if (!call.user.siteOwner) throw new Refusal(403, 'Forbidden.');
  const organization = organizationParam(engine, call);
  const body = readBody(call);
  requireFields(body, ['name', 'template_version_id']);
  const version = store.versions.get(optionalUuid(body, 'template_version_id') ?? '');
  if (version === undefined) throw invalid('Template version does not exist.', 'template_version_id');
  const name = optionalText(body, 'name') ?? '';
  const taken = [...store.templates.values()].some((known) => known.name.toLowerCase() === name.toLowerCase());
  if (taken)
    throw new Refusal(409, `Template with name "${name}" already exists.`, {
      validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
    });
  const now = store.clock.now();
  const template: Template = {
    id: newId(),
    organizationId: organization.id,
    name,
    displayName: '',
    description: '',
    icon: '',
    createdAt: now,
    updatedAt: now,
    createdById: call.user.id,
    activeVersionId: version.id,
    defaultTtlMs: 0,
    allowUserCancel: true,
    classicParameters: false,
    requireActiveVersion: false,
    deprecationMessage: '',
    allowUserAutostart: true,
    allowUserAutostop: true,
    maxLifetimeMs: 0,
  };
  applySettings(template, body);
  store.templates.set(template.id, template);
  version.templateId = template.id;
  version.updatedAt = store.clock.now();
  return json(201, wire.template(template));
}

function applySettings(template: Template, body: Body): void {
  template.displayName = optionalText(body, 'display_name') ?? template.displayName;
  template.description = optionalText(body, 'description') ?? template.description;
  template.icon = optionalText(body, 'icon') ?? template.icon;
  template.defaultTtlMs = optionalNumber(body, 'default_ttl_ms') ?? template.defaultTtlMs;
  template.allowUserCancel = optionalFlag(body, 'allow_user_cancel_workspace_jobs') ?? template.allowUserCancel;
  template.classicParameters = optionalFlag(body, 'use_classic_parameter_flow') ?? template.classicParameters;
  template.requireActiveVersion = optionalFlag(body, 'require_active_version') ?? template.requireActiveVersion;
  template.deprecationMessage = optionalText(body, 'deprecation_message') ?? template.deprecationMessage;
  template.allowUserAutostart = optionalFlag(body, 'allow_user_autostart') ?? template.allowUserAutostart;
  template.allowUserAutostop = optionalFlag(body, 'allow_user_autostop') ?? template.allowUserAutostop;
}

const byName = (a: Template, b: Template): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function listAll({ store, wire }: Engine, call: Call) {
  const terms = parseTerms(call.query.get('q') ?? '', true);
  const known = ['name', 'exact_name', 'display_name', 'organization', 'deprecated', 'deleted', 'ids', 'author'];
  const unknown = terms.find((term) => !known.includes(term.key));
  if (unknown !== undefined)
    throw invalid('Invalid template search query.', unknown.key, `"${unknown.key}" is not a valid query param`);
  const found = [...store.templates.values()].filter((template) =>
    terms.every(({ key, value }) => {
      if (key === 'exact_name') return template.name.toLowerCase() === value;
      if (key === 'name' || key === 'display_name')
        return `${template.name} ${template.displayName}`.toLowerCase().includes(value);
      if (key === 'deprecated') return String(template.deprecationMessage !== '') === value;
      return true;
    }),
  );
  const asked = terms.some((term) => term.key === 'deprecated');
  const shown = found.filter((template) => asked || template.deprecationMessage === '');
  return json(
    200,
    shown.sort(byName).map((template) => wire.template(template)),
  );
}

export function addTemplateRoutes(router: Router): void {
  router.on('POST', '/files', upload);
  router.on('POST', '/organizations/:organization/templateversions', createVersion);
  router.on('POST', '/organizations/:organization/templates', createTemplate);

  router.on('GET', '/organizations/:organization/templates', (engine, call) => {
    const { id } = organizationParam(engine, call);
    const all = [...engine.store.templates.values()].filter((each) => each.organizationId === id).sort(byName);
    return json(
      200,
      all.map((template) => engine.wire.template(template)),
    );
  });
  router.on('GET', '/organizations/:organization/templates/:name', (engine, call) => {
    organizationParam(engine, call);
    const name = call.params.name?.toLowerCase();
    const template = [...engine.store.templates.values()].find((known) => known.name.toLowerCase() === name);
    if (template === undefined) throw notFound();
    return json(200, engine.wire.template(template));
  });
  router.on('GET', '/templates', listAll, { age: 'v2' });
  router.on('GET', '/templates/:template', (engine, call) =>
    json(200, engine.wire.template(templateParam(engine, call))),
  );
  router.on('PATCH', '/templates/:template', (engine, call) => {
    if (!call.user.siteOwner) throw notFound();
    const template = templateParam(engine, call);
    applySettings(template, readBody(call));
    template.updatedAt = engine.clock.now();
    return json(200, engine.wire.template(template));
  });
  router.on('DELETE', '/templates/:template', (engine, call) => {
    if (!call.user.siteOwner) throw notFound();
    const template = templateParam(engine, call);
    const used = [...engine.store.workspaces.values()].some((w) => w.templateId === template.id && !w.deleted);
    if (used) throw new Refusal(400, 'All workspaces must be deleted before a template can be removed.');
    const everUsed = [...engine.store.workspaces.values()].some((w) => w.templateId === template.id);
    if (!everUsed) engine.store.templates.delete(template.id);
    return json(200, { message: 'Template has been deleted!' });
  });

  router.on('GET', '/templates/:template/versions', (engine, call) => {
    const template = templateParam(engine, call);
    const archived = engine.store.age.name === 'v2' && queryFlag(call, 'include_archived', 'include_archived');
    const versions = [...engine.store.versions.values()].filter(
      (version) => version.templateId === template.id && (archived || !version.archived),
    );
    return json(
      200,
      versions.map((version) => engine.wire.version(version)),
    );
  });
  router.on('GET', '/templates/:template/versions/:name', (engine, call) => {
    const template = templateParam(engine, call);
    const version = [...engine.store.versions.values()].find(
      (known) => known.templateId === template.id && known.name === call.params.name,
    );
    if (version === undefined) throw notFound();
    return json(200, engine.wire.version(version));
  });
  router.on('PATCH', '/templates/:template/versions', (engine, call) => {
    if (!call.user.siteOwner) throw notFound();
    const template = templateParam(engine, call);
    const body = readBody(call);
    requireFields(body, ['id']);
    const version = engine.store.versions.get(optionalUuid(body, 'id') ?? '');
    if (version?.templateId !== template.id) throw new Refusal(404, 'Template version not found.');
    template.activeVersionId = version.id;
    template.updatedAt = engine.clock.now();
    for (const workspace of engine.store.workspaces.values())
      if (workspace.templateId === template.id) engine.hub.workspaces.publish(workspace.id, 'changed');
    return json(200, { message: 'Updated the active template version!' });
  });
  router.on('GET', '/templates/:template/daus', (engine, call) => {
    templateParam(engine, call);
    return json(200, { entries: [] });
  });
}
