/** Shapes of V2 (contract, column V2; recordings `v2/`). */
import { agentComplaint } from '../agents.ts';
import { formatStamp } from '../clock.ts';
import { NIL_UUID } from '../ids.ts';
import type { Job, User, Workspace } from '../model.ts';
import { buildStatus, jobStatus, latestBuild, must, organizationOf, type Store } from '../store.ts';
import { buildCore, given, jobCore, orNull, orZero, roles, templateCore, workspaceCore } from './shared.ts';
import { agentJson } from './v2-agent.ts';
import type { BuildView, Json, Wire } from './wire.ts';

const nothing = { template_version_name: '', template_id: NIL_UUID, template_name: '' };
const jobMetadata = { ...nothing, template_display_name: '', template_icon: '' };
/** As recorded: a public key. */
const WEBPUSH_KEY = 'BLh-WjFKOrZhPLFUz2oVD6esODGOBKMYHJchuMFIE3FZCSFFiUZ5vww4-OigNdhloVLJonyQM_QH2h2ps63fLE8';
const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export function createV2Wire(store: Store): Wire {
  function queuePlace(job: Job, fresh: boolean): Json {
    const place = fresh ? -1 : store.queue.indexOf(job);
    return place === -1
      ? { queue_position: 0, queue_size: 0 }
      : { queue_position: place + 1, queue_size: store.queue.length };
  }

  const job = (item: Job, fresh: boolean): Json => ({
    ...jobCore(item),
    tags: { owner: '', scope: 'organization' },
    ...queuePlace(item, fresh),
    organization_id: item.organizationId,
    initiator_id: item.initiatorId,
    input:
      item.kind === 'workspace_build'
        ? { workspace_build_id: item.subjectId }
        : { template_version_id: item.subjectId },
    type: item.kind,
    metadata: jobMetadata,
    logs_overflowed: false,
  });

  /** Real numbers only while the job waits (contract 2.15 [ran]). */
  const matchedProvisioners = (item: Job): Json =>
    jobStatus(item) === 'pending'
      ? { count: 3, available: 3, most_recently_seen: formatStamp(store.provisionersSeenAt) }
      : { count: 0, available: 0, most_recently_seen: null };

  const minimalUser = (user: User): Json => ({
    id: user.id,
    username: user.username,
    ...given('name', user.name === '' ? undefined : user.name),
  });

  function failingAgents(workspace: Workspace): string[] {
    const build = latestBuild(workspace);
    if (buildStatus(build) !== 'running') return [];
    const agents = build.resources.flatMap((resource) => resource.agents);
    return agents.filter((agent) => agentComplaint(store, agent) !== undefined).map((agent) => agent.id);
  }

  /** Missing while it is shared with nobody. */
  function sharedWith({ sharedWith: shares }: Workspace): Json {
    if (shares.size === 0) return {};
    const actors = [...shares].map(([id, role]) => ({
      id,
      actor_type: 'user',
      name: must(store.users, id).name,
      roles: [role],
    }));
    return { shared_with: actors };
  }

  const wire: Wire = {
    user: (user) => ({
      ...minimalUser(user),
      email: user.email,
      created_at: formatStamp(user.createdAt),
      updated_at: formatStamp(user.updatedAt),
      last_seen_at: orZero(user.lastSeenAt),
      status: 'active',
      login_type: 'password',
      organization_ids: [organizationOf(store).id],
      roles: roles(user),
      ...(store.age.tellsMore ? { has_ai_seat: false } : {}),
    }),
    organization: (organization) => ({
      id: organization.id,
      name: organization.name,
      display_name: organization.displayName,
      icon: '',
      description: organization.description,
      created_at: formatStamp(organization.createdAt),
      updated_at: formatStamp(organization.createdAt),
      is_default: true,
    }),
    template: (template) => ({
      ...templateCore(store, template),
      organization_name: organizationOf(store).name,
      organization_display_name: organizationOf(store).displayName,
      organization_icon: '',
      active_user_count: 0,
      deprecated: template.deprecationMessage !== '',
      deprecation_message: template.deprecationMessage,
      activity_bump_ms: 3_600_000,
      autostop_requirement: { days_of_week: template.autostopDays ?? [], weeks: template.autostopWeeks ?? 1 },
      autostart_requirement: { days_of_week: template.autostartDays ?? everyDay },
      allow_user_autostart: template.allowUserAutostart,
      allow_user_autostop: template.allowUserAutostop,
      failure_ttl_ms: 0,
      time_til_dormant_ms: 0,
      time_til_dormant_autodelete_ms: template.dormantAutodeleteMs ?? 0,
      require_active_version: template.requireActiveVersion,
      max_port_share_level: 'public',
      cors_behavior: 'simple',
      use_classic_parameter_flow: template.classicParameters,
      ...(store.age.tellsMore
        ? { deleted: false, time_til_autostop_notify_ms: template.notifyBeforeStopMs ?? 0, disable_module_cache: false }
        : {}),
    }),
    version: (version, view: BuildView = {}) => ({
      id: version.id,
      template_id: version.templateId ?? NIL_UUID,
      organization_id: version.organizationId,
      created_at: formatStamp(version.createdAt),
      updated_at: formatStamp(version.updatedAt),
      name: version.name,
      message: version.message,
      job: job(version.job, view.fresh === true),
      readme: jobStatus(version.job) === 'succeeded' ? version.spec.readme : '',
      created_by: minimalUser(must(store.users, version.createdById)),
      archived: version.archived,
      ...(view.fresh === true ? { matched_provisioners: matchedProvisioners(version.job) } : {}),
      has_external_agent: false,
    }),
    workspace: (workspace, viewer, view) => {
      const template = must(store.templates, workspace.templateId);
      const failing = failingAgents(workspace);
      return {
        ...workspaceCore(store, workspace),
        owner_avatar_url: '',
        organization_id: organizationOf(store).id,
        organization_name: organizationOf(store).name,
        template_active_version_id: template.activeVersionId,
        template_require_active_version: template.requireActiveVersion,
        template_use_classic_parameter_flow: template.classicParameters,
        latest_build: wire.build(latestBuild(workspace), view),
        latest_app_status: null,
        deleting_at: orNull(workspace.deletingAt),
        dormant_at: orNull(workspace.dormantAt),
        health: { healthy: failing.length === 0, failing_agents: failing },
        automatic_updates: workspace.automaticUpdates,
        allow_renames: store.allowRenames,
        favorite: workspace.favoriteOf.has(viewer.id),
        next_start_at: orNull(workspace.nextStartAt),
        is_prebuild: false,
        task_id: workspace.taskId ?? null,
        ...sharedWith(workspace),
      };
    },
    build: (build, view: BuildView = {}) => ({
      ...buildCore(store, build, view.fresh === true),
      job: job(build.job, view.fresh === true),
      resources: wire.resources(build.resources, true),
      max_deadline: orNull(build.maxDeadline),
      matched_provisioners: matchedProvisioners(build.job),
      template_version_preset_id: build.presetId ?? null,
      ...(jobStatus(build.job) === 'succeeded' ? { has_ai_task: false, has_external_agent: false } : {}),
    }),
    resources: (resources, nested) =>
      resources.map((resource) => ({
        id: resource.id,
        created_at: formatStamp(resource.createdAt),
        job_id: resource.jobId,
        workspace_transition: resource.transition,
        type: resource.spec.type,
        name: resource.spec.name,
        hide: resource.spec.hide,
        icon: resource.spec.icon,
        ...(resource.agents.length === 0
          ? {}
          : { agents: resource.agents.map((agent) => agentJson(store, agent, nested)) }),
        ...(resource.spec.metadata.length === 0 ? {} : { metadata: resource.spec.metadata }),
        daily_cost: resource.spec.dailyCost,
      })),
    agent: (agent) => agentJson(store, agent, true),
    key: (key) => ({
      id: key.id,
      user_id: key.userId,
      last_used: orZero(key.lastUsedAt),
      expires_at: formatStamp(key.expiresAt),
      created_at: formatStamp(key.createdAt),
      updated_at: formatStamp(key.updatedAt),
      login_type: key.loginType,
      scope: key.scope,
      scopes: [`coder:${key.scope}`],
      token_name: key.tokenName,
      lifetime_seconds: key.lifetimeSeconds,
      allow_list: ['*:*'],
      username: must(store.users, key.userId).username,
    }),
    authMethods: () => ({
      password: { enabled: true },
      github: { enabled: true, default_provider_configured: true },
      oidc: { enabled: false, signInText: '', iconUrl: '' },
    }),
    buildInfo: (accessUrl) => ({
      external_url: store.age.releaseUrl,
      version: store.age.version,
      dashboard_url: accessUrl,
      telemetry: false,
      workspace_proxy: false,
      agent_api_version: '1.0',
      provisioner_api_version: store.age.tellsMore ? '1.18' : '1.14',
      upgrade_message: '',
      deployment_id: store.deploymentId,
      ...(store.age.tellsMore ? { webpush_public_key: WEBPUSH_KEY } : {}),
    }),
  };
  return wire;
}
