// Workspaces (contract 2). Errors of all: `notFound` is absent or hidden; `forbidden`, `conflict`, `invalid` and `notNow`
// carry the server's words and its `validations`. As they change: watch.ts; what is set of one: workspaceSettings.ts.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { Elapsed } from './clock.ts';
import { decodeEach, decodeRows, rowsOf, type Rows } from './decode.ts';
import { isOfKind, type ApiError } from './errors.ts';
import * as operations from './operations.ts';
import {
  createBuildBody,
  createWorkspaceBody,
  type BuildsPage,
  type CreateBuildRequest,
  type CreateWorkspaceRequest,
  type Page,
} from './requests.ts';
import { AutostartResolution, Timings } from './schemas/agents.ts';
import { Build, Workspace, WorkspacesEnvelope } from './schemas/workspaces.ts';
import type { AgentId, WorkspaceId } from './units.ts';

export interface WorkspaceList {
  readonly workspaces: readonly Workspace[];
  /** All that match, also on other pages; V0 says 0 beyond the last page. */
  readonly count: number;
  /** Rows that could not be read. */
  readonly skippedRows: number;
}

interface Included {
  readonly includeDeleted?: boolean;
}

const PAGE_ROWS = 100;

/** The `Date` header has whole seconds, so a moment of the server is known to a second or two. */
const CLOCK_SLACK_MS = 2000;

/**
 * `GET /workspaces?q&limit&offset`, both ages (contract 2.4). Filters go into `q` (`owner:me name:dev`); V0 ignores a
 * key that it does not know, V2 refuses it (`invalid`). Without one, all that one may see is listed.
 */
export const list = (
  calls: Calls,
  { q, limit, offset }: Page & { readonly q?: string | undefined },
  signal: AbortSignal,
): Promise<WorkspaceList> =>
  calls.read(
    operations.listWorkspaces,
    '/workspaces',
    async (value) => {
      const envelope = WorkspacesEnvelope.parse(value);
      const workspaces = await decodeEach(Workspace, rowsOf(envelope.workspaces, envelope.count));
      if (workspaces[0] !== undefined) calls.features.observeWorkspace(workspaces[0]);
      return { workspaces, count: envelope.count ?? 0, skippedRows: workspaces.skippedRows };
    },
    signal,
    { query: { q: q === '' ? undefined : q, limit, offset }, timeout: 'listHeadersMs' },
  );

/** The failure of a list in which no row could be read. */
export const unreadableList = (calls: Calls): ApiError => calls.failure(operations.listWorkspaces, 'unreadable');

/**
 * All that match, by `list`, a hundred at a time (contract 2.4). V2 may send short pages: it drops rows whose
 * template is hidden.
 */
export async function* pages(
  calls: Calls,
  { q }: { readonly q?: string },
  signal: AbortSignal,
): AsyncGenerator<WorkspaceList> {
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const page = await list(calls, { q, limit: PAGE_ROWS, offset }, signal);
    yield page;
    if (offset + PAGE_ROWS >= page.count) return;
  }
}

/** `GET /workspaces/{id}`, both ages (contract 2.3). @throws ApiError `gone`: deleted and not asked for */
export const get = (calls: Calls, id: WorkspaceId, included: Included, signal: AbortSignal): Promise<Workspace> =>
  readOne(calls, operations.getWorkspace, route`/workspaces/${id}`, included, signal);

/**
 * `GET /users/{user}/workspace/{name}`, both ages (contract 2.2): upper and lower case are one; with the flag also
 * the last deleted one of that name.
 * @throws ApiError `notFound`: absent, deleted or hidden
 */
export const getByOwnerAndName = (
  calls: Calls,
  owner: string,
  name: string,
  included: Included,
  signal: AbortSignal,
): Promise<Workspace> =>
  readOne(calls, operations.getWorkspaceByName, route`/users/${owner}/workspace/${name}`, included, signal);

const readOne = (
  calls: Calls,
  operation: operations.Operation,
  path: string,
  { includeDeleted }: Included,
  signal: AbortSignal,
): Promise<Workspace> => {
  const query = { include_deleted: includeDeleted === true ? 'true' : undefined };
  return calls.read(operation, path, Workspace.parse, signal, { query });
};

/**
 * `POST /users/{user}/workspaces` (V2); where that route is unknown,
 * `POST /organizations/{id}/members/{user}/workspaces` (V0) → 201 (contract 2.1). `template_version_name` and the
 * resources are still empty; V2 may hand over a prebuilt workspace that is older than the request.
 * @throws ApiError `conflict` (validation `name`: taken), `invalid`, `notNow` (importing), `forbidden`, `notFound`
 */
export const create = async (
  calls: Calls,
  request: CreateWorkspaceRequest,
  signal: AbortSignal,
): Promise<Workspace> => {
  const owner = request.owner ?? 'me';
  const create = (path: string): Promise<Workspace> => createAt(calls, path, owner, request, signal);
  const created = calls.features.tryRoute(operations.createWorkspace, () => create(route`/users/${owner}/workspaces`));
  return (await created) ?? create(route`/organizations/${request.organizationId}/members/${owner}/workspaces`);
};

const createAt = (
  calls: Calls,
  path: string,
  owner: string,
  request: CreateWorkspaceRequest,
  signal: AbortSignal,
): Promise<Workspace> => {
  const asked = new Elapsed();
  return calls.write(
    { operation: operations.createWorkspace, method: 'POST', path, json: createWorkspaceBody(request) },
    Workspace.parse,
    signal,
    (again) =>
      absentAsUndefined(async () => {
        const found = await getByOwnerAndName(calls, owner, request.name, {}, again);
        const { created_at = 0 } = found.latest_build;
        // The answer that `found` came with has corrected a clock that was set meanwhile.
        const since = calls.clock.now() - asked.ms - CLOCK_SLACK_MS;
        const isNew = !calls.clock.isKnown || created_at >= since;
        return found.template_id === request.templateId && isNew ? found : undefined;
      }),
  );
};

/**
 * `POST /workspaces/{id}/builds` → 201, both ages (contract 2.14). `template_version_name` and the resources are
 * still empty.
 * @throws ApiError `conflict` (another build is active), `invalid`, `notNow` (importing), `forbidden`
 */
export const createBuild = (
  calls: Calls,
  id: WorkspaceId,
  request: CreateBuildRequest,
  signal: AbortSignal,
): Promise<Build> => {
  const { afterBuild } = request;
  return calls.write(
    {
      operation: operations.createBuild,
      method: 'POST',
      path: route`/workspaces/${id}/builds`,
      json: createBuildBody(request),
    },
    Build.parse,
    signal,
    afterBuild === undefined
      ? undefined
      : async (again) => {
          const workspace = await get(calls, id, { includeDeleted: true }, again);
          return madeAfter(calls, workspace, afterBuild, request.transition, again);
        },
  );
};

/**
 * The last build of `workspace` with this transition after the one with the number `afterBuild`. It need not be the latest:
 * a start may have followed a stop meanwhile, also by the server itself (contract 2.14).
 * @throws ApiError
 */
export const madeAfter = async (
  calls: Calls,
  { id, latest_build: latest }: Workspace,
  afterBuild: number,
  transition: CreateBuildRequest['transition'],
  signal: AbortSignal,
): Promise<Build | undefined> => {
  const limit = latest.build_number - afterBuild;
  if (limit <= 0) return undefined;
  const newer = latest.transition === transition ? [latest] : await builds(calls, id, { limit }, signal);
  return newer.find((each) => each.transition === transition && each.build_number > afterBuild);
};

/** `GET /workspaces/{id}/builds`, both ages, newest first; page by `offset` (contract 2.9, 7.32). */
export const builds = (
  calls: Calls,
  id: WorkspaceId,
  { limit, offset, since }: BuildsPage,
  signal: AbortSignal,
): Promise<Rows<Build>> => {
  const query = { limit, offset, since: since === undefined ? undefined : new Date(since).toISOString() };
  return calls.read(operations.listBuilds, route`/workspaces/${id}/builds`, decodeRows(Build), signal, { query });
};

/** `GET /workspaces/{id}/timings`, V2 (contract 4.4): of the latest build. */
export const timings = (calls: Calls, id: WorkspaceId, signal: AbortSignal): Promise<Timings> =>
  calls.read(operations.getTimings, route`/workspaces/${id}/timings`, Timings.parse, signal);

/**
 * `GET /workspaces/{id}/resolve-autostart`, V2 (contract 4.4): whether the next autostart would need parameter values
 * that are missing.
 */
export const autostartNeedsInput = async (calls: Calls, id: WorkspaceId, signal: AbortSignal): Promise<boolean> => {
  const path = route`/workspaces/${id}/resolve-autostart`;
  return (await calls.read(operations.resolveAutostart, path, AutostartResolution.parse, signal)).parameter_mismatch;
};

/** `POST /workspaces/{id}/usage` → 204, V2 (contract 4.4): somebody is using it now, which may move its deadline. */
export const reportUsage = (
  calls: Calls,
  id: WorkspaceId,
  agentId: AgentId | undefined,
  signal: AbortSignal,
): Promise<void> => {
  const json = agentId === undefined ? undefined : { agent_id: agentId, app_name: 'vscode' };
  return calls.send(
    { operation: operations.reportUsage, method: 'POST', path: route`/workspaces/${id}/usage`, json },
    signal,
  );
};

const absentAsUndefined = async <T>(read: () => Promise<T | undefined>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (isOfKind(error, 'notFound')) return undefined;
    throw error;
  }
};
