import type { ParameterValue } from './schemas/templateVersions.ts';
import type { EpochMs, Milliseconds, OrganizationId, PresetId, TemplateId, TemplateVersionId } from './units.ts';

// What is `undefined` is left out.

/** A value for V0: its destination is the schema's default (contract 4.2). */
export interface LegacyParameterValue {
  readonly name: string;
  readonly source_value: string;
  readonly source_scheme: 'data';
  readonly destination_scheme: string;
}

export type ParameterValues =
  | { readonly kind: 'rich'; readonly values: readonly ParameterValue[] }
  | { readonly kind: 'legacy'; readonly values: readonly LegacyParameterValue[] };

export interface CreateWorkspaceRequest {
  /** V0's route needs it. */
  readonly organizationId: OrganizationId;
  /** A user's id or name; `me` when left out. */
  readonly owner?: string | undefined;
  readonly templateId: TemplateId;
  /** V2: another version than the active one. The template is then not sent: the two exclude each other. */
  readonly templateVersionId?: TemplateVersionId | undefined;
  readonly name: string;
  readonly parameters: ParameterValues;
  /** V2. */
  readonly presetId?: PresetId | undefined;
  /** 0 or left out: the template's own. */
  readonly ttlMs?: Milliseconds | undefined;
  /** `CRON_TZ=Europe/Paris 30 9 * * 1-5` (contract 2.6). */
  readonly autostartSchedule?: string | undefined;
  /** V2. */
  readonly automaticUpdates?: 'always' | 'never' | undefined;
}

/** A start that the server makes by itself after a stop (contract 2.14, V2.36); older ones ignore it. */
export interface FollowingStart {
  /** Left out: the version of the last build. */
  readonly templateVersionId?: TemplateVersionId | undefined;
  readonly richParameterValues?: readonly ParameterValue[] | undefined;
}

export interface CreateBuildRequest {
  /** Number of the latest build before; without it, a build whose response was lost isn't looked for. */
  readonly afterBuild?: number;
  /** Only of a stop. */
  readonly onSuccess?: FollowingStart | undefined;
  readonly transition: 'start' | 'stop' | 'delete';
  /** Left out: the version of the last build. */
  readonly templateVersionId?: TemplateVersionId | undefined;
  /** V2: those left out carry over from the last build, ephemeral ones do not. */
  readonly richParameterValues?: readonly ParameterValue[] | undefined;
  /** V0. */
  readonly legacyParameterValues?: readonly LegacyParameterValue[] | undefined;
  /** V2; template administrators, where the deployment allows it. */
  readonly logLevel?: 'debug' | undefined;
  /** Delete without destroying; whoever may change the template. */
  readonly orphan?: boolean | undefined;
  /** Provisioner state to begin from; whoever may change the template. */
  readonly state?: Uint8Array;
  readonly dryRun?: boolean;
  /** V2. */
  readonly presetId?: PresetId | undefined;
  /** V2; others are refused. `vscode_connection` only for a start on connecting (contract 2.14). */
  readonly reason?:
    | 'dashboard'
    | 'cli'
    | 'ssh_connection'
    | 'vscode_connection'
    | 'jetbrains_connection'
    | 'task_manual_pause';
}

/** Which rows of a list. */
export interface Page {
  readonly limit?: number;
  readonly offset?: number;
}

export interface BuildsPage extends Page {
  /** Only builds made after this. */
  readonly since?: EpochMs;
}

/** The body of both routes that create a workspace; each age ignores the keys of the other (contract 2.1). */
export const createWorkspaceBody = (request: CreateWorkspaceRequest): Readonly<Record<string, unknown>> => ({
  name: request.name,
  ...(request.templateVersionId === undefined
    ? { template_id: request.templateId }
    : { template_version_id: request.templateVersionId }),
  autostart_schedule: request.autostartSchedule,
  ttl_ms: request.ttlMs,
  parameter_values: request.parameters.kind === 'legacy' ? request.parameters.values : undefined,
  rich_parameter_values: request.parameters.kind === 'rich' ? request.parameters.values : undefined,
  template_version_preset_id: request.presetId,
  automatic_updates: request.automaticUpdates,
});

/** Contract 2.14. */
export const createBuildBody = (request: CreateBuildRequest): Readonly<Record<string, unknown>> => ({
  transition: request.transition,
  template_version_id: request.templateVersionId,
  rich_parameter_values: request.richParameterValues,
  parameter_values: request.legacyParameterValues,
  log_level: request.logLevel,
  orphan: request.orphan,
  state: request.state === undefined ? undefined : Buffer.from(request.state).toString('base64'),
  dry_run: request.dryRun,
  template_version_preset_id: request.presetId,
  on_success: request.onSuccess && {
    transition: 'start',
    template_version_id: request.onSuccess.templateVersionId,
    rich_parameter_values: request.onSuccess.richParameterValues,
  },
  reason: request.reason,
});
