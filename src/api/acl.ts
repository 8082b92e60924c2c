// With whom a workspace is shared: V2.36 (contract 2.14, 4.4). `forbidden`: an experiment that is off; `routeNotFound` in V0.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import * as operations from './operations.ts';
import { Acl } from './schemas/acl.ts';
import type { WorkspaceId } from './units.ts';

/** `GET /workspaces/{id}/acl` (contract 4.4). @throws ApiError */
export const get = (calls: Calls, id: WorkspaceId, signal: AbortSignal): Promise<Acl> =>
  calls.read(operations.getAcl, route`/workspaces/${id}/acl`, Acl.parse, signal);

/** `PATCH /workspaces/{id}/acl` → 204: what the user with that id may do; '' takes it back (contract 4.4). @throws ApiError */
export const setRole = (
  calls: Calls,
  id: WorkspaceId,
  userId: string,
  role: 'use' | 'admin' | '',
  signal: AbortSignal,
): Promise<void> => {
  const json = { user_roles: { [userId]: role } };
  const request = {
    operation: operations.changeAcl,
    method: 'PATCH',
    path: route`/workspaces/${id}/acl`,
    json,
  } as const;
  return calls.send(request, signal, async (again) => {
    const { users } = await get(calls, id, again);
    return (users.find((user) => user.id === userId)?.role ?? '') === role;
  });
};
