// A user is named by id, by name, or as `me`. An unknown one is 400 in some ages and 404 in others (contract 1.2).
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeEach, decodeRows, rowsOf, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { AuthMethods, QuietHours, Quota } from './schemas/general.ts';
import { Organization, User, UsersEnvelope } from './schemas/users.ts';
import type { OrganizationId } from './units.ts';

/** `GET /users/me`, both ages (contract 1.8). @throws ApiError `unauthorized`: the token is not accepted */
export const me = (calls: Calls, signal: AbortSignal): Promise<User> =>
  calls.read(operations.getMe, '/users/me', User.parse, signal);

/** `GET /users/{user}/organizations`, both ages; V0 knows only id and name (contract 1.8). */
export const organizations = (calls: Calls, user: string, signal: AbortSignal): Promise<Rows<Organization>> =>
  calls.read(operations.listOrganizations, route`/users/${user}/organizations`, decodeRows(Organization), signal);

/** `GET /users/authmethods`, both ages, without a token (contract 1.2). V0's booleans and V2's objects read alike. */
export const authMethods = (calls: Calls, signal: AbortSignal): Promise<AuthMethods> =>
  calls.read(operations.authMethods, '/users/authmethods', AuthMethods.parse, signal, { anonymous: true });

/** `GET /users/{user}`, both ages (contract 1.8). @throws ApiError `invalid` or `notFound`: unknown */
export const get = (calls: Calls, user: string, signal: AbortSignal): Promise<User> =>
  calls.read(operations.getUser, route`/users/${user}`, User.parse, signal);

/** `GET /users`, both ages. A plain member sees everybody in V0 and only themselves in V2 (contract 4.4). */
export const list = (
  calls: Calls,
  { q, limit, offset }: { readonly q?: string; readonly limit?: number; readonly offset?: number },
  signal: AbortSignal,
): Promise<Rows<User>> =>
  calls.read(
    operations.listUsers,
    '/users',
    async (value) => {
      const { users, count } = UsersEnvelope.parse(value);
      return decodeEach(User, rowsOf(users, count));
    },
    signal,
    { query: { q, limit, offset } },
  );

/**
 * Whom one may create workspaces for: `GET /organizations/{id}/members/me/workspaces/available-users` (V2), and where
 * that route is unknown the users that one may see (contract 4.4). At most `limit`.
 */
export const availableOwners = async (
  calls: Calls,
  organizationId: OrganizationId,
  query: { readonly q?: string; readonly limit: number },
  signal: AbortSignal,
): Promise<Rows<User>> => {
  const operation = operations.availableOwners;
  const path = route`/organizations/${organizationId}/members/me/workspaces/available-users`;
  const owners = calls.features.tryRoute(operation, () =>
    calls.read(operation, path, decodeRows(User), signal, { query }),
  );
  return (await owners) ?? list(calls, query, signal);
};

/** `GET /users/{user}/organizations/{name}`, both ages (contract 1.8). @throws ApiError `notFound` */
export const organization = (calls: Calls, user: string, name: string, signal: AbortSignal): Promise<Organization> =>
  calls.read(operations.listOrganizations, route`/users/${user}/organizations/${name}`, Organization.parse, signal);

/**
 * Credits used and allowed: `GET /organizations/{id}/members/{user}/workspace-quota` (V2), else
 * `GET /workspace-quota/{user}` (V0). `undefined` where the edition has no quotas (contract 4.4).
 */
export const quota = async (
  calls: Calls,
  organizationId: OrganizationId,
  user: string,
  signal: AbortSignal,
): Promise<Quota | undefined> => {
  const read = (operation: operations.Operation, path: string): Promise<Quota | undefined> =>
    calls.features.tryRoute(operation, () => calls.read(operation, path, Quota.parse, signal));
  return (
    (await read(operations.getQuota, route`/organizations/${organizationId}/members/${user}/workspace-quota`)) ??
    (await read(operations.getLegacyQuota, route`/workspace-quota/${user}`))
  );
};

/**
 * `GET /users/{user}/quiet-hours`, V2 (contract 4.4): when required stops happen.
 * @throws ApiError `routeNotFound`: the edition has none
 */
export const quietHours = (calls: Calls, user: string, signal: AbortSignal): Promise<QuietHours> =>
  calls.read(operations.getQuietHours, route`/users/${user}/quiet-hours`, QuietHours.parse, signal);
