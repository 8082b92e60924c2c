// Ports of a workspace that others may open: V2 (contract 4.4). In V0 each of these is `routeNotFound`.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import * as operations from './operations.ts';
import { PortShares, type PortShare } from './schemas/agents.ts';
import type { WorkspaceId } from './units.ts';

/** `GET /workspaces/{id}/port-share`, V2 (contract 4.4). */
export const list = async (calls: Calls, id: WorkspaceId, signal: AbortSignal): Promise<readonly PortShare[]> => {
  const path = route`/workspaces/${id}/port-share`;
  return (await calls.read(operations.listPortShares, path, PortShares.parse, signal)).shares;
};

/**
 * `POST /workspaces/{id}/port-share` → 200, V2 (contract 4.4).
 * @throws ApiError `invalid`: wider than the template allows
 */
export const share = (calls: Calls, id: WorkspaceId, wanted: PortShare, signal: AbortSignal): Promise<void> => {
  const path = route`/workspaces/${id}/port-share`;
  return calls.send({ operation: operations.sharePort, method: 'POST', path, json: wanted }, signal, async (again) =>
    (await list(calls, id, again)).some((each) => isSamePort(each, wanted) && each.share_level === wanted.share_level),
  );
};

/** `DELETE /workspaces/{id}/port-share`, with a body, V2 (contract 4.4). @throws ApiError `notFound`: not shared */
export const unshare = (
  calls: Calls,
  id: WorkspaceId,
  share: Pick<PortShare, 'agent_name' | 'port'>,
  signal: AbortSignal,
): Promise<void> => {
  const path = route`/workspaces/${id}/port-share`;
  const json = { agent_name: share.agent_name, port: share.port };
  return calls.send({ operation: operations.unsharePort, method: 'DELETE', path, json }, signal, async (again) =>
    (await list(calls, id, again)).every((each) => !isSamePort(each, share)),
  );
};

const isSamePort = (
  one: Pick<PortShare, 'agent_name' | 'port'>,
  other: Pick<PortShare, 'agent_name' | 'port'>,
): boolean => one.agent_name === other.agent_name && one.port === other.port;
