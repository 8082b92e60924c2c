import { fieldsOf } from '../json.ts';
import type {
  AgentId,
  AppId,
  BuildId,
  Milliseconds,
  OrganizationId,
  PresetId,
  ResourceId,
  TemplateId,
  TemplateVersionId,
  UserId,
  WorkspaceId,
} from '../units.ts';
import {
  count,
  flag,
  id,
  list,
  openWord,
  optionalFlag,
  optionalNumber,
  optionalPart,
  optionalQuantity,
  optionalText,
  optionalTime,
  reference,
  requiredNumber,
  anything,
  text,
  textMap,
  texts,
} from './lenient.ts';
import { field, object, type Output } from './schema.ts';

// Shapes: contract 2.15, with only the keys that are used: each one costs time in every row of a long list. Keys that only
// one age sends are optional here; their presence is the only sign of the age.
// An agent's environment_variables and scripts aren't read, because they can hold secrets.

export const App = object({
  id: id<AppId>(),
  slug: text,
  display_name: text,
  url: optionalText,
  external: flag,
  command: optionalText,
  subdomain: flag,
  subdomain_name: optionalText,
  sharing_level: openWord<'owner' | 'authenticated' | 'organization' | 'public'>(),
  health: openWord<'disabled' | 'initializing' | 'healthy' | 'unhealthy'>(),
  hidden: flag,
});
export type App = Output<typeof App>;

const Region = object({ preferred: flag, latency_ms: requiredNumber });

/** The milliseconds to the relay that the agent prefers, by its region; absent while it isn't connected. */
const latency = field((value) => {
  for (const [region, each] of Object.entries(fieldsOf(value))) {
    const read = Region.tryParse(each);
    if (read?.preferred === true) return { region, ms: read.latency_ms };
  }
  return undefined;
});

const AgentHealth = object({ healthy: optionalFlag, reason: optionalText });

export const Agent = object({
  id: id<AgentId>(),
  name: text,
  parent_id: reference<AgentId>(),
  status: openWord<'connecting' | 'connected' | 'disconnected' | 'timeout'>(),
  /** Absent in V0, which has no agent lifecycle, logs or metadata. */
  lifecycle_state: optionalText,
  operating_system: text,
  architecture: text,
  directory: optionalText,
  expanded_directory: optionalText,
  version: text,
  instance_id: optionalText,
  last_connected_at: optionalTime,
  disconnected_at: optionalTime,
  latency,
  troubleshooting_url: optionalText,
  /** Absent in V0: then only `status` tells. */
  health: optionalPart(AgentHealth),
  apps: list(App),
});
export type Agent = Output<typeof Agent>;

/** Only `false` allows the value to be shown. */
const sensitive = field((value) => value !== false);

export const ResourceMetadata = object({ key: text, value: text, sensitive });
export type ResourceMetadata = Output<typeof ResourceMetadata>;

export const Resource = object({
  id: id<ResourceId>(),
  name: text,
  type: text,
  hide: flag,
  daily_cost: count,
  agents: list(Agent),
  metadata: list(ResourceMetadata),
});
export type Resource = Output<typeof Resource>;

export const Job = object({
  status: openWord<'pending' | 'running' | 'succeeded' | 'canceling' | 'canceled' | 'failed' | 'unknown'>(),
  created_at: optionalTime,
  started_at: optionalTime,
  completed_at: optionalTime,
  canceled_at: optionalTime,
  error: optionalText,
  /** V2: `MISSING_TEMPLATE_PARAMETER` and others (contract 2.15). */
  error_code: optionalText,
  /** 0 of 0 in a POST's answer although pending, and always in V0 (contract 2.15). */
  queue_position: count,
  queue_size: count,
  logs_overflowed: flag,
  /** What a provisioner must be made for to take the job. */
  tags: textMap,
});
export type Job = Output<typeof Job>;

export const Build = object({
  id: id<BuildId>(),
  workspace_id: id<WorkspaceId>(),
  workspace_name: text,
  build_number: count,
  transition: openWord<'start' | 'stop' | 'delete'>(),
  status: openWord<
    | 'pending'
    | 'starting'
    | 'running'
    | 'stopping'
    | 'stopped'
    | 'canceling'
    | 'canceled'
    | 'deleting'
    | 'deleted'
    | 'failed'
  >(),
  reason: openWord<'initiator' | 'autostart' | 'autostop' | 'dormancy' | 'dashboard' | 'cli'>(),
  initiator_id: reference<UserId>(),
  initiator_name: text,
  template_version_id: reference<TemplateVersionId>(),
  /** Empty right after a build was created (contract 7.39). */
  template_version_name: text,
  template_version_preset_id: reference<PresetId>(),
  created_at: optionalTime,
  updated_at: optionalTime,
  /** Meaningful only while the workspace is on: stop and delete builds carry one too (contract 5.6, 7.2). */
  deadline: optionalTime,
  /** V2: the deadline cannot be moved past this. */
  max_deadline: optionalTime,
  job: Job,
  /**
   * V2: how many provisioners could take the job, and how many of them have been heard of lately; 0 of a job that is not
   * pending says nothing (contract 2.15).
   */
  matched_provisioners: optionalPart(object({ count: requiredNumber, available: optionalNumber })),
  resources: list(Resource),
  daily_cost: count,
  has_external_agent: flag,
});
export type Build = Output<typeof Build>;

const WorkspaceHealth = object({ healthy: flag, failing_agents: texts });

export const Workspace = object({
  id: id<WorkspaceId>(),
  name: id(),
  owner_id: reference<UserId>(),
  owner_name: text,
  organization_id: reference<OrganizationId>(),
  organization_name: text,
  template_id: reference<TemplateId>(),
  template_name: text,
  template_display_name: text,
  template_active_version_id: reference<TemplateVersionId>(),
  template_allow_user_cancel_workspace_jobs: flag,
  /** V2: who may not change the template starts its active version only. */
  template_require_active_version: flag,
  /** `false`: parameters are dynamic; absent: classic (contract 1.9). */
  template_use_classic_parameter_flow: optionalFlag,
  latest_build: Build,
  outdated: flag,
  created_at: optionalTime,
  last_used_at: optionalTime,
  autostart_schedule: optionalText,
  ttl_ms: optionalQuantity<Milliseconds>(),
  // V2 only; an absent key says that the deployment has no such feature (contract 1.9).
  allow_renames: optionalFlag,
  favorite: optionalFlag,
  automatic_updates: optionalText,
  health: optionalPart(WorkspaceHealth),
  dormant_at: optionalTime,
  deleting_at: optionalTime,
  next_start_at: optionalTime,
  is_prebuild: flag,
  task_id: reference(),
  /** V2.36: whom the owner lets use it. */
  shared_with: list(object({ id: text, actor_type: text, roles: texts })),
});
export type Workspace = Output<typeof Workspace>;

export const LogEntry = object({
  /** A serial over all jobs: ascending inside one, with gaps. Cursor and dedupe key (contract 3.3). */
  id: requiredNumber,
  created_at: optionalTime,
  log_source: openWord<'provisioner_daemon' | 'provisioner'>(),
  log_level: openWord<'trace' | 'debug' | 'info' | 'warn' | 'error'>(),
  stage: text,
  output: text,
});
export type LogEntry = Output<typeof LogEntry>;

export const WorkspacesEnvelope = object({
  workspaces: anything,
  count: optionalNumber,
});
