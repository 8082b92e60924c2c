// What is set of a workspace (contract 2.5–2.8, 4.4). Each is sent once, and read back if its answer is lost. Errors of
// all: `notFound` is absent or hidden, `forbidden`.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import * as operations from './operations.ts';
import type { Workspace } from './schemas/workspaces.ts';
import type { Request } from './transport.ts';
import type { EpochMs, Milliseconds, WorkspaceId } from './units.ts';
import * as workspaces from './workspaces.ts';

/**
 * `PATCH /workspaces/{id}` `{name}` → 204, both ages (contract 2.5). V2 refuses it unless the deployment allows
 * renames: see `allow_renames`. @throws ApiError `conflict` (validation `name`: taken), `invalid`, `notNow`
 */
export const rename = (calls: Calls, id: WorkspaceId, name: string, signal: AbortSignal): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.rename, method: 'PATCH', path: '', json: { name } },
    (workspace) => workspace.name === name,
    signal,
  );

/**
 * `PUT /workspaces/{id}/autostart` → 204, both ages (contract 2.6). `undefined` switches it off. No watch stream
 * tells of it: read the workspace afterwards.
 * @throws ApiError `invalid` (validation `schedule`)
 */
export const updateAutostart = (
  calls: Calls,
  id: WorkspaceId,
  schedule: string | undefined,
  signal: AbortSignal,
): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.updateAutostart, path: '/autostart', json: { schedule: schedule ?? null } },
    (workspace) => workspace.autostart_schedule === schedule,
    signal,
  );

/**
 * `PUT /workspaces/{id}/ttl` → 204, both ages (contract 2.7): how long after a start it stops, in whole minutes;
 * `undefined`: never. At most 7 days in V0, 30 in V2. No watch stream tells of it.
 * @throws ApiError `invalid` (validation `ttl_ms`)
 */
export const updateTtl = (
  calls: Calls,
  id: WorkspaceId,
  ttl: Milliseconds | undefined,
  signal: AbortSignal,
): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.updateTtl, path: '/ttl', json: { ttl_ms: ttl ?? null } },
    (workspace) => (workspace.ttl_ms ?? 0) === (ttl ?? 0),
    signal,
  );

/**
 * `PUT /workspaces/{id}/extend` → 200, both ages (contract 2.8). Moves the deadline of the running build, also
 * forward; at least 30 minutes from now by the server's clock, in V2 at most `max_deadline`.
 * @throws ApiError `conflict` (not started, still building, no deadline), `invalid` (too soon, too late)
 */
export const extend = (calls: Calls, id: WorkspaceId, deadline: EpochMs, signal: AbortSignal): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.extend, path: '/extend', json: { deadline: new Date(deadline).toISOString() } },
    ({ latest_build: build }) => Math.abs((build.deadline ?? 0) - deadline) < 1000,
    signal,
  );

/**
 * `PUT`/`DELETE /workspaces/{id}/favorite` → 204, V2 (contract 4.4); one's own only.
 * @throws ApiError `forbidden`, `notFound`
 */
export const setFavorite = (calls: Calls, id: WorkspaceId, favorite: boolean, signal: AbortSignal): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.favorite, method: favorite ? 'PUT' : 'DELETE', path: '/favorite' },
    (workspace) => workspace.favorite === favorite,
    signal,
  );

/**
 * `PUT /workspaces/{id}/dormant` → 200, or 304 when it is so already, V2 (contract 4.4).
 * @throws ApiError `conflict`: prebuilt
 */
export const setDormant = (calls: Calls, id: WorkspaceId, dormant: boolean, signal: AbortSignal): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.setDormant, path: '/dormant', json: { dormant } },
    (workspace) => (workspace.dormant_at !== undefined) === dormant,
    signal,
  );

/**
 * `PUT /workspaces/{id}/autoupdates` → 204, V2 (contract 4.4): whether each start takes the template's active
 * version.
 */
export const setAutomaticUpdates = (
  calls: Calls,
  id: WorkspaceId,
  updates: 'always' | 'never',
  signal: AbortSignal,
): Promise<void> =>
  set(
    calls,
    id,
    { operation: operations.setAutomaticUpdates, path: '/autoupdates', json: { automatic_updates: updates } },
    (workspace) => workspace.automatic_updates === updates,
    signal,
  );

/** Sends a setting, `path` below the workspace's own; if the answer is lost, `isSo` tells whether it was done. */
const set = (
  calls: Calls,
  id: WorkspaceId,
  { method = 'PUT', path, ...setting }: Omit<Request, 'method'> & { readonly method?: Request['method'] },
  isSo: (workspace: Workspace) => boolean,
  signal: AbortSignal,
): Promise<void> =>
  calls.send({ ...setting, method, path: route`/workspaces/${id}` + path }, signal, async (again) =>
    isSo(await workspaces.get(calls, id, {}, again)),
  );
