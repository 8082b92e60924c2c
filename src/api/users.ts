import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, decodeObject, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { Organization, User } from './schemas/users.ts';

/** A user is named by id, by name, or as `me`. Who is unknown is 400 in some ages and 404 in others (contract 1.2). */
export class UsersApi {
  protected readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** `GET /users/me`, both ages (contract 1.8). @throws ApiError `unauthorized`: the token is not accepted */
  me(signal: AbortSignal): Promise<User> {
    return this.calls.read({ operation: operations.getMe, path: '/users/me' }, decodeObject(User), signal);
  }

  /** `GET /users/{user}/organizations`, both ages; V0 knows only id and name (contract 1.8). */
  organizations(user: string, signal: AbortSignal): Promise<Rows<Organization>> {
    return this.calls.read(
      { operation: operations.listOrganizations, path: route`/users/${user}/organizations` },
      decodeRows(Organization),
      signal,
    );
  }
}
