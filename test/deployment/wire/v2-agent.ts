/** Agents and apps of V2. */
import { agentComplaint, agentStatus, CONNECTION_TIMEOUT_SECONDS } from '../agents.ts';
import { formatStamp } from '../clock.ts';
import type { Agent, App } from '../model.ts';
import { must, type Store } from '../store.ts';
import { given, givenStamp } from './shared.ts';
import type { Json } from './wire.ts';

function appJson(store: Store, item: App, agent: Agent, nested: boolean): Json {
  const { spec } = item;
  const workspace = must(store.workspaces, must(store.builds, agent.buildId).workspaceId);
  const owner = must(store.users, workspace.ownerId).username;
  return {
    id: item.id,
    ...given('url', spec.url === '' ? undefined : spec.url),
    external: spec.external,
    slug: spec.slug,
    ...given('display_name', spec.displayName === '' ? undefined : spec.displayName),
    ...given('command', spec.command),
    icon: '/icon/code.svg',
    subdomain: spec.subdomain,
    ...(spec.subdomain && nested ? { subdomain_name: `${spec.slug}--${workspace.name}--${owner}` } : {}),
    sharing_level: spec.sharingLevel,
    healthcheck: spec.healthcheck
      ? { url: 'http://localhost:8080/healthz', interval: 5, threshold: 6 }
      : { url: '', interval: 0, threshold: 0 },
    health: item.health,
    hidden: spec.hidden,
    open_in: 'slim-window',
    statuses: [],
  };
}

/** `nested` = inside a build or by itself; the resources endpoint leaves out the apps' `subdomain_name`. */
export function agentJson(store: Store, agent: Agent, nested: boolean): Json {
  const { spec } = agent;
  const connected = agentStatus(store, agent) === 'connected';
  const seen = agent.firstConnectedAt !== undefined;
  const complaint = agentComplaint(store, agent);
  const source = { log_source_id: agent.logSourceId, log_path: '' };
  return {
    id: agent.id,
    parent_id: null,
    created_at: formatStamp(agent.createdAt),
    updated_at: formatStamp(agent.updatedAt),
    ...givenStamp('first_connected_at', agent.firstConnectedAt),
    ...givenStamp('last_connected_at', agent.lastConnectedAt),
    ...givenStamp('disconnected_at', agent.disconnectedAt),
    ...givenStamp('started_at', agent.startedAt),
    ...givenStamp('ready_at', agent.readyAt),
    status: agentStatus(store, agent),
    lifecycle_state: agent.lifecycle,
    name: spec.name,
    resource_id: agent.resourceId,
    ...given('instance_id', spec.instanceId),
    architecture: spec.architecture,
    environment_variables: spec.environment,
    operating_system: spec.operatingSystem,
    logs_length: agent.logs.reduce((total, log) => total + Buffer.byteLength(log.output), 0),
    logs_overflowed: false,
    directory: spec.directory,
    ...given('expanded_directory', seen ? spec.directory : undefined),
    version: seen ? store.age.version : '',
    api_version: seen ? '2.7' : '',
    apps: agent.apps.map((item) => appJson(store, item, agent, nested)),
    ...(connected ? { latency: { 'Coder Embedded Relay': { preferred: true, latency_ms: 2.979259 } } } : {}),
    connection_timeout_seconds: CONNECTION_TIMEOUT_SECONDS,
    troubleshooting_url: 'https://example.com/help',
    subsystems: [],
    health: complaint === undefined ? { healthy: true } : { healthy: false, reason: complaint },
    display_apps: ['vscode', 'ssh_helper', 'port_forwarding_helper', 'web_terminal'],
    log_sources:
      spec.script === undefined
        ? []
        : [
            {
              workspace_agent_id: agent.id,
              id: agent.logSourceId,
              created_at: formatStamp(agent.logSourceAt),
              display_name: spec.script.displayName,
              icon: spec.script.icon,
            },
          ],
    scripts:
      spec.script === undefined
        ? []
        : [
            {
              id: agent.scriptId,
              ...source,
              script: spec.script.text,
              cron: '',
              run_on_start: true,
              run_on_stop: false,
              start_blocks_login: true,
              timeout: 60_000_000_000,
              display_name: spec.script.displayName,
              ...(store.age.tellsMore && agent.readyAt !== undefined ? { exit_code: 0, status: 'ok' } : {}),
            },
          ],
    startup_script_behavior: spec.script === undefined ? 'non-blocking' : 'blocking',
  };
}
