import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeObject } from './decode.ts';
import * as operations from './operations.ts';
import { AutostartResolution, PortShares, Timings, type PortShare } from './schemas/agents.ts';
import { Workspace } from './schemas/workspaces.ts';
import type { AgentId, WorkspaceId } from './units.ts';

/** What V2 adds to a workspace (contract 4.4). In V0 each of these is `routeNotFound`. */
export class WorkspaceExtrasApi {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /**
   * `PUT`/`DELETE /workspaces/{id}/favorite` → 204, V2 (contract 4.4); one's own only.
   * @throws ApiError `forbidden`, `notFound`
   */
  setFavorite(id: WorkspaceId, favorite: boolean, signal: AbortSignal): Promise<void> {
    return this.#send(
      operations.favorite,
      favorite ? 'PUT' : 'DELETE',
      id,
      '/favorite',
      undefined,
      signal,
      (workspace) => workspace.favorite === favorite,
    );
  }

  /**
   * `PUT /workspaces/{id}/dormant` → 200, or 304 when it is so already, V2 (contract 4.4).
   * @throws ApiError `conflict`: prebuilt
   */
  setDormant(id: WorkspaceId, dormant: boolean, signal: AbortSignal): Promise<void> {
    return this.#send(
      operations.setDormant,
      'PUT',
      id,
      '/dormant',
      { dormant },
      signal,
      (workspace) => (workspace.dormant_at !== undefined) === dormant,
    );
  }

  /**
   * `PUT /workspaces/{id}/autoupdates` → 204, V2 (contract 4.4): whether each start takes the template's active
   * version.
   */
  setAutomaticUpdates(id: WorkspaceId, updates: 'always' | 'never', signal: AbortSignal): Promise<void> {
    const json = { automatic_updates: updates };
    return this.#send(
      operations.setAutomaticUpdates,
      'PUT',
      id,
      '/autoupdates',
      json,
      signal,
      (workspace) => workspace.automatic_updates === updates,
    );
  }

  /**
   * `GET /workspaces/{id}/resolve-autostart`, V2 (contract 4.4): whether the next autostart would need values that
   * nobody gave.
   */
  async autostartNeedsInput(id: WorkspaceId, signal: AbortSignal): Promise<boolean> {
    const request = {
      operation: operations.resolveAutostart,
      path: route`/workspaces/${id}/resolve-autostart`,
    } as const;
    return (await this.#calls.read(request, decodeObject(AutostartResolution), signal)).parameter_mismatch;
  }

  /** `GET /workspaces/{id}/port-share`, V2 (contract 4.4). */
  async portShares(id: WorkspaceId, signal: AbortSignal): Promise<readonly PortShare[]> {
    const request = { operation: operations.listPortShares, path: route`/workspaces/${id}/port-share` } as const;
    return (await this.#calls.read(request, decodeObject(PortShares), signal)).shares;
  }

  /**
   * `POST /workspaces/{id}/port-share` → 200, V2 (contract 4.4).
   * @throws ApiError `invalid`: wider than the template allows
   */
  sharePort(id: WorkspaceId, share: PortShare, signal: AbortSignal): Promise<void> {
    const path = route`/workspaces/${id}/port-share`;
    return this.#calls.send(
      { operation: operations.sharePort, method: 'POST', path, json: share },
      signal,
      async (again) =>
        (await this.portShares(id, again)).some(
          (each) => isSamePort(each, share) && each.share_level === share.share_level,
        ),
    );
  }

  /** `DELETE /workspaces/{id}/port-share`, with a body, V2 (contract 4.4). @throws ApiError `notFound`: not shared */
  unsharePort(id: WorkspaceId, share: Pick<PortShare, 'agent_name' | 'port'>, signal: AbortSignal): Promise<void> {
    const path = route`/workspaces/${id}/port-share`;
    const json = { agent_name: share.agent_name, port: share.port };
    return this.#calls.send(
      { operation: operations.unsharePort, method: 'DELETE', path, json },
      signal,
      async (again) => (await this.portShares(id, again)).every((each) => !isSamePort(each, share)),
    );
  }

  /** `GET /workspaces/{id}/timings`, V2 (contract 4.4): of the latest build. */
  timings(id: WorkspaceId, signal: AbortSignal): Promise<Timings> {
    return this.#calls.read(
      { operation: operations.getTimings, path: route`/workspaces/${id}/timings` },
      decodeObject(Timings),
      signal,
    );
  }

  /** `POST /workspaces/{id}/usage` → 204, V2 (contract 4.4): somebody is using it now, which may move its deadline. */
  reportUsage(id: WorkspaceId, agentId: AgentId | undefined, signal: AbortSignal): Promise<void> {
    const json = agentId === undefined ? undefined : { agent_id: agentId, app_name: 'vscode' };
    return this.#calls.send(
      { operation: operations.reportUsage, method: 'POST', path: route`/workspaces/${id}/usage`, json },
      signal,
    );
  }

  #send(
    operation: operations.Operation,
    method: 'PUT' | 'DELETE',
    id: WorkspaceId,
    below: string,
    json: unknown,
    signal: AbortSignal,
    isSo: (workspace: Workspace) => boolean,
  ): Promise<void> {
    const path = route`/workspaces/${id}`;
    return this.#calls.send({ operation, method, path: path + below, json }, signal, async (again) =>
      isSo(await this.#calls.read({ operation: operations.getWorkspace, path }, decodeObject(Workspace), again)),
    );
  }
}

const isSamePort = (
  one: Pick<PortShare, 'agent_name' | 'port'>,
  other: Pick<PortShare, 'agent_name' | 'port'>,
): boolean => one.agent_name === other.agent_name && one.port === other.port;
