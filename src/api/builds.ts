// Builds (contract 2.9–2.13, 3.3). Errors of all: `notFound` is absent or hidden.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, withSkippedRows, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { Timings } from './schemas/agents.ts';
import { ParameterValue } from './schemas/templateVersions.ts';
import { Build, LogEntry, Resource } from './schemas/workspaces.ts';
import type { BuildId } from './units.ts';

/** `GET /workspacebuilds/{id}` → 200, both ages (contract 2.9). @throws ApiError `notFound` */
export const get = (calls: Calls, id: BuildId, signal: AbortSignal): Promise<Build> =>
  calls.read(operations.getBuild, route`/workspacebuilds/${id}`, Build.parse, signal);

/**
 * `PATCH /workspacebuilds/{id}/cancel` → 200, both ages (contract 2.10). A queued build ends at once; a running one
 * is `canceling`, maybe for long, and usually ends as `failed` with `job.canceled_at`. `expectStatus` (V2; V0 ignores
 * it): only if the job is still like that.
 * @throws ApiError `notNow` (ended, canceled already, or not as expected), `forbidden` (the template forbids it)
 */
export const cancel = (
  calls: Calls,
  id: BuildId,
  { expectStatus }: { readonly expectStatus?: 'pending' | 'running' },
  signal: AbortSignal,
): Promise<void> => {
  const path = route`/workspacebuilds/${id}/cancel`;
  return calls.send(
    { operation: operations.cancelBuild, method: 'PATCH', path, query: { expect_status: expectStatus } },
    signal,
    async (again) => (await get(calls, id, again)).job.canceled_at !== undefined,
  );
};

interface After {
  /** Only entries with a higher id. */
  readonly after?: number | undefined;
}

/**
 * `GET /workspacebuilds/{id}/logs`, both ages: what there is now, ascending (contract 3.3). To follow: `followBuildLog`.
 */
export const logs = async (calls: Calls, id: BuildId, options: After, signal: AbortSignal): Promise<Rows<LogEntry>> => {
  const parts: Rows<LogEntry>[] = [];
  for await (const part of logParts(calls, id, options, signal)) parts.push(part);
  const skippedRows = parts.reduce((sum, part) => sum + part.skippedRows, 0);
  return withSkippedRows(parts.flat(), skippedRows);
};

/**
 * The same, in parts: V0 keeps logs of any length, and each request is read as far as a body may be long; the next one
 * goes on behind the last entry. @throws ApiError `tooLarge` when that does not lead on
 */
export async function* logParts(
  calls: Calls,
  id: BuildId,
  { after }: After,
  signal: AbortSignal,
): AsyncGenerator<Rows<LogEntry>> {
  const operation = operations.buildLogs;
  const path = route`/workspacebuilds/${id}/logs`;
  let last = after;
  for (;;) {
    const query = { after: last };
    const { rows, isCut } = await calls.readPart(operation, path, LogEntry, signal, { query });
    yield rows;
    if (!isCut) return;
    const next = rows.at(-1)?.id ?? 0;
    if (next <= (last ?? 0)) throw calls.failure(operation, 'tooLarge');
    last = next;
  }
}

/** `GET /users/{user}/workspace/{name}/builds/{number}`, both ages (contract 2.9). @throws ApiError `notFound` */
export const getByNumber = (
  calls: Calls,
  owner: string,
  name: string,
  buildNumber: number,
  signal: AbortSignal,
): Promise<Build> => {
  const path = route`/users/${owner}/workspace/${name}/builds/${buildNumber}`;
  return calls.read(operations.getBuildByNumber, path, Build.parse, signal);
};

/**
 * `GET /workspacebuilds/{id}/resources`, both ages (contract 2.12); a build that succeeded carries the same.
 * @throws ApiError `notNow`: not known while the job runs (V0 412, V2 400)
 */
export const resources = (calls: Calls, id: BuildId, signal: AbortSignal): Promise<Rows<Resource>> => {
  const path = route`/workspacebuilds/${id}/resources`;
  return calls.read(operations.buildResources, path, decodeRows(Resource), signal);
};

/**
 * `GET /workspacebuilds/{id}/state`, both ages: the provisioner's raw state, maybe empty, maybe not JSON. It holds
 * secrets: never looked into, never logged (contract 2.13). V2 gives it only to whoever may change the template
 * (`notFound` for others).
 */
export const state = (calls: Calls, id: BuildId, signal: AbortSignal): Promise<Uint8Array> =>
  calls.readBytes(operations.buildState, route`/workspacebuilds/${id}/state`, signal);

/**
 * `GET /workspacebuilds/{id}/parameters`, V2 (contract 4.2): the values it was made with.
 * @throws ApiError `routeNotFound` in V0
 */
export const parameters = (calls: Calls, id: BuildId, signal: AbortSignal): Promise<Rows<ParameterValue>> => {
  const path = route`/workspacebuilds/${id}/parameters`;
  return calls.read(operations.buildParameters, path, decodeRows(ParameterValue), signal);
};

/** `GET /workspacebuilds/{id}/timings`, V2 (contract 4.4). @throws ApiError `routeNotFound` in V0 */
export const timings = (calls: Calls, id: BuildId, signal: AbortSignal): Promise<Timings> =>
  calls.read(operations.getTimings, route`/workspacebuilds/${id}/timings`, Timings.parse, signal);
