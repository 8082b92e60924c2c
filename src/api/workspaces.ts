import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeEach, decodeObject } from './decode.ts';
import { ApiError } from './errors.ts';
import * as operations from './operations.ts';
import {
  createBuildBody,
  createWorkspaceBody,
  type CreateBuildRequest,
  type CreateWorkspaceRequest,
  type Page,
} from './requests.ts';
import { Build, Workspace, WorkspacesEnvelope } from './schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from './units.ts';
import { watchWorkspace, type WatchEvent } from './watch.ts';

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
 * Workspaces (contract 2). Errors of all: `notFound` is absent or hidden; `forbidden`, `conflict`, `invalid` and
 * `notNow` carry the server's words and its `validations`.
 */
export class WorkspacesApi {
  protected readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /**
   * `GET /workspaces?q&limit&offset`, both ages (contract 2.4). Filters go into `q` (`owner:me name:dev`); V0 ignores a
   * key that it does not know, V2 refuses it (`invalid`).
   */
  list({ q, limit, offset }: Page & { readonly q?: string }, signal: AbortSignal): Promise<WorkspaceList> {
    return this.calls.read(
      {
        operation: operations.listWorkspaces,
        path: '/workspaces',
        query: { q, limit, offset },
        patience: 'listHeadersMs',
      },
      async (value) => {
        const envelope = decodeObject(WorkspacesEnvelope)(value);
        const workspaces = await decodeEach(Workspace, envelope.workspaces ?? []);
        return { workspaces, count: envelope.count, skippedRows: workspaces.skippedRows };
      },
      signal,
    );
  }

  /**
   * All that match, by `list`, a hundred at a time (contract 2.4). V2 may send short pages: it drops rows whose
   * template is hidden.
   */
  async *pages({ q }: { readonly q?: string }, signal: AbortSignal): AsyncGenerator<WorkspaceList> {
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const page = await this.list({ ...(q === undefined ? {} : { q }), limit: PAGE_ROWS, offset }, signal);
      yield page;
      if (offset + PAGE_ROWS >= page.count) return;
    }
  }

  /** `GET /workspaces/{id}`, both ages (contract 2.3). @throws ApiError `gone`: deleted and not asked for */
  get(id: WorkspaceId, { includeDeleted }: Included, signal: AbortSignal): Promise<Workspace> {
    const query = { include_deleted: includeDeleted === true ? 'true' : undefined };
    return this.calls.read(
      { operation: operations.getWorkspace, path: route`/workspaces/${id}`, query },
      decodeObject(Workspace),
      signal,
    );
  }

  /**
   * `GET /users/{user}/workspace/{name}`, both ages (contract 2.2): upper and lower case are one; with the flag also
   * the last deleted one of that name.
   * @throws ApiError `notFound`: absent, deleted or hidden
   */
  getByOwnerAndName(
    owner: string,
    name: string,
    { includeDeleted }: Included,
    signal: AbortSignal,
  ): Promise<Workspace> {
    const query = { include_deleted: includeDeleted === true ? 'true' : undefined };
    return this.calls.read(
      { operation: operations.getWorkspaceByName, path: route`/users/${owner}/workspace/${name}`, query },
      decodeObject(Workspace),
      signal,
    );
  }

  /**
   * `POST /users/{user}/workspaces` (V2); where that route is unknown,
   * `POST /organizations/{id}/members/{user}/workspaces` (V0) → 201 (contract 2.1). `template_version_name` and the
   * resources are still empty; V2 may hand over a prebuilt workspace that is older than the request.
   * @throws ApiError `conflict` (validation `name`: taken), `invalid`, `notNow` (importing), `forbidden`, `notFound`
   */
  async create(request: CreateWorkspaceRequest, signal: AbortSignal): Promise<Workspace> {
    const { features } = this.calls;
    const owner = request.owner ?? 'me';
    const userRoute = route`/users/${owner}/workspaces`;
    const organizationRoute = route`/organizations/${request.organizationId}/members/${owner}/workspaces`;
    if (features.createRoute !== 'organization') {
      try {
        const created = await this.#create(userRoute, owner, request, signal);
        features.createRoute = 'user';
        return created;
      } catch (error) {
        if (!(error instanceof ApiError) || !isUnknownRoute(error)) throw error;
        features.createRoute = 'organization';
      }
    }
    return this.#create(organizationRoute, owner, request, signal);
  }

  #create(path: string, owner: string, request: CreateWorkspaceRequest, signal: AbortSignal): Promise<Workspace> {
    const since = this.calls.clock.now() - CLOCK_SLACK_MS;
    return this.calls.write(
      { operation: operations.createWorkspace, method: 'POST', path, json: createWorkspaceBody(request) },
      decodeObject(Workspace),
      signal,
      (again) =>
        absentAsUndefined(async () => {
          const found = await this.getByOwnerAndName(owner, request.name, {}, again);
          const { created_at = 0 } = found.latest_build;
          return found.template_id === request.templateId && created_at >= since ? found : undefined;
        }),
    );
  }

  /**
   * `PUT /workspaces/{id}/extend` → 200, both ages (contract 2.8). Moves the deadline of the running build, also
   * forward; at least 30 minutes from now by the server's clock, in V2 at most `max_deadline`.
   * @throws ApiError `conflict` (not started, still building, no deadline), `invalid` (too soon, too late)
   */
  extend(id: WorkspaceId, deadline: EpochMs, signal: AbortSignal): Promise<void> {
    const json = { deadline: new Date(deadline).toISOString() };
    return this.change(
      operations.extend,
      'PUT',
      id,
      '/extend',
      json,
      signal,
      ({ latest_build: build }) => Math.abs((build.deadline ?? 0) - deadline) < 1000,
    );
  }

  /**
   * `GET /workspaces/{id}/watch`, both ages, else `…/watch-ws` (contract 3.1, 3.2): `open`, then the workspace as it is
   * and each time it changes. Never ends by itself.
   * @throws ApiError when refused or lost
   */
  watch(id: WorkspaceId, signal: AbortSignal): AsyncGenerator<WatchEvent, never> {
    return watchWorkspace(this.calls, id, signal);
  }

  /**
   * `POST /workspaces/{id}/builds` → 201, both ages (contract 2.14). `template_version_name` and the resources are
   * still empty.
   * @throws ApiError `conflict` (another build is active), `invalid`, `notNow` (importing), `forbidden`
   */
  createBuild(id: WorkspaceId, request: CreateBuildRequest, signal: AbortSignal): Promise<Build> {
    const since = this.calls.clock.now() - CLOCK_SLACK_MS;
    return this.calls.write(
      {
        operation: operations.createBuild,
        method: 'POST',
        path: route`/workspaces/${id}/builds`,
        json: createBuildBody(request),
      },
      decodeObject(Build),
      signal,
      async (again) => {
        const { latest_build: latest } = await this.get(id, { includeDeleted: true }, again);
        const isOurs = latest.transition === request.transition && (latest.created_at ?? 0) >= since;
        return isOurs ? latest : undefined;
      },
    );
  }

  /** A write of one setting; a lost answer is read back. */
  protected change(
    operation: operations.Operation,
    method: 'PATCH' | 'PUT',
    id: WorkspaceId,
    below: string,
    json: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    isSo: (workspace: Workspace) => boolean,
  ): Promise<void> {
    const path = route`/workspaces/${id}` + below;
    return this.calls.send({ operation, method, path, json }, signal, async (again) =>
      isSo(await this.get(id, {}, again)),
    );
  }
}

/** V0 answers the user's route with 404 `Route not found.` or, as the path is known for reading, 405. */
const isUnknownRoute = (error: ApiError): boolean => error.kind === 'routeNotFound' || error.status === 405;

const absentAsUndefined = async <T>(read: () => Promise<T | undefined>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'notFound') return undefined;
    throw error;
  }
};
