/** What the deployment remembers: plain data, the same in both ages. How it looks on the wire is `wire/`'s matter. */
import type { Stamp } from './clock.ts';
import type { ShareRole } from './sharing.ts';
import type {
  AgentSpec,
  AppSpec,
  JobScript,
  LogLevel,
  LogSource,
  ParameterValue,
  ResourceSpec,
  TemplateSpec,
  Transition,
} from './template-spec.ts';

export type AgeName = 'v0' | 'v2';
export type JobStatus = 'pending' | 'running' | 'succeeded' | 'canceling' | 'canceled' | 'failed';
export interface User {
  id: string;
  username: string;
  name: string;
  email: string;
  password: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  lastSeenAt: Stamp | undefined;
  /** A site owner sees and does everything; anyone else only what is theirs. */
  siteOwner: boolean;
}

export interface Key {
  id: string;
  secret: string;
  userId: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  expiresAt: Stamp;
  lastUsedAt: Stamp | undefined;
  loginType: 'password' | 'token';
  lifetimeSeconds: number;
  tokenName: string;
  scope: string;
}

export interface Organization {
  id: string;
  name: string;
  displayName: string;
  description: string;
  createdAt: Stamp;
}

export interface StoredFile {
  id: string;
  bytes: Buffer;
}

export interface LogEntry {
  id: number;
  createdAt: Stamp;
  source: LogSource;
  level: LogLevel;
  stage: string;
  output: string;
}

export interface Job {
  id: string;
  kind: 'template_version_import' | 'workspace_build';
  /** The template version or the workspace build that waits for it. */
  subjectId: string;
  createdAt: Stamp;
  startedAt: Stamp | undefined;
  completedAt: Stamp | undefined;
  canceledAt: Stamp | undefined;
  error: string | undefined;
  /** V2. */
  errorCode?: string;
  workerId: string | undefined;
  fileId: string;
  organizationId: string;
  initiatorId: string;
  logs: LogEntry[];
  script: JobScript;
  /** Held jobs stay in the queue and take no worker: the seed data's "pending". */
  held: boolean;
  /** V0: no heartbeat for 30 seconds, so that it reads `failed` although it goes on (contract 5.2). */
  silent: boolean;
}

export interface TemplateVersion {
  id: string;
  templateId: string | undefined;
  organizationId: string;
  name: string;
  message: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  createdById: string;
  archived: boolean;
  spec: TemplateSpec;
  legacyValues: readonly ParameterValue[];
  job: Job;
}

export interface Template {
  id: string;
  organizationId: string;
  name: string;
  displayName: string;
  description: string;
  icon: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  createdById: string;
  activeVersionId: string;
  defaultTtlMs: number;
  allowUserCancel: boolean;
  classicParameters: boolean;
  requireActiveVersion: boolean;
  deprecationMessage: string;
  allowUserAutostart: boolean;
  allowUserAutostop: boolean;
  /** How long starts took, as measured; absent: not yet. */
  usualStartMs?: number;
  /** V2's required stop: hours after a start at which a running workspace must stop; 0 = none. */
  maxLifetimeMs: number;
  /** V2: the weekdays on which its workspaces may start by themselves; all when absent. */
  autostartDays?: readonly string[];
  /** V2: the weekdays on which its workspaces must stop. */
  autostopDays?: readonly string[];
  /** V2: so long after it became dormant a workspace is deleted. */
  dormantAutodeleteMs?: number;
  /** V2: of how many weeks; one when absent. */
  autostopWeeks?: number;
  /** V2.36. */
  notifyBeforeStopMs?: number;
}

export interface App {
  id: string;
  spec: AppSpec;
  health: 'disabled' | 'initializing' | 'healthy' | 'unhealthy';
}

export interface AgentLog {
  id: number;
  createdAt: Stamp;
  output: string;
  level: LogLevel;
}

export interface Agent {
  id: string;
  resourceId: string;
  buildId: string;
  token: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  firstConnectedAt: Stamp | undefined;
  lastConnectedAt: Stamp | undefined;
  disconnectedAt: Stamp | undefined;
  startedAt: Stamp | undefined;
  readyAt: Stamp | undefined;
  lifecycle: 'created' | 'starting' | 'ready' | 'start_error' | 'off';
  spec: AgentSpec;
  apps: App[];
  scriptId: string;
  logSourceId: string;
  logSourceAt: Stamp;
  logs: AgentLog[];
}

export interface Resource {
  id: string;
  createdAt: Stamp;
  jobId: string;
  transition: Transition;
  spec: ResourceSpec;
  agents: Agent[];
}

/** A start that follows a stop by itself (contract 2.14 [2.36]). */
export interface FollowUp {
  versionId: string;
  parameters: readonly ParameterValue[];
}

export interface Build {
  id: string;
  workspaceId: string;
  versionId: string;
  number: number;
  transition: Transition;
  reason: string;
  initiatorId: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  deadline: Stamp | undefined;
  maxDeadline: Stamp | undefined;
  presetId: string | undefined;
  parameters: readonly ParameterValue[];
  state: string;
  /** V2: `debug`, where it was asked for. */
  logLevel?: string;
  /** The build that the server makes when this one has succeeded. */
  onSuccess: FollowUp | undefined;
  resources: Resource[];
  job: Job;
}

export interface PortShare {
  agentName: string;
  port: number;
  shareLevel: string;
  protocol: string;
}

export interface Workspace {
  id: string;
  ownerId: string;
  templateId: string;
  name: string;
  createdAt: Stamp;
  updatedAt: Stamp;
  lastUsedAt: Stamp | undefined;
  autostartSchedule: string | undefined;
  nextStartAt: Stamp | undefined;
  ttlMs: number | undefined;
  deleted: boolean;
  dormantAt: Stamp | undefined;
  deletingAt: Stamp | undefined;
  automaticUpdates: 'always' | 'never';
  /** V2: the task that it was made for. */
  taskId?: string;
  favoriteOf: Set<string>;
  portShares: PortShare[];
  /** By user id. */
  sharedWith: Map<string, ShareRole>;
  /** Oldest first. */
  builds: Build[];
}
