// The deployment itself.
import type { Calls } from './calls.ts';
import * as operations from './operations.ts';
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

/**
 * `GET /buildinfo`, both ages, without a token: says whether Coder answers at an address at all (contract 1.8). V0
 * has only `external_url` and `version`; a version of 0.0.0 is unknown, never too old.
 */
export const buildInfo = (calls: Calls, signal: AbortSignal, timeout?: 'probeHeadersMs'): Promise<BuildInfo> =>
  calls.read(operations.buildInfo, '/buildinfo', BuildInfo.parse, signal, { anonymous: true, timeout });

/** `GET /applications/host`, both ages: '' or `*.apps.example.com`, for apps on a subdomain (contract 4.4, 7.19). */
export const applicationHost = async (calls: Calls, signal: AbortSignal): Promise<string> => {
  const { host } = await calls.read(operations.applicationHost, '/applications/host', ApplicationHost.parse, signal);
  return host;
};

/**
 * `GET /updatecheck`, both ages, without a token (contract 1.8). Where the check is off the server calls itself
 * current.
 */
export const updateCheck = (calls: Calls, signal: AbortSignal): Promise<UpdateCheck> =>
  calls.read(operations.updateCheck, '/updatecheck', UpdateCheck.parse, signal, { anonymous: true });

/**
 * `POST /authcheck`, both ages: what one may do. What cannot be read or does not exist is `false`; at most ten
 * questions may name a `resource_id` (contract 1.10).
 */
export const authCheck = <Key extends string>(
  calls: Calls,
  checks: Readonly<Record<Key, AuthQuestion>>,
  signal: AbortSignal,
): Promise<Readonly<Partial<Record<Key, boolean>>>> => {
  const asked = { method: 'POST', json: { checks } } as const;
  return calls.read(operations.authCheck, '/authcheck', AuthAnswers.parse, signal, asked) as Promise<
    Partial<Record<Key, boolean>>
  >;
};

/** `GET /deployment/ssh`, V2 (contract 4.4). @throws ApiError `routeNotFound` in V0 */
export const sshSettings = (calls: Calls, signal: AbortSignal): Promise<SshSettings> =>
  calls.read(operations.sshSettings, '/deployment/ssh', SshSettings.parse, signal);
