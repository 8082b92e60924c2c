import type { Calls } from './calls.ts';
import { one } from './decode.ts';
import { ApplicationHost, AuthAnswers, SshSettings, UpdateCheck } from './schemas/general.ts';
import { BuildInfo } from './schemas/users.ts';

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

/** The deployment itself. */
export class GeneralApi {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /**
   * `GET /buildinfo`, both ages, without a token: says whether Coder answers at an address at all (contract 1.8). V0
   * has only `external_url` and `version`; a version of 0.0.0 is unknown, never too old.
   */
  buildInfo(signal: AbortSignal): Promise<BuildInfo> {
    return this.#calls.read({ operation: 'buildInfo', path: '/buildinfo', anonymous: true }, one(BuildInfo), signal);
  }

  /** `GET /updatecheck`, both ages, without a token. Where the check is off the server calls itself current. */
  updateCheck(signal: AbortSignal): Promise<UpdateCheck> {
    return this.#calls.read(
      { operation: 'updateCheck', path: '/updatecheck', anonymous: true },
      one(UpdateCheck),
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
    const request = { operation: 'authCheck', method: 'POST', path: '/authcheck', json: { checks } } as const;
    return this.#calls.read(request, one(AuthAnswers), signal) as Promise<Partial<Record<Key, boolean>>>;
  }

  /** `GET /applications/host`, both ages: '' or `*.apps.example.com`, for apps on a subdomain (contract 4.4, 7.19). */
  async applicationHost(signal: AbortSignal): Promise<string> {
    const request = { operation: 'applicationHost', path: '/applications/host' } as const;
    return (await this.#calls.read(request, one(ApplicationHost), signal)).host;
  }

  /** `GET /deployment/ssh`, V2 (contract 4.4). @throws ApiError `routeNotFound` in V0 */
  sshSettings(signal: AbortSignal): Promise<SshSettings> {
    return this.#calls.read({ operation: 'sshSettings', path: '/deployment/ssh' }, one(SshSettings), signal);
  }
}
