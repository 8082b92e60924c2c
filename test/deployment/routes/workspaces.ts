/** Workspaces: list, read, create, rename, watch (contract 2.1 to 2.5, 3.1, 3.2). */
import { createBuild, scheduleNextStart } from '../builds.ts';
import type { Engine } from '../engine.ts';
import {
  empty,
  invalid,
  json,
  notFound,
  optionalNumber,
  optionalText,
  optionalUuid,
  queryFlag,
  queryInteger,
  readBody,
  Refusal,
  requireFields,
  text,
  type Body,
  type Call,
  type Reply,
} from '../exchange.ts';
import { newId } from '../ids.ts';
import type { TemplateVersion, User, Workspace } from '../model.ts';
import { matchingPreset } from '../parameters.ts';
import { workspaceFilter, workspaceOrder } from '../query.ts';
import type { Router } from '../router.ts';
import { pingEvents, pingSocket, socketSink, sseSink, watchWorkspace } from '../streams.ts';
import { mayRead, mustUpdate } from '../sharing.ts';
import { findWorkspace, must } from '../store.ts';
import { checkSchedule, checkTtl } from './settings.ts';
import { organizationParam, userParam, workspaceParam } from './params.ts';
import { checkImported, chosenParameters } from './buildInputs.ts';

const NAME = /^[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/;

export function checkName(engine: Engine, name: string | undefined): string {
  const reserved = engine.store.age.name === 'v2' && (name === 'new' || name === 'create');
  if (name === undefined || name.length > 32 || !NAME.test(name) || reserved)
    throw invalid(
      'Validation failed.',
      'name',
      `Validation failed for tag "workspace_name" with value: "${name ?? ''}"`,
    );
  return name;
}

const nameTaken = (name: string): Refusal =>
  new Refusal(409, `Workspace "${name}" already exists.`, {
    validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
  });

function list(engine: Engine, call: Call): Reply {
  const { store, wire } = engine;
  const limit = queryInteger(call, 'limit') ?? 0;
  const offset = queryInteger(call, 'offset') ?? 0;
  if (store.age.name === 'v2' && (limit < 0 || offset < 0))
    throw invalid('Query parameters have invalid values.', limit < 0 ? 'limit' : 'offset', 'must not be negative');
  const matches = workspaceFilter(store, call.user, call.query.get('q') ?? '');
  const found = [...store.workspaces.values()].filter((w) => !w.deleted && mayRead(call.user, w) && matches(w));
  found.sort(workspaceOrder(store, call.user));
  const page = limit > 0 ? found.slice(offset, offset + limit) : found.slice(offset);
  // V0 counts in the page's own query, so that a page past the end counts nothing.
  const count = store.age.name === 'v0' && page.length === 0 ? 0 : found.length;
  return json(200, { workspaces: page.map((workspace) => wire.workspace(workspace, call.user)), count });
}

function wantedVersion(engine: Engine, body: Body): TemplateVersion {
  const { store } = engine;
  const v2 = store.age.name === 'v2';
  const templateId = optionalUuid(body, 'template_id');
  const versionId = v2 ? optionalUuid(body, 'template_version_id') : undefined;
  if (templateId !== undefined && versionId !== undefined) {
    const fields = ['template_id', 'template_version_id'];
    throw new Refusal(400, 'Validation failed.', {
      validations: fields.map((field) => ({ field, detail: 'Validation failed for tag "excluded_with"' })),
    });
  }
  if (versionId !== undefined) {
    const version = store.versions.get(versionId);
    if (version?.templateId === undefined) throw invalid('Invalid template version id.', 'template_version_id');
    if (version.archived)
      throw new Refusal(500, 'Archived template versions cannot be used to make a workspace.', {
        validations: [{ field: 'template_version_id', detail: 'template version archived' }],
      });
    return version;
  }
  requireFields(body, ['template_id']);
  const template = store.templates.get(templateId ?? '');
  if (template === undefined)
    throw invalid(`Template "${templateId ?? ''}" doesn't exist.`, 'template_id', 'template not found');
  if (template.deprecationMessage !== '')
    throw new Refusal(400, `Template "${template.name}" has been deprecated, and cannot be used.`, {
      detail: template.deprecationMessage,
    });
  return must(store.versions, template.activeVersionId);
}

function create(engine: Engine, call: Call, owner: User): Reply {
  const { store, wire, provisioner } = engine;
  if (owner !== call.user && !call.user.siteOwner)
    throw store.age.name === 'v0' ? notFound() : new Refusal(403, 'Forbidden.');
  const body = readBody(call);
  optionalUuid(body, 'template_id');
  requireFields(body, ['name']);
  const name = checkName(engine, optionalText(body, 'name'));
  const version = wantedVersion(engine, body);
  const template = must(store.templates, version.templateId ?? '');
  const autostartSchedule = checkSchedule(optionalText(body, 'autostart_schedule'));
  const wantedTtl = checkTtl(engine, optionalNumber(body, 'ttl_ms'));
  const ttlMs = wantedTtl ?? (template.defaultTtlMs === 0 ? undefined : template.defaultTtlMs);
  const automaticUpdates = optionalText(body, 'automatic_updates') ?? 'never';
  if (automaticUpdates !== 'never' && automaticUpdates !== 'always')
    throw invalid('Validation failed.', 'automatic_updates', `invalid value "${automaticUpdates}"`);
  if (findWorkspace(store, owner.id, name) !== undefined) throw nameTaken(name);
  checkImported(engine, version);
  const parameters = chosenParameters(engine, version, body, undefined);
  const now = store.clock.now();
  const workspace: Workspace = {
    id: newId(),
    ownerId: owner.id,
    templateId: template.id,
    name,
    createdAt: now,
    updatedAt: now,
    lastUsedAt: store.age.name === 'v2' ? now : undefined,
    autostartSchedule,
    nextStartAt: undefined,
    ttlMs,
    deleted: false,
    dormantAt: undefined,
    deletingAt: undefined,
    automaticUpdates,
    favoriteOf: new Set(),
    portShares: [],
    sharedWith: new Map(),
    builds: [],
  };
  const preset = optionalUuid(body, 'template_version_preset_id') ?? matchingPreset(version, parameters)?.id;
  const build = createBuild(store, workspace, {
    transition: 'start',
    version,
    initiatorId: call.user.id,
    reason: 'initiator',
    parameters,
    presetId: store.age.name === 'v2' ? preset : undefined,
  });
  scheduleNextStart(store, workspace);
  store.workspaces.set(workspace.id, workspace);
  const reply = json(201, wire.workspace(workspace, call.user, { fresh: true }));
  provisioner.enqueue(build.job);
  return reply;
}

function byName(engine: Engine, call: Call): Workspace {
  const owner = userParam(engine, call);
  const name = call.params.name ?? '';
  const withDeleted = queryFlag(call, 'include_deleted', 'include_deleted');
  const found =
    findWorkspace(engine.store, owner.id, name) ??
    (withDeleted ? findWorkspace(engine.store, owner.id, name, true) : undefined);
  if (found === undefined || !mayRead(call.user, found)) throw notFound();
  return found;
}

function rename(engine: Engine, call: Call): Reply {
  const { store, hub } = engine;
  const workspace = workspaceParam(engine, call);
  mustUpdate(call.user, workspace, 'update workspace: unauthorized');
  const body = readBody(call);
  requireFields(body, ['name']);
  const name = checkName(engine, optionalText(body, 'name'));
  if (store.age.name === 'v2' && !store.allowRenames && name !== workspace.name)
    throw new Refusal(400, 'Renames are disabled for this deployment.');
  if (workspace.deleted) throw new Refusal(405, `Workspace "${workspace.name}" is deleted and cannot be updated.`);
  if (name === workspace.name) return empty(204);
  const other = findWorkspace(store, workspace.ownerId, name);
  if (other !== undefined && other !== workspace) throw nameTaken(name);
  workspace.name = name;
  workspace.updatedAt = store.clock.now();
  hub.workspaces.publish(workspace.id, 'changed');
  return empty(204);
}

export function addWorkspaceRoutes(router: Router): void {
  router.on('GET', '/workspaces', list);
  router.on('GET', '/workspaces/:workspace', (engine, call) => {
    const workspace = workspaceParam(engine, call);
    const withDeleted = queryFlag(call, 'include_deleted', 'deleted');
    if (workspace.deleted && !withDeleted)
      throw new Refusal(410, 'Workspace was deleted; ask with include_deleted to see it.');
    for (const watcher of engine.watchers) if (watcher.workspaceId === workspace.id) watcher.knows = true;
    return json(200, engine.wire.workspace(workspace, call.user));
  });
  router.on('GET', '/users/:user/workspace/:name', (engine, call) =>
    json(200, engine.wire.workspace(byName(engine, call), call.user)),
  );
  router.on('GET', '/users/:user/workspace/:name/builds/:number', (engine, call) => {
    const number = Number(call.params.number);
    const build = byName(engine, call).builds.find((known) => known.number === number);
    if (build === undefined) throw notFound();
    return json(200, engine.wire.build(build));
  });
  router.on('POST', '/organizations/:organization/members/:user/workspaces', (engine, call) => {
    organizationParam(engine, call);
    return create(engine, call, userParam(engine, call));
  });
  router.on('POST', '/users/:user/workspaces', (engine, call) => create(engine, call, userParam(engine, call)), {
    age: 'v2',
  });
  router.on('PATCH', '/workspaces/:workspace', rename);

  router.on('GET', '/workspaces/:workspace/watch', (engine, call) => {
    const workspace = workspaceParam(engine, call);
    return {
      stream(response) {
        const sink = sseSink(response);
        watchWorkspace(engine, call.user, workspace, sink);
        pingEvents(engine, sink);
      },
    };
  });
  router.socket(
    'watch-ws',
    '/workspaces/:workspace/watch-ws',
    (engine, call) => {
      const workspace = workspaceParam(engine, call);
      return (socket) => {
        socket.on('message', () => socket.close(1002, 'unexpected message'));
        watchWorkspace(engine, call.user, workspace, socketSink(socket));
        pingSocket(engine, socket);
      };
    },
    { age: 'v2' },
  );
  router.on(
    'GET',
    '/workspaces/:workspace/watch-ws',
    (engine, call) => (workspaceParam(engine, call), text(426, 'Connection header "" does not contain Upgrade\n')),
    { age: 'v2' },
  );
}
