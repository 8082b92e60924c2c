/** How a template behaves: what it asks for, what its builds write, which machines they bring up. */

export type Transition = 'start' | 'stop' | 'delete';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
export type LogSource = 'provisioner_daemon' | 'provisioner';

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
  /** As Terraform writes it: `number`, `list(string)`; absent: `string`. */
  valueType?: string;
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
  /** V2: as many workspaces are built beforehand. */
  prebuilt?: number;
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
