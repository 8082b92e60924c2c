import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { many, one, type Rows } from './decode.ts';
import { readLog } from './logs.ts';
import { Timings } from './schemas/agents.ts';
import { ParameterValue } from './schemas/templates.ts';
import { Build, Resource, type LogEntry } from './schemas/workspaces.ts';
import type { BuildId } from './units.ts';

/** Builds (contract 2.9–2.13, 3.3). Errors of all: `notFound` is absent or hidden. */
export class BuildsApi {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** `GET /workspacebuilds/{id}`, both ages. */
  get(id: BuildId, signal: AbortSignal): Promise<Build> {
    return this.#calls.read({ operation: 'getBuild', path: route`/workspacebuilds/${id}` }, one(Build), signal);
  }

  /** `GET /users/{user}/workspace/{name}/builds/{number}`, both ages. */
  getByNumber(owner: string, name: string, buildNumber: number, signal: AbortSignal): Promise<Build> {
    const path = route`/users/${owner}/workspace/${name}/builds/${buildNumber}`;
    return this.#calls.read({ operation: 'getBuildByNumber', path }, one(Build), signal);
  }

  /**
   * `PATCH /workspacebuilds/{id}/cancel` → 200, both ages (contract 2.10). A queued build ends at once; a running one is
   * `canceling`, maybe for long, and usually ends as `failed` with `job.canceled_at`. `expectStatus` (V2; V0 ignores
   * it): only if the job is still like that.
   * @throws ApiError `notNow` (ended, canceled already, or not as expected), `forbidden` (the template forbids it)
   */
  cancel(
    id: BuildId,
    { expectStatus }: { readonly expectStatus?: 'pending' | 'running' },
    signal: AbortSignal,
  ): Promise<void> {
    const path = route`/workspacebuilds/${id}/cancel`;
    return this.#calls.send(
      { operation: 'cancelBuild', method: 'PATCH', path, query: { expect_status: expectStatus } },
      signal,
      async (again) => (await this.get(id, again)).job.canceled_at !== undefined,
    );
  }

  /**
   * `GET /workspacebuilds/{id}/logs`, both ages: what there is now, ascending; `after` is an entry's id, exclusive
   * (contract 3.3). To follow: `followBuildLog`.
   */
  logs(id: BuildId, { after }: { readonly after?: number }, signal: AbortSignal): Promise<Rows<LogEntry>> {
    return readLog(this.#calls, id, after, signal);
  }

  /**
   * `GET /workspacebuilds/{id}/resources`, both ages (contract 2.12); a build that succeeded carries the same.
   * @throws ApiError `notNow`: not known while the job runs (V0 412, V2 400)
   */
  resources(id: BuildId, signal: AbortSignal): Promise<Rows<Resource>> {
    const path = route`/workspacebuilds/${id}/resources`;
    return this.#calls.read({ operation: 'buildResources', path }, many(Resource), signal);
  }

  /**
   * `GET /workspacebuilds/{id}/state`, both ages: the provisioner's raw state, maybe empty, maybe not JSON. It holds
   * secrets: never looked into, never logged (contract 2.13). V2 gives it only to whoever may change the template
   * (`notFound` for others).
   */
  state(id: BuildId, signal: AbortSignal): Promise<Uint8Array> {
    return this.#calls.readBytes({ operation: 'buildState', path: route`/workspacebuilds/${id}/state` }, signal);
  }

  /** `GET /workspacebuilds/{id}/parameters`, V2: the values it was made with. @throws ApiError `routeNotFound` in V0 */
  parameters(id: BuildId, signal: AbortSignal): Promise<Rows<ParameterValue>> {
    const path = route`/workspacebuilds/${id}/parameters`;
    return this.#calls.read({ operation: 'buildParameters', path }, many(ParameterValue), signal);
  }

  /** `GET /workspacebuilds/{id}/timings`, V2. @throws ApiError `routeNotFound` in V0 */
  timings(id: BuildId, signal: AbortSignal): Promise<Timings> {
    return this.#calls.read(
      { operation: 'getTimings', path: route`/workspacebuilds/${id}/timings` },
      one(Timings),
      signal,
    );
  }
}
