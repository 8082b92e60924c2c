/** Machines: they come up after a build, call home, run their start-up script, and can be lost. */
import { formatStamp, ZERO_TIME, type Pace, type Stamp } from './clock.ts';
import type { Hub } from './events.ts';
import { newId } from './ids.ts';
import type { Agent, App, Build, Resource, Workspace } from './model.ts';
import type { AgentSpec, ResourceSpec } from './template-spec.ts';
import type { Store } from './store.ts';

const CONNECTION_TIMEOUT_MS = 120_000;
export const CONNECTION_TIMEOUT_SECONDS = CONNECTION_TIMEOUT_MS / 1000;

export type AgentStatus = 'connecting' | 'timeout' | 'connected' | 'disconnected';

/** Contract 5.3. Here a connected agent stays so until it is told to go. */
export function agentStatus(store: Store, agent: Agent): AgentStatus {
  if (agent.firstConnectedAt === undefined)
    return store.clock.now() - agent.createdAt > CONNECTION_TIMEOUT_MS ? 'timeout' : 'connecting';
  return agent.disconnectedAt === undefined ? 'connected' : 'disconnected';
}

/** V2: why an agent is not healthy; `undefined` = it is. */
export function agentComplaint(store: Store, agent: Agent): string | undefined {
  const status = agentStatus(store, agent);
  if (status === 'connecting' && !store.age.isHealthyWhileConnecting) return 'agent has not yet connected';
  if (status === 'timeout') return 'agent is taking too long to connect';
  if (agent.lifecycle === 'start_error') return 'agent startup script exited with an error';
  if (agent.lifecycle === 'off') return 'agent is shutting down';
  if (status === 'disconnected') return 'agent has lost connection';
  return undefined;
}

export function createAgent(store: Store, build: Build, resourceId: string, spec: AgentSpec): Agent {
  const now = store.clock.now();
  const agent: Agent = {
    id: newId(),
    resourceId,
    buildId: build.id,
    token: newId(),
    createdAt: now,
    updatedAt: now,
    firstConnectedAt: undefined,
    lastConnectedAt: undefined,
    disconnectedAt: undefined,
    startedAt: undefined,
    readyAt: undefined,
    lifecycle: 'created',
    spec,
    apps: spec.apps.map((app): App => ({
      id: newId(),
      spec: app,
      health: app.healthcheck ? 'initializing' : 'disabled',
    })),
    scriptId: newId(),
    logSourceId: newId(),
    logSourceAt: store.clock.now(),
    logs: [],
  };
  store.agents.set(agent.id, agent);
  return agent;
}

export function createResources(store: Store, build: Build, specs: readonly ResourceSpec[]): Resource[] {
  return specs.map((spec) => {
    const id = newId();
    const createdAt = store.clock.now();
    const agents = spec.agents.map((agent) => createAgent(store, build, id, agent));
    return { id, createdAt, jobId: build.job.id, transition: build.transition, spec, agents };
  });
}

export interface Machines {
  /** Brings up the machines of a start build. */
  boot(workspace: Workspace, build: Build, connectIn: readonly string[] | undefined): void;
  /** The machine falls silent. */
  lose(agent: Agent): void;
  /** It calls home (again). */
  connect(agent: Agent): void;
  /** One of its scripts says a line. */
  say(agent: Agent, line: string): void;
  /** The workspace is built anew: the machines of the build before go, and readers of their logs are let go. */
  retire(older: Build): void;
  /** Makes it one that came up at that moment and has been well since. */
  settle(agent: Agent, at: Stamp): void;
}

export function createMachines(store: Store, hub: Hub, pace: Pace): Machines {
  const v2 = store.age.name === 'v2';

  function tell(agent: Agent): void {
    agent.updatedAt = store.clock.now();
    const workspaceId = store.builds.get(agent.buildId)?.workspaceId;
    if (workspaceId !== undefined) hub.workspaces.publish(workspaceId, 'changed');
  }

  function say(agent: Agent, output: string): void {
    agent.logs.push({ id: agent.logs.length + 1, createdAt: store.clock.now(), output, level: 'info' });
    hub.agents.publish(agent.id, 'logs');
  }

  function runStartUpScript(agent: Agent): void {
    const script = agent.spec.script;
    agent.startedAt = store.clock.now();
    agent.lifecycle = 'starting';
    const output = script?.output ?? [];
    output.forEach((text, n) => {
      pace.after(10 + n * 1000, () => {
        say(agent, text);
        if (n === 0) tell(agent);
      });
    });
    pace.after(Math.max(0, output.length - 1) * 1000 + 20, () => {
      agent.readyAt = store.clock.now();
      agent.lifecycle = 'ready';
      tell(agent);
    });
    pace.eventually(30_000, () => {
      for (const app of agent.apps) if (app.health === 'initializing') app.health = 'unhealthy';
      tell(agent);
    });
  }

  function connect(agent: Agent): void {
    const now = store.clock.now();
    const first = agent.firstConnectedAt === undefined;
    agent.firstConnectedAt ??= now;
    agent.lastConnectedAt = now;
    agent.disconnectedAt = undefined;
    if (first && v2) runStartUpScript(agent);
    tell(agent);
  }

  return {
    boot(workspace, build, connectIn) {
      if (connectIn !== undefined && !connectIn.includes(workspace.name)) return;
      for (const agent of build.resources.flatMap((resource) => resource.agents))
        if (agent.spec.connects) pace.after(v2 ? 270 : 600, () => connect(agent));
    },
    lose(agent) {
      agent.disconnectedAt = store.clock.now();
      // V0 tells nobody (contract 3.1): its watchers learn of it by reading.
      if (v2) tell(agent);
      else agent.updatedAt = agent.disconnectedAt;
    },
    connect,
    say,
    retire(older) {
      for (const agent of older.resources.flatMap((resource) => resource.agents)) {
        if (agent.firstConnectedAt !== undefined && agent.lifecycle !== 'off') {
          agent.disconnectedAt ??= store.clock.now();
          agent.lifecycle = 'off';
        }
        hub.agents.publish(agent.id, 'gone');
      }
    },
    settle(agent, at) {
      agent.createdAt = at;
      agent.firstConnectedAt = at + 300;
      agent.lastConnectedAt = store.clock.now();
      if (!v2) return;
      agent.startedAt = at + 310;
      agent.readyAt = at + 5300;
      agent.lifecycle = 'ready';
      agent.logs = (agent.spec.script?.output ?? []).map((output, n) => ({
        id: n + 1,
        createdAt: at + 320 + n * 1000,
        output,
        level: 'info',
      }));
      for (const app of agent.apps) if (app.health === 'initializing') app.health = 'healthy';
    },
  };
}

export interface MetadataResult {
  result: { collected_at: string; age: number; value: string; error: string };
  description: { display_name: string; key: string; script: string; interval: number; timeout: number };
}

const COLLECT_EVERY_MS = 5000;

/** When the agent last ran its metadata scripts; before it is up: never. */
function collectedAt(store: Store, agent: Agent): Stamp | undefined {
  if (agent.firstConnectedAt === undefined) return undefined;
  const until = agent.disconnectedAt ?? store.clock.now();
  return agent.firstConnectedAt + Math.floor((until - agent.firstConnectedAt) / COLLECT_EVERY_MS) * COLLECT_EVERY_MS;
}

/** Contract 3.5. */
export function metadataOf(store: Store, agent: Agent): MetadataResult[] {
  const at = collectedAt(store, agent);
  return agent.spec.metadata.map((spec) => ({
    result: {
      collected_at: at === undefined ? ZERO_TIME : formatStamp(at),
      age: at === undefined ? 0 : Math.floor((store.clock.now() - at) / 1000),
      value: at === undefined ? '' : spec.value,
      error: at === undefined ? '' : spec.error,
    },
    description: { display_name: spec.displayName, key: spec.key, script: spec.script, interval: 2, timeout: 1 },
  }));
}
