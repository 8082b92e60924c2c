/** What both ages write alike. */
import { formatStamp, ZERO_TIME, type Stamp } from '../clock.ts';
import type { Build, Job, LogEntry, Template, User, Workspace } from '../model.ts';
import { buildStatus, jobStatus, latestBuild, must, type Store } from '../store.ts';
import type { Json } from './wire.ts';

export const orZero = (stamp: Stamp | undefined): string => (stamp === undefined ? ZERO_TIME : formatStamp(stamp));
export const orNull = (stamp: Stamp | undefined): string | null => (stamp === undefined ? null : formatStamp(stamp));

/** `{key: value}` or nothing: for keys that are missing when there is nothing to say. */
export function given(key: string, value: unknown): Json {
  return value === undefined ? {} : { [key]: value };
}

export const givenStamp = (key: string, stamp: Stamp | undefined): Json =>
  stamp === undefined ? {} : { [key]: formatStamp(stamp) };

export const roles = (user: User): Json[] => (user.siteOwner ? [{ name: 'owner', display_name: 'Owner' }] : []);

export function jobCore(job: Job): Json {
  return {
    id: job.id,
    created_at: formatStamp(job.createdAt),
    ...givenStamp('started_at', job.startedAt),
    ...givenStamp('completed_at', job.completedAt),
    ...givenStamp('canceled_at', job.canceledAt),
    ...given('error', job.error),
    // V2 (contract 2.15).
    ...given('error_code', job.errorCode),
    status: jobStatus(job),
    ...given('worker_id', job.workerId),
    file_id: job.fileId,
  };
}

export function buildCore(store: Store, build: Build, fresh: boolean): Json {
  const workspace = must(store.workspaces, build.workspaceId);
  return {
    id: build.id,
    created_at: formatStamp(build.createdAt),
    updated_at: formatStamp(build.updatedAt),
    workspace_id: workspace.id,
    workspace_name: workspace.name,
    workspace_owner_id: workspace.ownerId,
    workspace_owner_name: must(store.users, workspace.ownerId).username,
    template_version_id: build.versionId,
    template_version_name: fresh ? '' : must(store.versions, build.versionId).name,
    build_number: build.number,
    transition: build.transition,
    initiator_id: build.initiatorId,
    initiator_name: must(store.users, build.initiatorId).username,
    reason: build.reason,
    deadline: orNull(build.deadline),
    status: buildStatus(build),
    daily_cost: 0,
  };
}

export function workspaceCore(store: Store, workspace: Workspace): Json {
  const template = must(store.templates, workspace.templateId);
  return {
    id: workspace.id,
    created_at: formatStamp(workspace.createdAt),
    updated_at: formatStamp(workspace.updatedAt),
    owner_id: workspace.ownerId,
    owner_name: must(store.users, workspace.ownerId).username,
    template_id: template.id,
    template_name: template.name,
    template_display_name: template.displayName,
    template_icon: template.icon,
    template_allow_user_cancel_workspace_jobs: template.allowUserCancel,
    outdated: latestBuild(workspace).versionId !== template.activeVersionId,
    name: workspace.name,
    ...given('autostart_schedule', workspace.autostartSchedule),
    ...given('ttl_ms', workspace.ttlMs),
    last_used_at: orZero(workspace.lastUsedAt),
  };
}

export function templateCore(store: Store, template: Template): Json {
  const none = { P50: null, P95: null };
  return {
    id: template.id,
    created_at: formatStamp(template.createdAt),
    updated_at: formatStamp(template.updatedAt),
    organization_id: template.organizationId,
    name: template.name,
    display_name: template.displayName,
    provisioner: 'echo',
    active_version_id: template.activeVersionId,
    build_time_stats: {
      delete: none,
      start:
        template.usualStartMs === undefined ? none : { P50: template.usualStartMs, P95: template.usualStartMs * 2 },
      stop: none,
    },
    description: template.description,
    icon: template.icon,
    default_ttl_ms: template.defaultTtlMs,
    created_by_id: template.createdById,
    created_by_name: must(store.users, template.createdById).username,
    allow_user_cancel_workspace_jobs: template.allowUserCancel,
  };
}

export const logLine = (entry: LogEntry): Json => ({
  id: entry.id,
  created_at: formatStamp(entry.createdAt, 3),
  log_source: entry.source,
  log_level: entry.level,
  stage: entry.stage,
  output: entry.output,
});
