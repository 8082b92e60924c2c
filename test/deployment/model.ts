/** What the deployment remembers: plain data, the same in both ages. How it looks on the wire is `wire/`'s matter. */
import type { Stamp } from './clock.ts';

export type AgeName = 'v0' | 'v2';
export type Transition = 'start' | 'stop' | 'delete';
export type JobStatus = 'pending' | 'running' | 'succeeded' | 'canceling' | 'canceled' | 'failed';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type LogSource = 'provisioner_daemon' | 'provisioner';

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

/** One line that a job will write, `afterMs` of unhurried time after the one before. */
export interface LogStep {
  afterMs: number;
  source: LogSource;
  level: LogLevel;
  stage: string;
  output: string;
}

/** What a worker does with a job. */
export interface JobScript {
  /** May be endless: then the job runs until somebody cancels it. */
  steps(): Iterable<LogStep>;
  /** Time between the last line and the end. */
  tailMs: number;
  error?: string;
  /** False for the provisioner that never hears of a cancel: the job stays `canceling`. */
  hearsCancel?: boolean;
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
  workerId: string | undefined;
  fileId: string;
  organizationId: string;
  initiatorId: string;
  logs: LogEntry[];
  script: JobScript;
  /** Held jobs stay in the queue and take no worker: the seeded world's "pending". */
  held: boolean;
}

export interface ParameterValue {
  name: string;
  value: string;
}

export interface LegacyParameter {
  id: string;
  name: string;
  description: string;
  defaultValue: string | undefined;
  allowOverride: boolean;
  redisplay: boolean;
  validationError: string;
  validationCondition: string;
  contains: readonly string[] | undefined;
}

export interface RichParameter {
  name: string;
  displayName?: string;
  description: string;
  descriptionPlain: string;
  type: 'string' | 'number' | 'bool' | 'list(string)';
  formType: string;
  mutable: boolean;
  defaultValue: string;
  icon: string;
  options: readonly { name: string; description: string; value: string; icon: string }[];
  validationError?: string;
  validationRegex?: string;
  validationMin?: number;
  validationMax?: number;
  validationMonotonic?: 'increasing' | 'decreasing';
  required: boolean;
  ephemeral: boolean;
}

export interface Preset {
  id: string;
  name: string;
  parameters: readonly ParameterValue[];
  isDefault: boolean;
  description: string;
  icon: string;
}

export interface ExternalAuth {
  id: string;
  type: string;
  displayName: string;
  displayIcon: string;
  optional: boolean;
}

export interface AppSpec {
  slug: string;
  displayName: string;
  url: string;
  command?: string;
  external: boolean;
  subdomain: boolean;
  sharingLevel: string;
  healthcheck: boolean;
  hidden: boolean;
}

export interface MetadataSpec {
  key: string;
  displayName: string;
  script: string;
  value: string;
  error: string;
}

export interface AgentSpec {
  name: string;
  architecture: string;
  operatingSystem: string;
  environment: Record<string, string> | null;
  directory: string;
  instanceId?: string;
  apps: readonly AppSpec[];
  /** V2: one start-up script, shown as a log source. */
  script?: { displayName: string; icon: string; text: string; output: readonly string[] };
  metadata: readonly MetadataSpec[];
  /** A machine that starts and calls home; the others stay `connecting` until they time out. */
  connects: boolean;
}

export interface ResourceSpec {
  type: string;
  name: string;
  hide: boolean;
  icon: string;
  dailyCost: number;
  metadata: readonly { key: string; value: string; sensitive: boolean }[];
  agents: readonly AgentSpec[];
}

/** A parameter of the dynamic flow, already in its wire form (contract 4.2). */
export type DynamicParameter = Readonly<Record<string, unknown>> & { readonly name: string };

/** How a template behaves: what the tar that was uploaded says. */
export interface TemplateSpec {
  readme: string;
  importError?: string;
  legacyParameters: readonly LegacyParameter[];
  parameters: readonly RichParameter[];
  presets: readonly Preset[];
  externalAuth: readonly ExternalAuth[];
  evaluate?: (inputs: Readonly<Record<string, string>>) => readonly DynamicParameter[];
  script(transition: Transition): JobScript;
  resources(transition: Transition): readonly ResourceSpec[];
  /** The only workspaces (by name) whose machines call home; absent = all. */
  connectIn?: readonly string[];
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
  /** V2's required stop: hours after a start at which a running workspace must stop; 0 = none. */
  maxLifetimeMs: number;
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
  lifecycle: 'created' | 'starting' | 'ready' | 'shutting_down' | 'off';
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
  favoriteOf: Set<string>;
  portShares: PortShare[];
  /** Oldest first. */
  builds: Build[];
}
