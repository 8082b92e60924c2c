import { route } from './address.ts';
import { followAgentLog, watchAgentMetadata, type MetadataEvent } from './agentStreams.ts';
import type { Calls } from './calls.ts';
import { decodeRows, decodeObject, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { AgentLogEntry, ListeningPorts, type ListeningPort } from './schemas/agents.ts';
import { Agent } from './schemas/workspaces.ts';
import type { AgentId } from './units.ts';

/** Agents; each build makes new ones, so an old id is `notFound` (contract 0.3). */
export class AgentsApi {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** `GET /workspaceagents/{id}`, both ages (contract 4.4). @throws ApiError `notFound` */
  get(id: AgentId, signal: AbortSignal): Promise<Agent> {
    return this.#calls.read(
      { operation: operations.getAgent, path: route`/workspaceagents/${id}` },
      decodeObject(Agent),
      signal,
    );
  }

  /**
   * `GET /workspaceagents/{id}/listening-ports`, both ages (contract 3.6). The server asks the agent itself, which may
   * take half a minute. @throws ApiError `notNow`: not connected (V0 428, V2 400)
   */
  async listeningPorts(id: AgentId, signal: AbortSignal): Promise<readonly ListeningPort[]> {
    const path = route`/workspaceagents/${id}/listening-ports`;
    return (
      await this.#calls.read(
        { operation: operations.listeningPorts, path, patience: 'portsHeadersMs' },
        decodeObject(ListeningPorts),
        signal,
      )
    ).ports;
  }

  /** `GET /workspaceagents/{id}/logs`, V2 (contract 3.4). @throws ApiError `routeNotFound` in V0 */
  logs(id: AgentId, { after }: { readonly after?: number }, signal: AbortSignal): Promise<Rows<AgentLogEntry>> {
    const path = route`/workspaceagents/${id}/logs`;
    return this.#calls.read(
      { operation: operations.agentLogs, path, query: { after } },
      decodeRows(AgentLogEntry),
      signal,
    );
  }

  /**
   * WebSocket `/workspaceagents/{id}/logs?follow`, V2 (contract 3.4): new entries, each once, ascending. Ends when the
   * agent is no longer part of the latest build.
   * @throws ApiError when refused or lost; go on with `after` the last id
   */
  followLogs(
    id: AgentId,
    { after }: { readonly after?: number },
    signal: AbortSignal,
  ): AsyncGenerator<readonly AgentLogEntry[]> {
    return followAgentLog(this.#calls, id, after, signal);
  }

  /**
   * `/workspaceagents/{id}/watch-metadata`, else `…/watch-metadata-ws`, V2 (contract 3.5): all measured values, at
   * least every five seconds. Never ends by itself. @throws ApiError when refused or lost
   */
  watchMetadata(id: AgentId, signal: AbortSignal): AsyncGenerator<MetadataEvent, never> {
    return watchAgentMetadata(this.#calls, id, signal);
  }
}
