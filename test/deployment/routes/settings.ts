/** What can be set on a workspace: schedule, TTL, deadline, and V2's extras (contract 2.6 to 2.8, 4.4). */
import { scheduleNextStart } from '../builds.ts';
import { formatStamp, type Stamp } from '../clock.ts';
import type { Engine } from '../engine.ts';
import {
  empty,
  invalid,
  json,
  optionalFlag,
  optionalNumber,
  optionalText,
  readBody,
  Refusal,
  requireFields,
  type Call,
  type Reply,
} from '../exchange.ts';
import type { Build } from '../model.ts';
import { needsInput } from '../parameters.ts';
import { parseSchedule } from '../schedule.ts';
import { mustUpdate } from '../sharing.ts';
import { latestBuild, must } from '../store.ts';
import type { Router } from '../router.ts';
import { addPortShareRoutes } from './port-share.ts';
import { workspaceParam } from './params.ts';

const MINUTE_MS = 60_000;

/** The schedule as given; none for nothing and for empty text. */
export function checkSchedule(schedule: string | undefined): string | undefined {
  if (schedule === undefined || schedule === '') return undefined;
  if (parseSchedule(schedule) === undefined)
    throw invalid('Invalid autostart schedule.', 'schedule', `"${schedule}" is not a weekly schedule`);
  return schedule;
}

/** Whole minutes; none for nothing and for 0. */
export function checkTtl(engine: Engine, ttlMs: number | undefined): number | undefined {
  if (ttlMs === undefined || ttlMs === 0) return undefined;
  const truncated = Math.floor(ttlMs / MINUTE_MS) * MINUTE_MS;
  if (truncated < MINUTE_MS)
    throw invalid('Invalid workspace TTL.', 'ttl_ms', 'time until shutdown must be at least one minute');
  if (truncated > engine.store.age.maxTtlMs)
    throw invalid(
      'Invalid workspace TTL.',
      'ttl_ms',
      `time until shutdown must be less than ${engine.store.age.maxTtlMs / 86_400_000} days`,
    );
  return truncated;
}

function setAutostart(engine: Engine, call: Call): Reply {
  const workspace = workspaceParam(engine, call);
  mustUpdate(call.user, workspace, 'update workspace autostart: unauthorized');
  const template = must(engine.store.templates, workspace.templateId);
  const schedule = checkSchedule(optionalText(readBody(call), 'schedule'));
  if (engine.store.age.name === 'v2' && schedule !== undefined && !template.allowUserAutostart)
    throw invalid('Autostart is not allowed for workspaces using this template.', 'schedule');
  workspace.autostartSchedule = schedule;
  scheduleNextStart(engine.store, workspace);
  return empty(204);
}

function setTtl(engine: Engine, call: Call): Reply {
  const workspace = workspaceParam(engine, call);
  mustUpdate(call.user, workspace, 'update workspace time until shutdown: unauthorized');
  const v2 = engine.store.age.name === 'v2';
  const template = must(engine.store.templates, workspace.templateId);
  const ttlMs = checkTtl(engine, optionalNumber(readBody(call), 'ttl_ms'));
  if (v2 && !template.allowUserAutostop)
    throw invalid('Custom autostop TTL is not allowed for workspaces using this template.', 'ttl_ms');
  workspace.ttlMs = ttlMs;
  const build = latestBuild(workspace);
  // The running build keeps its deadline, except that V2 takes it away with the TTL.
  if (v2 && ttlMs === undefined && build.transition === 'start') build.deadline = build.maxDeadline;
  return empty(204);
}

function moveDeadline({ store }: Engine, build: Build, deadline: Stamp): void {
  if (build.transition !== 'start')
    throw new Refusal(409, `workspace must be started, current status: ${build.transition}`);
  if (build.job.completedAt === undefined)
    throw new Refusal(409, 'workspace shutdown cannot change while it is building');
  if (build.deadline === undefined) throw new Refusal(409, 'workspace shutdown is manual');
  if (deadline < store.clock.now() + 29 * MINUTE_MS)
    throw new Refusal(400, 'Cannot extend workspace: new deadline must be at least 30 minutes in the future');
  if (build.maxDeadline !== undefined && deadline > build.maxDeadline)
    throw new Refusal(400, 'Cannot extend workspace: new deadline is greater than the maximum allowed');
  build.deadline = deadline;
  if (store.age.name === 'v2') build.updatedAt = store.clock.now();
}

function extend(engine: Engine, call: Call): Reply {
  const { hub } = engine;
  const workspace = workspaceParam(engine, call);
  const body = readBody(call);
  const wanted = optionalText(body, 'deadline');
  const deadline = wanted === undefined ? Number.NaN : Date.parse(wanted);
  if (wanted !== undefined && !(Number.isFinite(deadline) && /^\d{4}-\d{2}-\d{2}T/.test(wanted)))
    throw new Refusal(400, 'Request body must be valid JSON.', { detail: `parsing time "${wanted}" as RFC 3339` });
  requireFields(body, ['deadline']);
  mustUpdate(call.user, workspace);
  try {
    moveDeadline(engine, latestBuild(workspace), deadline);
  } finally {
    // Watchers are told even of a refusal, and of a success only when it is done.
    hub.workspaces.publish(workspace.id, 'changed');
  }
  return json(200, { message: `Deadline updated to ${formatStamp(deadline)}.` });
}

function setDormant(engine: Engine, call: Call): Reply {
  const { store, wire, hub } = engine;
  const workspace = workspaceParam(engine, call);
  mustUpdate(call.user, workspace, 'update workspace dormancy: unauthorized');
  const dormant = optionalFlag(readBody(call), 'dormant') ?? false;
  if (dormant === (workspace.dormantAt !== undefined)) return empty(304);
  const now = store.clock.now();
  workspace.dormantAt = dormant ? now : undefined;
  const { dormantAutodeleteMs } = must(store.templates, workspace.templateId);
  if (dormant && dormantAutodeleteMs !== undefined) workspace.deletingAt = now + dormantAutodeleteMs;
  if (!dormant) {
    workspace.lastUsedAt = now;
    workspace.deletingAt = undefined;
  }
  hub.workspaces.publish(workspace.id, 'changed');
  return json(200, wire.workspace(workspace, call.user));
}

function setFavorite(favorite: boolean) {
  return (engine: Engine, call: Call): Reply => {
    const workspace = workspaceParam(engine, call);
    if (workspace.ownerId !== call.user.id) throw new Refusal(403, 'You can only favorite workspaces that you own.');
    if (favorite) workspace.favoriteOf.add(call.user.id);
    else workspace.favoriteOf.delete(call.user.id);
    engine.hub.workspaces.publish(workspace.id, 'changed');
    return empty(204);
  };
}

export function addSettingRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;
  router.on('PUT', '/workspaces/:workspace/autostart', setAutostart);
  router.on('PUT', '/workspaces/:workspace/ttl', setTtl);
  router.on('PUT', '/workspaces/:workspace/extend', extend);
  router.on('PUT', '/workspaces/:workspace/dormant', setDormant, v2);
  router.on('PUT', '/workspaces/:workspace/favorite', setFavorite(true), v2);
  router.on('DELETE', '/workspaces/:workspace/favorite', setFavorite(false), v2);
  router.on(
    'PUT',
    '/workspaces/:workspace/autoupdates',
    (engine, call) => {
      const workspace = workspaceParam(engine, call);
      mustUpdate(call.user, workspace, 'update workspace automatic updates: unauthorized');
      const wanted = optionalText(readBody(call), 'automatic_updates');
      if (wanted !== 'always' && wanted !== 'never') throw invalid('Validation failed.', 'automatic_updates');
      workspace.automaticUpdates = wanted;
      return empty(204);
    },
    v2,
  );
  router.on(
    'GET',
    '/workspaces/:workspace/resolve-autostart',
    (engine, call) => {
      const { store } = engine;
      const workspace = workspaceParam(engine, call);
      const { activeVersionId, requireActiveVersion } = must(store.templates, workspace.templateId);
      const build = latestBuild(workspace);
      const updates = requireActiveVersion || workspace.automaticUpdates === 'always';
      const isUpdate = updates && build.versionId !== activeVersionId;
      return json(200, {
        parameter_mismatch: isUpdate && needsInput(must(store.versions, activeVersionId), build),
      });
    },
    v2,
  );
  router.on(
    'POST',
    '/workspaces/:workspace/usage',
    (engine, call) => {
      const workspace = workspaceParam(engine, call);
      workspace.lastUsedAt = engine.clock.now();
      return empty(204);
    },
    v2,
  );
  addPortShareRoutes(router);
}
