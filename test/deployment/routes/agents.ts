/** Agents: read, ports, logs, metadata; and the identity exchange (contract 3.4 to 3.6, 6). */
import type { WebSocket } from 'ws';
import { agentStatus } from '../agents.ts';
import { formatStamp } from '../clock.ts';
import type { Engine } from '../engine.ts';
import {
  encodeJson,
  invalid,
  json,
  optionalText,
  readBody,
  Refusal,
  requireFields,
  text,
  type Call,
  type Reply,
} from '../exchange.ts';
import type { Agent } from '../model.ts';
import type { Router } from '../router.ts';
import { pingSocket, socketSink, sseSink, watchMetadata } from '../streams.ts';
import { openTerminal } from '../terminal.ts';
import { latestBuild, must } from '../store.ts';
import { agentParam } from './params.ts';

function logsAfter(agent: Agent, after: number): object[] {
  return agent.logs
    .filter((log) => log.id > after)
    .map((log) => ({
      id: log.id,
      created_at: formatStamp(log.createdAt),
      output: log.output,
      level: log.level,
      source_id: agent.logSourceId,
    }));
}

function afterParam(call: Call): number {
  const value = call.query.get('after') ?? '';
  if (value === '') return 0;
  if (!/^\d{1,15}$/.test(value)) throw invalid('Query parameters have invalid values.', 'after');
  return Number(value);
}

function followAgentLogs(engine: Engine, call: Call, agent: Agent): (socket: WebSocket) => void {
  let lastId = afterParam(call);
  return (socket) => {
    const send = (): void => {
      const lines = logsAfter(agent, lastId);
      lastId = Math.max(lastId, agent.logs.at(-1)?.id ?? 0);
      socket.send(`${encodeJson(lines)}\n`);
    };
    send();
    const stop = engine.hub.agents.subscribe(agent.id, (news) => {
      if (news === 'logs') send();
      if (news === 'gone') socket.close(1000);
    });
    socket.on('close', stop);
    pingSocket(engine, socket);
  };
}

const clouds = {
  aws: { fields: ['signature', 'document'], name: 'AWS' },
  azure: { fields: ['signature', 'encoding'], name: 'Azure' },
  google: { fields: ['json_web_token'], name: 'GCP' },
} as const;

/** Refuses every document but those that `acceptInstance` named (a test's own; no cloud signs them). */
function exchangeIdentity(cloud: keyof typeof clouds) {
  return ({ store }: Engine, call: Call): Reply => {
    const { fields, name } = clouds[cloud];
    const body = readBody(call);
    requireFields(body, fields);
    const proof = optionalText(body, cloud === 'aws' ? 'document' : fields[0]) ?? '';
    const instanceId = store.instanceDocuments.get(proof);
    if (instanceId === undefined)
      throw new Refusal(401, `Invalid ${name} identity.`, { detail: 'the document is not signed by the cloud' });
    const agents = [...store.agents.values()].filter((agent) => agent.spec.instanceId === instanceId);
    if (agents.length === 0) throw new Refusal(404, `Instance with id "${instanceId}" not found.`);
    const all = agents.filter((agent) => {
      const build = must(store.builds, agent.buildId);
      return latestBuild(must(store.workspaces, build.workspaceId)) === build;
    });
    const wanted = store.age.name === 'v2' ? optionalText(body, 'agent_name') : undefined;
    if (store.age.name === 'v2' && wanted === undefined && all.length > 1)
      throw new Refusal(409, 'Multiple agents found for this instance.', {
        detail: `Specify agent_name: ${all.map(({ spec }) => spec.name).join(', ')}`,
      });
    const current = all.find(({ spec }) => wanted === undefined || spec.name === wanted);
    if (current === undefined && all.length > 0) throw new Refusal(404, `No agent named "${wanted}".`);
    if (current === undefined)
      throw new Refusal(400, `Resource found with id "${instanceId}", but isn't registered on the latest history.`);
    return json(200, { session_token: current.token });
  };
}

export function addAgentRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;
  for (const cloud of ['aws', 'azure', 'google'] as const)
    router.on('POST', `/workspaceagents/${cloud}-instance-identity`, exchangeIdentity(cloud), { open: true });

  router.on('GET', '/workspaceagents/:agent', (engine, call) => json(200, engine.wire.agent(agentParam(engine, call))));
  router.on('GET', '/workspaceagents/:agent/listening-ports', (engine, call) => {
    const agent = agentParam(engine, call);
    const status = agentStatus(engine.store, agent);
    if (status !== 'connected')
      throw new Refusal(
        engine.store.age.agentNotConnected,
        `Agent state is "${status}", it must be in the "connected" state.`,
      );
    return json(200, {
      ports: [
        { process_name: '', network: 'tcp', port: 2024 },
        { process_name: 'postgres', network: 'tcp', port: 5433 },
        { process_name: 'node', network: 'tcp', port: 5173 },
      ],
    });
  });
  router.on(
    'GET',
    '/workspaceagents/:agent/containers',
    (engine, call) => {
      agentParam(engine, call);
      throw new Refusal(500, 'Could not fetch containers.', { detail: 'no container runtime on this machine' });
    },
    v2,
  );
  router.on(
    'GET',
    '/workspaceagents/:agent/logs',
    (engine, call) => {
      const agent = agentParam(engine, call);
      if (call.query.has('follow')) return text(426, 'Connection header "" does not contain Upgrade\n');
      return json(200, logsAfter(agent, afterParam(call)));
    },
    v2,
  );
  router.socket(
    'agent-logs',
    '/workspaceagents/:agent/logs',
    (engine, call) => followAgentLogs(engine, call, agentParam(engine, call)),
    { age: 'v2', flag: 'follow' },
  );
  router.on(
    'GET',
    '/workspaceagents/:agent/watch-metadata',
    (engine, call) => {
      const agent = agentParam(engine, call);
      return { stream: (response) => watchMetadata(engine, agent, sseSink(response)) };
    },
    v2,
  );
  router.socket(
    'metadata-ws',
    '/workspaceagents/:agent/watch-metadata-ws',
    (engine, call) => {
      const agent = agentParam(engine, call);
      return (socket) => {
        watchMetadata(engine, agent, socketSink(socket));
        pingSocket(engine, socket);
      };
    },
    v2,
  );
  router.socket(
    'pty',
    '/workspaceagents/:agent/pty',
    (engine, call) => {
      agentParam(engine, call);
      return openTerminal;
    },
    v2,
  );
}
