import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, decodeObject, type Rows } from './decode.ts';
import { ApiError, type ApiErrorKind } from './errors.ts';
import * as operations from './operations.ts';
import { MadeKey, SessionToken, Token, TokenLimits } from './schemas/tokens.ts';
import { User } from './schemas/users.ts';
import type { Secret } from './secret.ts';
import type { Nanoseconds } from './units.ts';

/** What a token may be asked for with. */
export interface NewToken {
  /** Capped by the server (contract 1.2). */
  readonly lifetime: Nanoseconds;
  /** V2: a name of one's own; taken → `conflict`, validation `name`. */
  readonly name?: string;
  /** `all`, or only for apps of workspaces. */
  readonly scope?: 'all' | 'application_connect';
}

/** Keys and tokens (contract 1.2). A made one is a Secret: it shows only what `reveal()` is asked for. */
export class TokensApi {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /**
   * `POST /users/login` → 201, both ages (contract 1.2).
   * @throws ApiError `unauthorized`: wrong password, or another way to sign in
   */
  async logIn(email: string, password: string, signal: AbortSignal): Promise<Secret> {
    const made = await this.#calls.write(
      { operation: operations.login, method: 'POST', path: '/users/login', json: { email, password }, anonymous: true },
      decodeObject(SessionToken),
      signal,
    );
    return made.session_token;
  }

  /** `POST /users/logout`, both ages → 200: the token in use is over (contract 1.2). */
  logOut(signal: AbortSignal): Promise<void> {
    const request = { operation: operations.logOut, method: 'POST', path: '/users/logout' } as const;
    return this.#calls.send(request, signal, (again) =>
      refusedAs(
        'unauthorized',
        this.#calls.read({ operation: operations.getMe, path: '/users/me' }, decodeObject(User), again),
      ),
    );
  }

  /**
   * `POST /users/{user}/keys` → 201, both ages (contract 1.2): a short key, seven days by default; its life slides
   * while it is used.
   */
  async makeKey(user: string, signal: AbortSignal): Promise<Secret> {
    const request = { operation: operations.createToken, method: 'POST', path: route`/users/${user}/keys` } as const;
    return (await this.#calls.write(request, decodeObject(MadeKey), signal)).key;
  }

  /**
   * `POST /users/{user}/keys/tokens` → 201, both ages (contract 1.2); its life, in nanoseconds, does not slide in V2.
   * @throws ApiError `invalid`: longer than allowed; `conflict` (validation `name`: taken)
   */
  async make(user: string, token: NewToken, signal: AbortSignal): Promise<Secret> {
    const json = { lifetime: token.lifetime, scope: token.scope, token_name: token.name };
    const request = {
      operation: operations.createToken,
      method: 'POST',
      path: route`/users/${user}/keys/tokens`,
      json,
    } as const;
    return (await this.#calls.write(request, decodeObject(MadeKey), signal)).key;
  }

  /** `GET /users/{user}/keys/tokens`, both ages (contract 1.2); `null` for none. V0 lists those of all users. */
  list(user: string, signal: AbortSignal): Promise<Rows<Token>> {
    return this.#calls.read(
      { operation: operations.listTokens, path: route`/users/${user}/keys/tokens` },
      decodeRows(Token),
      signal,
    );
  }

  /** `DELETE /users/{user}/keys/{id}` → 204, both ages (contract 1.2). @throws ApiError `notFound` */
  revoke(user: string, id: string, signal: AbortSignal): Promise<void> {
    const path = route`/users/${user}/keys/${id}`;
    const request = { operation: operations.revokeToken, path };
    return this.#calls.send({ ...request, method: 'DELETE' }, signal, (again) =>
      refusedAs('notFound', this.#calls.read(request, decodeObject(Token), again)),
    );
  }

  /**
   * `GET /users/{user}/keys/tokens/tokenconfig`, V2 (contract 1.2): the longest life, in nanoseconds.
   * @throws ApiError `routeNotFound` in V0
   */
  limits(user: string, signal: AbortSignal): Promise<TokenLimits> {
    return this.#calls.read(
      { operation: operations.tokenLimits, path: route`/users/${user}/keys/tokens/tokenconfig` },
      decodeObject(TokenLimits),
      signal,
    );
  }
}

/** Whether that is how `asking` is refused. */
const refusedAs = async (kind: ApiErrorKind, asking: Promise<unknown>): Promise<boolean> => {
  try {
    await asking;
    return false;
  } catch (error) {
    if (error instanceof ApiError && error.kind === kind) return true;
    throw error;
  }
};
