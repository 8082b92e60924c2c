import { route } from '../address.ts';
import { decodeRows, type Rows } from '../decode.ts';
import * as operations from '../operations.ts';
import type { BuildsPage } from '../requests.ts';
import { Build } from '../schemas/workspaces.ts';
import type { Milliseconds, WorkspaceId } from '../units.ts';
import { WorkspacesApi } from '../workspaces.ts';

/** All that can be asked of workspaces in both ages (contract 2). */
export class WholeWorkspacesApi extends WorkspacesApi {
  /**
   * `PATCH /workspaces/{id}` `{name}` → 204, both ages (contract 2.5). V2 refuses it unless the deployment allows
   * renames: see `allow_renames`. @throws ApiError `conflict` (validation `name`: taken), `invalid`, `notNow`
   */
  rename(id: WorkspaceId, name: string, signal: AbortSignal): Promise<void> {
    return this.change(operations.rename, 'PATCH', id, '', { name }, signal, (workspace) => workspace.name === name);
  }

  /**
   * `PUT /workspaces/{id}/autostart` → 204, both ages (contract 2.6). `undefined` switches it off. No watch stream
   * tells of it: read the workspace afterwards.
   * @throws ApiError `invalid` (validation `schedule`)
   */
  updateAutostart(id: WorkspaceId, schedule: string | undefined, signal: AbortSignal): Promise<void> {
    const json = { schedule: schedule ?? null };
    return this.change(
      operations.updateAutostart,
      'PUT',
      id,
      '/autostart',
      json,
      signal,
      (workspace) => workspace.autostart_schedule === schedule,
    );
  }

  /**
   * `PUT /workspaces/{id}/ttl` → 204, both ages (contract 2.7): how long after a start it stops, in whole minutes;
   * `undefined`: never. At most 7 days in V0, 30 in V2. No watch stream tells of it.
   * @throws ApiError `invalid` (validation `ttl_ms`)
   */
  updateTtl(id: WorkspaceId, ttl: Milliseconds | undefined, signal: AbortSignal): Promise<void> {
    const json = { ttl_ms: ttl ?? null };
    return this.change(
      operations.updateTtl,
      'PUT',
      id,
      '/ttl',
      json,
      signal,
      (workspace) => (workspace.ttl_ms ?? 0) === (ttl ?? 0),
    );
  }

  /** `GET /workspaces/{id}/builds`, both ages, newest first; page by `offset` (contract 2.9, 7.32). */
  builds(id: WorkspaceId, { limit, offset, since }: BuildsPage, signal: AbortSignal): Promise<Rows<Build>> {
    const query = { limit, offset, since: since === undefined ? undefined : new Date(since).toISOString() };
    return this.calls.read(
      { operation: operations.listBuilds, path: route`/workspaces/${id}/builds`, query },
      decodeRows(Build),
      signal,
    );
  }
}
