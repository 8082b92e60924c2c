// Keys and tokens (contract 1.2). A made one is a Secret: it shows only what `reveal()` is asked for.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, type Rows } from './decode.ts';
import { isOfKind, type ApiErrorKind } from './errors.ts';
import * as operations from './operations.ts';
import { MadeKey, SessionToken, Token, TokenLimits } from './schemas/tokens.ts';
import type { Secret } from './secret.ts';
import type { Nanoseconds } from './units.ts';
import * as users from './users.ts';

/** What a token may be asked for with. */
export interface NewToken {
  /** Capped by the server (contract 1.2). */
  readonly lifetime: Nanoseconds;
  /** V2: a name of one's own; taken → `conflict`, validation `name`. */
  readonly name?: string;
  /** `all`, or only for apps of workspaces. */
  readonly scope?: 'all' | 'application_connect';
}

/**
 * `POST /users/login` → 201, both ages (contract 1.2).
 * @throws ApiError `unauthorized`: wrong password, or another way to sign in
 */
export const logIn = async (calls: Calls, email: string, password: string, signal: AbortSignal): Promise<Secret> => {
  const made = await calls.write(
    { operation: operations.login, method: 'POST', path: '/users/login', json: { email, password }, anonymous: true },
    SessionToken.parse,
    signal,
  );
  return made.session_token;
};

/** `POST /users/logout`, both ages → 200: the token in use is over (contract 1.2). */
export const logOut = (calls: Calls, signal: AbortSignal): Promise<void> => {
  const request = { operation: operations.logOut, method: 'POST', path: '/users/logout' } as const;
  return calls.send(request, signal, (again) => refusedAs('unauthorized', users.me(calls, again)));
};

/**
 * `POST /users/{user}/keys` → 201, both ages (contract 1.2): a short key, seven days by default; its life slides
 * while it is used.
 */
export const makeKey = async (calls: Calls, user: string, signal: AbortSignal): Promise<Secret> => {
  const request = { operation: operations.createToken, method: 'POST', path: route`/users/${user}/keys` } as const;
  return (await calls.write(request, MadeKey.parse, signal)).key;
};

/**
 * `POST /users/{user}/keys/tokens` → 201, both ages (contract 1.2); its life, in nanoseconds, does not slide in V2.
 * @throws ApiError `invalid`: longer than allowed; `conflict` (validation `name`: taken)
 */
export const make = async (calls: Calls, user: string, token: NewToken, signal: AbortSignal): Promise<Secret> => {
  const json = { lifetime: token.lifetime, scope: token.scope, token_name: token.name };
  const request = {
    operation: operations.createToken,
    method: 'POST',
    path: route`/users/${user}/keys/tokens`,
    json,
  } as const;
  return (await calls.write(request, MadeKey.parse, signal)).key;
};

/** `GET /users/{user}/keys/tokens`, both ages (contract 1.2); `null` for none. V0 lists those of all users. */
export const list = (calls: Calls, user: string, signal: AbortSignal): Promise<Rows<Token>> =>
  calls.read(operations.listTokens, route`/users/${user}/keys/tokens`, decodeRows(Token), signal);

/** `DELETE /users/{user}/keys/{id}` → 204, both ages (contract 1.2). @throws ApiError `notFound` */
export const revoke = (calls: Calls, user: string, id: string, signal: AbortSignal): Promise<void> => {
  const path = route`/users/${user}/keys/${id}`;
  const operation = operations.revokeToken;
  return calls.send({ operation, path, method: 'DELETE' }, signal, (again) =>
    refusedAs('notFound', calls.read(operation, path, Token.parse, again)),
  );
};

/**
 * `GET /users/{user}/keys/tokens/tokenconfig`, V2 (contract 1.2): the longest life, in nanoseconds.
 * @throws ApiError `routeNotFound` in V0
 */
export const limits = (calls: Calls, user: string, signal: AbortSignal): Promise<TokenLimits> =>
  calls.read(operations.tokenLimits, route`/users/${user}/keys/tokens/tokenconfig`, TokenLimits.parse, signal);

/** Whether that is how `asking` is refused. */
const refusedAs = async (kind: ApiErrorKind, asking: Promise<unknown>): Promise<boolean> => {
  try {
    await asking;
    return false;
  } catch (error) {
    if (isOfKind(error, kind)) return true;
    throw error;
  }
};
