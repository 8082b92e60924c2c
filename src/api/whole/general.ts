import { decodeObject } from '../decode.ts';
import { GeneralApi } from '../general.ts';
import * as operations from '../operations.ts';
import { AuthAnswers, SshSettings, UpdateCheck } from '../schemas/general.ts';

/** One question of `authCheck`; `owner_id` may be `me` (contract 1.10). */
export interface AuthQuestion {
  readonly action: string;
  readonly object: {
    readonly resource_type: string;
    readonly owner_id?: string;
    readonly organization_id?: string;
    readonly resource_id?: string;
  };
}

/** All that can be asked about the deployment itself. */
export class WholeGeneralApi extends GeneralApi {
  /**
   * `GET /updatecheck`, both ages, without a token (contract 1.8). Where the check is off the server calls itself
   * current.
   */
  updateCheck(signal: AbortSignal): Promise<UpdateCheck> {
    return this.calls.read(
      { operation: operations.updateCheck, path: '/updatecheck', anonymous: true },
      decodeObject(UpdateCheck),
      signal,
    );
  }

  /**
   * `POST /authcheck`, both ages: what one may do. What cannot be read or does not exist is `false`; at most ten
   * questions may name a `resource_id` (contract 1.10).
   */
  authCheck<Key extends string>(
    checks: Readonly<Record<Key, AuthQuestion>>,
    signal: AbortSignal,
  ): Promise<Readonly<Partial<Record<Key, boolean>>>> {
    const request = { operation: operations.authCheck, method: 'POST', path: '/authcheck', json: { checks } } as const;
    return this.calls.read(request, decodeObject(AuthAnswers), signal) as Promise<Partial<Record<Key, boolean>>>;
  }

  /** `GET /deployment/ssh`, V2 (contract 4.4). @throws ApiError `routeNotFound` in V0 */
  sshSettings(signal: AbortSignal): Promise<SshSettings> {
    return this.calls.read(
      { operation: operations.sshSettings, path: '/deployment/ssh' },
      decodeObject(SshSettings),
      signal,
    );
  }
}
