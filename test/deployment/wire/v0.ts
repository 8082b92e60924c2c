/** Shapes of V0 (contract, column V0; recordings `v0/`). */
import { agentStatus, CONNECTION_TIMEOUT_SECONDS } from '../agents.ts';
import { formatStamp, ZERO_TIME } from '../clock.ts';
import { NIL_UUID } from '../ids.ts';
import type { App, User } from '../model.ts';
import { latestBuild, must, organizationOf, type Store } from '../store.ts';
import { buildCore, given, givenStamp, jobCore, orZero, roles, templateCore, workspaceCore } from './shared.ts';
import type { Json, Wire } from './wire.ts';

export function createV0Wire(store: Store): Wire {
  const tags = { tags: { scope: 'organization' } };

  const userCore = (user: User): Json => ({
    id: user.id,
    username: user.username,
    email: user.email,
    created_at: formatStamp(user.createdAt),
    status: 'active',
    avatar_url: '',
  });

  const app = (item: App): Json => ({
    id: item.id,
    url: item.spec.url,
    external: item.spec.external,
    slug: item.spec.slug,
    display_name: item.spec.displayName,
    ...given('command', item.spec.command),
    icon: '/icon/code.svg',
    subdomain: item.spec.subdomain,
    sharing_level: item.spec.sharingLevel,
    healthcheck: item.spec.healthcheck
      ? { url: 'http://localhost:8080/healthz', interval: 5, threshold: 6 }
      : { url: '', interval: 0, threshold: 0 },
    // V0's agents reported no health in the recordings, however long they ran.
    health: item.spec.healthcheck ? 'initializing' : 'disabled',
  });

  const wire: Wire = {
    user: (user) => ({
      ...userCore(user),
      last_seen_at: orZero(user.lastSeenAt),
      organization_ids: [organizationOf(store).id],
      roles: roles(user),
    }),
    organization: (organization) => ({
      id: organization.id,
      name: organization.name,
      created_at: formatStamp(organization.createdAt),
      updated_at: formatStamp(organization.createdAt),
    }),
    template: (template) => ({
      ...templateCore(store, template),
      workspace_owner_count: 0,
      active_user_count: -1,
    }),
    version: (version) => ({
      id: version.id,
      template_id: version.templateId ?? NIL_UUID,
      organization_id: version.organizationId,
      created_at: formatStamp(version.createdAt),
      updated_at: formatStamp(version.updatedAt),
      name: version.name,
      job: { ...jobCore(version.job), ...tags },
      readme: version.job.completedAt === undefined ? '' : version.spec.readme,
      created_by: {
        ...userCore(must(store.users, version.createdById)),
        last_seen_at: ZERO_TIME,
        organization_ids: null,
        roles: [],
      },
    }),
    workspace: (workspace, _viewer, view) => ({
      ...workspaceCore(store, workspace),
      latest_build: wire.build(latestBuild(workspace), view),
    }),
    build: (build, view = {}) => ({
      ...buildCore(store, build, view.fresh === true),
      job: { ...jobCore(build.job), ...tags },
      resources: wire.resources(build.resources, true),
    }),
    resources: (resources) =>
      resources.map((resource) => ({
        id: resource.id,
        created_at: formatStamp(resource.createdAt),
        job_id: resource.jobId,
        workspace_transition: resource.transition,
        type: resource.spec.type,
        name: resource.spec.name,
        hide: resource.spec.hide,
        icon: resource.spec.icon,
        ...(resource.agents.length === 0 ? {} : { agents: resource.agents.map((agent) => wire.agent(agent)) }),
        ...(resource.spec.metadata.length === 0 ? {} : { metadata: resource.spec.metadata }),
        daily_cost: resource.spec.dailyCost,
      })),
    agent: (agent) => ({
      id: agent.id,
      created_at: formatStamp(agent.createdAt),
      updated_at: formatStamp(agent.updatedAt),
      ...givenStamp('first_connected_at', agent.firstConnectedAt),
      ...givenStamp('last_connected_at', agent.lastConnectedAt),
      ...givenStamp('disconnected_at', agent.disconnectedAt),
      status: agentStatus(store, agent),
      name: agent.spec.name,
      resource_id: agent.resourceId,
      ...given('instance_id', agent.spec.instanceId),
      architecture: agent.spec.architecture,
      environment_variables: agent.spec.environment,
      operating_system: agent.spec.operatingSystem,
      startup_script: 'echo hello',
      directory: agent.spec.directory,
      version: agent.firstConnectedAt === undefined ? '' : store.age.version,
      apps: agent.apps.map(app),
      connection_timeout_seconds: CONNECTION_TIMEOUT_SECONDS,
      troubleshooting_url: 'https://example.com/help',
    }),
    key: (key) => ({
      id: key.id,
      user_id: key.userId,
      last_used: orZero(key.lastUsedAt),
      expires_at: formatStamp(key.expiresAt),
      created_at: formatStamp(key.createdAt),
      updated_at: formatStamp(key.updatedAt),
      login_type: key.loginType,
      scope: key.scope,
      lifetime_seconds: key.lifetimeSeconds,
    }),
    authMethods: () => ({ password: true, github: false, oidc: false }),
    buildInfo: () => ({ external_url: store.age.releaseUrl, version: store.age.version }),
  };
  return wire;
}
