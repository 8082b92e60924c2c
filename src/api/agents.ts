// Agents; each build makes new ones, so an old id is `notFound` (contract 0.3). Their streams: agentStreams.ts.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { AgentLogEntry, AgentScripts, ListeningPorts, type ListeningPort } from './schemas/agents.ts';
import { Agent } from './schemas/workspaces.ts';
import type { AgentId } from './units.ts';

/** `GET /workspaceagents/{id}`, both ages (contract 4.4). @throws ApiError `notFound` */
export const get = (calls: Calls, id: AgentId, signal: AbortSignal): Promise<Agent> =>
  calls.read(operations.getAgent, route`/workspaceagents/${id}`, Agent.parse, signal);

/** The same, as far as it is about the agent's scripts. @throws ApiError `notFound` */
export const scripts = (calls: Calls, id: AgentId, signal: AbortSignal): Promise<AgentScripts> =>
  calls.read(operations.getAgent, route`/workspaceagents/${id}`, AgentScripts.parse, signal);

/**
 * `GET /workspaceagents/{id}/listening-ports`, both ages (contract 3.6). The server asks the agent itself, which may
 * take half a minute. @throws ApiError `notNow`: not connected (V0 428, V2 400)
 */
export const listeningPorts = async (
  calls: Calls,
  id: AgentId,
  signal: AbortSignal,
): Promise<readonly ListeningPort[]> => {
  const path = route`/workspaceagents/${id}/listening-ports`;
  return (
    await calls.read(operations.listeningPorts, path, ListeningPorts.parse, signal, { timeout: 'portsHeadersMs' })
  ).ports;
};

/** `GET /workspaceagents/{id}/logs`, V2 (contract 3.4). @throws ApiError `routeNotFound` in V0 */
export const logs = (
  calls: Calls,
  id: AgentId,
  { after }: { readonly after?: number | undefined },
  signal: AbortSignal,
): Promise<Rows<AgentLogEntry>> => {
  const path = route`/workspaceagents/${id}/logs`;
  return calls.read(operations.agentLogs, path, decodeRows(AgentLogEntry), signal, { query: { after } });
};
