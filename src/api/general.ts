import type { Calls } from './calls.ts';
import { decodeObject } from './decode.ts';
import * as operations from './operations.ts';
import { ApplicationHost } from './schemas/general.ts';
import { BuildInfo } from './schemas/users.ts';

/** The deployment itself. */
export class GeneralApi {
  protected readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /**
   * `GET /buildinfo`, both ages, without a token: says whether Coder answers at an address at all (contract 1.8). V0
   * has only `external_url` and `version`; a version of 0.0.0 is unknown, never too old.
   */
  buildInfo(signal: AbortSignal): Promise<BuildInfo> {
    return this.calls.read(
      { operation: operations.buildInfo, path: '/buildinfo', anonymous: true },
      decodeObject(BuildInfo),
      signal,
    );
  }

  /** `GET /applications/host`, both ages: '' or `*.apps.example.com`, for apps on a subdomain (contract 4.4, 7.19). */
  async applicationHost(signal: AbortSignal): Promise<string> {
    const request = { operation: operations.applicationHost, path: '/applications/host' } as const;
    return (await this.calls.read(request, decodeObject(ApplicationHost), signal)).host;
  }
}
