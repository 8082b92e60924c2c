import { route } from '../address.ts';
import { BuildsApi } from '../builds.ts';
import { decodeRows, decodeObject, type Rows } from '../decode.ts';
import * as operations from '../operations.ts';
import { Timings } from '../schemas/agents.ts';
import { ParameterValue } from '../schemas/templates.ts';
import { Build, Resource } from '../schemas/workspaces.ts';
import type { BuildId } from '../units.ts';

/** All that can be asked about builds (contract 2.9–2.13). */
export class WholeBuildsApi extends BuildsApi {
  /** `GET /users/{user}/workspace/{name}/builds/{number}`, both ages (contract 2.9). @throws ApiError `notFound` */
  getByNumber(owner: string, name: string, buildNumber: number, signal: AbortSignal): Promise<Build> {
    const path = route`/users/${owner}/workspace/${name}/builds/${buildNumber}`;
    return this.calls.read({ operation: operations.getBuildByNumber, path }, decodeObject(Build), signal);
  }

  /**
   * `GET /workspacebuilds/{id}/resources`, both ages (contract 2.12); a build that succeeded carries the same.
   * @throws ApiError `notNow`: not known while the job runs (V0 412, V2 400)
   */
  resources(id: BuildId, signal: AbortSignal): Promise<Rows<Resource>> {
    const path = route`/workspacebuilds/${id}/resources`;
    return this.calls.read({ operation: operations.buildResources, path }, decodeRows(Resource), signal);
  }

  /**
   * `GET /workspacebuilds/{id}/state`, both ages: the provisioner's raw state, maybe empty, maybe not JSON. It holds
   * secrets: never looked into, never logged (contract 2.13). V2 gives it only to whoever may change the template
   * (`notFound` for others).
   */
  state(id: BuildId, signal: AbortSignal): Promise<Uint8Array> {
    return this.calls.readBytes(
      { operation: operations.buildState, path: route`/workspacebuilds/${id}/state` },
      signal,
    );
  }

  /**
   * `GET /workspacebuilds/{id}/parameters`, V2 (contract 4.2): the values it was made with.
   * @throws ApiError `routeNotFound` in V0
   */
  parameters(id: BuildId, signal: AbortSignal): Promise<Rows<ParameterValue>> {
    const path = route`/workspacebuilds/${id}/parameters`;
    return this.calls.read({ operation: operations.buildParameters, path }, decodeRows(ParameterValue), signal);
  }

  /** `GET /workspacebuilds/{id}/timings`, V2 (contract 4.4). @throws ApiError `routeNotFound` in V0 */
  timings(id: BuildId, signal: AbortSignal): Promise<Timings> {
    return this.calls.read(
      { operation: operations.getTimings, path: route`/workspacebuilds/${id}/timings` },
      decodeObject(Timings),
      signal,
    );
  }
}
