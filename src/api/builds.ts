import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeObject, type Rows } from './decode.ts';
import { readLog } from './logs.ts';
import * as operations from './operations.ts';
import { Build, type LogEntry } from './schemas/workspaces.ts';
import type { BuildId } from './units.ts';

/** Builds (contract 2.9–2.11, 3.3). Errors of all: `notFound` is absent or hidden. */
export class BuildsApi {
  protected readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** `GET /workspacebuilds/{id}` → 200, both ages (contract 2.9). @throws ApiError `notFound` */
  get(id: BuildId, signal: AbortSignal): Promise<Build> {
    return this.calls.read(
      { operation: operations.getBuild, path: route`/workspacebuilds/${id}` },
      decodeObject(Build),
      signal,
    );
  }

  /**
   * `PATCH /workspacebuilds/{id}/cancel` → 200, both ages (contract 2.10). A queued build ends at once; a running one
   * is `canceling`, maybe for long, and usually ends as `failed` with `job.canceled_at`. `expectStatus` (V2; V0 ignores
   * it): only if the job is still like that.
   * @throws ApiError `notNow` (ended, canceled already, or not as expected), `forbidden` (the template forbids it)
   */
  cancel(
    id: BuildId,
    { expectStatus }: { readonly expectStatus?: 'pending' | 'running' },
    signal: AbortSignal,
  ): Promise<void> {
    const path = route`/workspacebuilds/${id}/cancel`;
    return this.calls.send(
      { operation: operations.cancelBuild, method: 'PATCH', path, query: { expect_status: expectStatus } },
      signal,
      async (again) => (await this.get(id, again)).job.canceled_at !== undefined,
    );
  }

  /**
   * `GET /workspacebuilds/{id}/logs`, both ages: what there is now, ascending; `after` is an entry's id, exclusive
   * (contract 3.3). To follow: `followBuildLog`.
   */
  logs(id: BuildId, { after }: { readonly after?: number }, signal: AbortSignal): Promise<Rows<LogEntry>> {
    return readLog(this.calls, id, after, signal);
  }
}
