/** Builds: make, read, cancel, log, resources, state (contract 2.9 to 2.14). */
import { agentStatus } from '../agents.ts';
import { createBuild } from '../builds.ts';
import { formatStamp } from '../clock.ts';
import type { Engine } from '../engine.ts';
import {
  empty,
  invalid,
  isObject,
  json,
  notFound,
  optionalFlag,
  optionalText,
  optionalUuid,
  queryInteger,
  readBody,
  Refusal,
  requireFields,
  text,
  type Body,
  type Call,
  type Reply,
} from '../exchange.ts';
import { followLogs, readLogs } from '../logs.ts';
import type { Build, FollowUp, TemplateVersion, Workspace } from '../model.ts';
import type { Transition } from '../template-spec.ts';
import { matchingPreset } from '../parameters.ts';
import type { Router } from '../router.ts';
import { mustDelete, mustUpdate } from '../sharing.ts';
import { jobStatus, latestBuild, must } from '../store.ts';
import { buildParam, workspaceParam } from './params.ts';
import { checkImported, chosenParameters } from './buildInputs.ts';

const REASONS = 'dashboard cli ssh_connection vscode_connection jetbrains_connection task_manual_pause'.split(' ');

function wantedVersion(engine: Engine, body: Body, workspace: Workspace): TemplateVersion {
  const { store } = engine;
  const id = optionalUuid(body, 'template_version_id') ?? latestBuild(workspace).versionId;
  const version = store.versions.get(id);
  // V0 takes any template's (contract 2.14 [ran]).
  if (version !== undefined && (store.age.name === 'v0' || version.templateId === workspace.templateId)) return version;
  const message = 'Template version does not exist.';
  throw store.age.name === 'v0'
    ? invalid(message, 'template_version_id', 'template version not found')
    : new Refusal(400, message, { detail: `no template version ${id}` });
}

function checkV2Fields(body: Body): void {
  const reason = optionalText(body, 'reason') ?? '';
  if (reason !== '' && !REASONS.includes(reason))
    throw invalid('Validation failed.', 'reason', `Validation failed for tag "oneof" with value: "${reason}"`);
}

/** What is to be built after a stop; nothing where the server does not know `on_success`. */
function followUp(engine: Engine, body: Body, workspace: Workspace, transition: string): FollowUp | undefined {
  const onSuccess = body.on_success;
  if (!engine.store.age.restartsByItself || !isObject(onSuccess)) return undefined;
  const version = wantedVersion(engine, onSuccess, workspace);
  return transition === 'stop'
    ? { versionId: version.id, parameters: chosenParameters(engine, version, onSuccess, latestBuild(workspace)) }
    : undefined;
}

function create(engine: Engine, call: Call): Reply {
  const { store, wire, hub, provisioner } = engine;
  const v2 = store.age.name === 'v2';
  const workspace = workspaceParam(engine, call);
  const body = readBody(call);
  requireFields(body, ['transition']);
  const transition = optionalText(body, 'transition') ?? '';
  if (!['start', 'stop', 'delete'].includes(transition))
    throw invalid('Validation failed.', 'transition', `Validation failed for tag "oneof" with value: "${transition}"`);
  if (v2) checkV2Fields(body);
  if (store.age.restartsByItself && isObject(body.on_success) && transition !== 'stop')
    throw new Refusal(400, 'on_success is only for stopping a workspace.');
  const logLevel = v2 ? (optionalText(body, 'log_level') ?? '') : '';
  if (logLevel === 'debug' && !(store.allowsDebug && call.user.siteOwner))
    throw new Refusal(400, 'Log level "debug" is not allowed.', { detail: 'enable verbose provisioner logs first' });
  const version = wantedVersion(engine, body, workspace);
  const last = latestBuild(workspace);
  // A job that is silent is not active.
  if (last.job.completedAt === undefined && jobStatus(last.job) !== 'failed')
    throw new Refusal(409, 'A workspace build is already active.', v2 ? { detail: 'build is not finished' } : {});
  if (v2 && workspace.deleted && transition !== 'delete')
    throw new Refusal(409, 'Workspace has been deleted.', { detail: 'a deleted workspace cannot be built' });
  checkImported(engine, version);
  if (transition === 'delete') mustDelete(call.user, workspace);
  const template = must(store.templates, workspace.templateId);
  const active = version.id === template.activeVersionId || transition !== 'start';
  if (v2 && template.requireActiveVersion && !active && !call.user.siteOwner)
    throw new Refusal(403, 'Unauthorized to access template version: the template requires its active one.');
  if (optionalFlag(body, 'orphan') === true && !call.user.siteOwner)
    throw new Refusal(403, 'Orphaning needs template rights.');
  const parameters = transition === 'start' ? chosenParameters(engine, version, body, last) : last.parameters;
  const reason = v2 ? (optionalText(body, 'reason') ?? '') : '';
  // Refused before anything is made.
  const onSuccess = followUp(engine, body, workspace, transition);
  const build = createBuild(store, workspace, {
    transition: transition as Transition,
    version,
    initiatorId: call.user.id,
    reason: reason === '' ? 'initiator' : reason,
    parameters,
    presetId: v2 ? matchingPreset(version, parameters)?.id : undefined,
    state: last.state,
  });
  build.onSuccess = onSuccess;
  if (logLevel !== '') build.logLevel = logLevel;
  const reply = json(201, wire.build(build, { fresh: true }));
  // The worker's time runs from before the frame's: V2 shows no `pending`, on a busy machine neither (contract 3.1).
  provisioner.enqueue(build.job);
  hub.workspaces.publish(workspace.id, 'changed');
  return reply;
}

function list(engine: Engine, call: Call): Reply {
  const { store, wire } = engine;
  const workspace = workspaceParam(engine, call);
  const afterId = call.query.get('after_id');
  let builds = [...workspace.builds].reverse();
  if (afterId !== null && afterId !== '') {
    const after = workspace.builds.find((build) => build.id === afterId);
    if (after === undefined) throw new Refusal(400, `Record at "after_id" (${afterId}) does not exist.`);
    // The wrong way round, in both ages: builds with a higher number.
    builds = builds.filter((build) => build.number > after.number);
  }
  const since = call.query.get('since');
  if (since !== null && since !== '') {
    const from = Date.parse(since);
    if (Number.isNaN(from)) throw invalid('Query parameters have invalid values.', 'since');
    builds = builds.filter((build) => build.createdAt > from);
  }
  const offset = queryInteger(call, 'offset') ?? 0;
  const limit = queryInteger(call, 'limit') ?? 0;
  const page = builds.slice(offset, limit > 0 ? offset + limit : undefined);
  return json(200, page.length === 0 && store.age.name === 'v0' ? null : page.map((build) => wire.build(build)));
}

function cancel(engine: Engine, call: Call): Reply {
  const { store, hub, provisioner } = engine;
  const build = buildParam(engine, call);
  const workspace = must(store.workspaces, build.workspaceId);
  const template = must(store.templates, workspace.templateId);
  const { job } = build;
  const expected = store.age.name === 'v2' ? call.query.get('expect_status') : null;
  if (expected !== null && expected !== '') {
    if (expected !== 'pending' && expected !== 'running')
      throw new Refusal(400, `Invalid expect_status "${expected}". Only "pending" or "running" are allowed.`);
    if (jobStatus(job) !== expected) throw new Refusal(412, `The job is ${jobStatus(job)}, not ${expected}.`);
  }
  // The database's refusal (contract 2.10, 2.14).
  mustUpdate(call.user, workspace, 'update provisioner job: unauthorized');
  const isForbidden = !template.allowUserCancel && !call.user.siteOwner;
  // The handler waves it through, the database does not (contract 2.10).
  if (isForbidden && expected === 'pending')
    throw new Refusal(500, 'Internal error updating provisioner job.', { detail: 'user is not allowed to cancel' });
  if (isForbidden) throw new Refusal(403, 'User is not allowed to cancel workspace builds. Owner role is required.');
  if (job.completedAt !== undefined) throw new Refusal(store.age.notNow, 'Job has already completed!');
  if (job.canceledAt !== undefined) throw new Refusal(store.age.notNow, 'Job has already been marked as canceled!');
  provisioner.cancel(job);
  hub.workspaces.publish(workspace.id, 'changed');
  return json(200, { message: 'Job has been marked as canceled...' });
}

function timings({ store }: Engine, build: Build): Reply {
  const agents = build.resources.flatMap((resource) => resource.agents);
  const whose = (agent: (typeof agents)[number]) => ({
    workspace_agent_id: agent.id,
    workspace_agent_name: agent.spec.name,
  });
  return json(200, {
    provisioner_timings: [],
    agent_script_timings: agents.flatMap((agent) =>
      agent.startedAt === undefined || agent.readyAt === undefined || agent.spec.script === undefined
        ? []
        : [
            {
              started_at: formatStamp(agent.startedAt),
              ended_at: formatStamp(agent.readyAt),
              exit_code: 0,
              stage: 'start',
              status: 'ok',
              display_name: agent.spec.script.displayName,
              ...whose(agent),
            },
          ],
    ),
    agent_connection_timings: agents.flatMap((agent) =>
      agent.firstConnectedAt === undefined || agentStatus(store, agent) === 'connecting'
        ? []
        : [
            {
              started_at: formatStamp(agent.createdAt),
              ended_at: formatStamp(agent.firstConnectedAt),
              stage: 'connect',
              ...whose(agent),
            },
          ],
    ),
  });
}

export function addBuildRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;
  router.on('POST', '/workspaces/:workspace/builds', create);
  router.on('GET', '/workspaces/:workspace/builds', list);
  router.on('GET', '/workspacebuilds/:build', (engine, call) => json(200, engine.wire.build(buildParam(engine, call))));
  router.on('PATCH', '/workspacebuilds/:build/cancel', cancel);
  router.on('GET', '/workspacebuilds/:build/logs', (engine, call) =>
    readLogs(engine, call, buildParam(engine, call).job),
  );
  router.socket(
    'build-logs',
    '/workspacebuilds/:build/logs',
    (engine, call) => followLogs(engine, call, buildParam(engine, call).job),
    { flag: 'follow' },
  );
  router.on('GET', '/workspacebuilds/:build/resources', (engine, call) => {
    const build = buildParam(engine, call);
    if (build.job.completedAt === undefined) throw new Refusal(engine.store.age.notNow, 'Job has not completed!');
    return json(200, engine.wire.resources(build.resources, false));
  });
  router.on('GET', '/workspacebuilds/:build/state', (engine, call) => {
    if (engine.store.age.name === 'v2' && !call.user.siteOwner) throw notFound();
    return text(200, buildParam(engine, call).state, 'application/json');
  });
  router.on(
    'PUT',
    '/workspacebuilds/:build/state',
    (engine, call) => {
      if (!call.user.siteOwner) throw notFound();
      const build = buildParam(engine, call);
      build.state = Buffer.from(optionalText(readBody(call), 'state') ?? '', 'base64').toString('utf8');
      return empty(204);
    },
    v2,
  );
  router.on(
    'GET',
    '/workspacebuilds/:build/parameters',
    (engine, call) => json(200, buildParam(engine, call).parameters),
    v2,
  );
  router.on('GET', '/workspacebuilds/:build/timings', (engine, call) => timings(engine, buildParam(engine, call)), v2);
  router.on(
    'GET',
    '/workspaces/:workspace/timings',
    (engine, call) => timings(engine, latestBuild(workspaceParam(engine, call))),
    v2,
  );
}
