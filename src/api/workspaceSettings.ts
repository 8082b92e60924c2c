// What is set of a workspace (contract 2.5–2.8, 4.4). Each is sent once, and read back if its answer is lost. Errors of
// all: `notFound` is absent or hidden, `forbidden`.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import * as operations from './operations.ts';
import type { Workspace } from './schemas/workspaces.ts';
import type { EpochMs, Milliseconds, WorkspaceId } from './units.ts';
import * as workspaces from './workspaces.ts';

/**
 * `PATCH /workspaces/{id}` `{name}` → 204, both ages (contract 2.5). V2 refuses it unless the deployment allows
 * renames: see `allow_renames`. @throws ApiError `conflict` (validation `name`: taken), `invalid`, `notNow`
 */
export const rename = (calls: Calls, id: WorkspaceId, name: string, signal: AbortSignal): Promise<void> =>
  change(calls, operations.rename, 'PATCH', id, '', { name }, signal, (workspace) => workspace.name === name);

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
): Promise<void> => {
  const json = { schedule: schedule ?? null };
  return change(
    calls,
    operations.updateAutostart,
    'PUT',
    id,
    '/autostart',
    json,
    signal,
    (workspace) => workspace.autostart_schedule === schedule,
  );
};

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
): Promise<void> => {
  const json = { ttl_ms: ttl ?? null };
  return change(
    calls,
    operations.updateTtl,
    'PUT',
    id,
    '/ttl',
    json,
    signal,
    (workspace) => (workspace.ttl_ms ?? 0) === (ttl ?? 0),
  );
};

/**
 * `PUT /workspaces/{id}/extend` → 200, both ages (contract 2.8). Moves the deadline of the running build, also
 * forward; at least 30 minutes from now by the server's clock, in V2 at most `max_deadline`.
 * @throws ApiError `conflict` (not started, still building, no deadline), `invalid` (too soon, too late)
 */
export const extend = (calls: Calls, id: WorkspaceId, deadline: EpochMs, signal: AbortSignal): Promise<void> => {
  const json = { deadline: new Date(deadline).toISOString() };
  return change(
    calls,
    operations.extend,
    'PUT',
    id,
    '/extend',
    json,
    signal,
    ({ latest_build: build }) => Math.abs((build.deadline ?? 0) - deadline) < 1000,
  );
};

/**
 * `PUT`/`DELETE /workspaces/{id}/favorite` → 204, V2 (contract 4.4); one's own only.
 * @throws ApiError `forbidden`, `notFound`
 */
export const setFavorite = (calls: Calls, id: WorkspaceId, favorite: boolean, signal: AbortSignal): Promise<void> =>
  change(
    calls,
    operations.favorite,
    favorite ? 'PUT' : 'DELETE',
    id,
    '/favorite',
    undefined,
    signal,
    (workspace) => workspace.favorite === favorite,
  );

/**
 * `PUT /workspaces/{id}/dormant` → 200, or 304 when it is so already, V2 (contract 4.4).
 * @throws ApiError `conflict`: prebuilt
 */
export const setDormant = (calls: Calls, id: WorkspaceId, dormant: boolean, signal: AbortSignal): Promise<void> =>
  change(
    calls,
    operations.setDormant,
    'PUT',
    id,
    '/dormant',
    { dormant },
    signal,
    (workspace) => (workspace.dormant_at !== undefined) === dormant,
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
): Promise<void> => {
  const json = { automatic_updates: updates };
  return change(
    calls,
    operations.setAutomaticUpdates,
    'PUT',
    id,
    '/autoupdates',
    json,
    signal,
    (workspace) => workspace.automatic_updates === updates,
  );
};

/** A write of one setting; a lost answer is read back. */
const change = (
  calls: Calls,
  operation: operations.Operation,
  method: 'PATCH' | 'PUT' | 'DELETE',
  id: WorkspaceId,
  below: string,
  json: Readonly<Record<string, unknown>> | undefined,
  signal: AbortSignal,
  isSo: (workspace: Workspace) => boolean,
): Promise<void> => {
  const path = route`/workspaces/${id}` + below;
  return calls.send({ operation, method, path, json }, signal, async (again) =>
    isSo(await workspaces.get(calls, id, {}, again)),
  );
};
