import * as builds from '../../src/api/builds.ts';
import type { CoderClient } from '../../src/api/client.ts';
import { ApiError } from '../../src/api/errors.ts';
import type { CreateBuildRequest, CreateWorkspaceRequest } from '../../src/api/requests.ts';
import type { Template } from '../../src/api/schemas/templates.ts';
import { hasEnded } from '../../src/api/buildEnd.ts';
import type { Build, Workspace } from '../../src/api/schemas/workspaces.ts';
import { hours, type BuildId, type WorkspaceId } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { skip } from './check.ts';
import type { Facts, Role } from './facts.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import { valuesFor } from './parameters.ts';
import { poll } from './poll.ts';

type More = Partial<Omit<CreateWorkspaceRequest, 'name' | 'templateId' | 'organizationId' | 'owner'>>;

/** For a build that is under way, the best first: the later ones may end before everything was asked. */
const busyRoles: readonly Role[] = ['hang', 'slow', 'no-cancel', 'dev'];

/** Makes workspaces, and keeps those that several checks look at: each is made when first asked for. */
export class Workspaces {
  readonly #client: CoderClient;
  readonly #facts: Facts;
  readonly #limits: Limits;
  readonly #ledger: Ledger;
  readonly #signal: AbortSignal;
  readonly #kept = new Map<string, Promise<unknown>>();
  #count = 0;
  #busy: WorkspaceId | undefined;

  /** `signal` ends the run: kept workspaces outlive the check that asked first. */
  constructor(client: CoderClient, facts: Facts, limits: Limits, ledger: Ledger, signal: AbortSignal) {
    this.#client = client;
    this.#facts = facts;
    this.#limits = limits;
    this.#ledger = ledger;
    this.#signal = signal;
  }

  /** What the names of all of them have in common. */
  get commonName(): string {
    return this.#ledger.common;
  }

  /** A name that nobody has, valid if `purpose` is. */
  nameFor(purpose: string): string {
    return this.#ledger.nameFor(purpose);
  }

  template(role: Role): Template {
    return this.#facts.templates.get(role) ?? skip(`there is no template “${role}” here`);
  }

  /** Asks for a workspace of that template, and gives the answer as it came. */
  async make(role: Role, more: More = {}): Promise<Workspace> {
    const template = this.template(role);
    const parameters = await valuesFor(this.#client, template, this.#facts.me.id, this.#signal);
    this.#count += 1;
    return this.request({ ...this.requestFor(template, this.nameFor(`${role}-${this.#count}`)), parameters, ...more });
  }

  /** What is sent for a workspace of that template, still without values. */
  requestFor(template: Template, name: string): CreateWorkspaceRequest {
    const organizationId =
      template.organization_id ?? skip(`nobody says to which organization ${template.name} belongs`);
    return {
      organizationId,
      templateId: template.id,
      name,
      parameters: { kind: this.#facts.age === 'document' ? 'legacy' : 'rich', values: [] },
      ...(template.allow_user_autostop === false ? {} : { ttlMs: hours(8) }),
    };
  }

  /** Sends it; whatever comes of it is deleted at the end. */
  async request(request: CreateWorkspaceRequest): Promise<Workspace> {
    this.#ledger.expect(request.name);
    try {
      const made = await workspaces.create(this.#client.calls, request, this.#signal);
      this.#ledger.add(made);
      return made;
    } catch (error) {
      if (error instanceof ApiError && error.status !== undefined && !error.maybeDone)
        this.#ledger.forget(request.name);
      throw error;
    }
  }

  /** The answer to the request for the workspace that `running` gives. */
  created(): Promise<Workspace> {
    return this.keep('created', () => this.make('dev'));
  }

  /** Of the usual template; started, and not stopped by any check. */
  running(): Promise<Workspace> {
    return this.keep('running', async () => this.started(await this.created()));
  }

  /** Of the usual template; whoever starts it stops it again. */
  stopped(): Promise<Workspace> {
    return this.keep('stopped', async () => {
      const { id } = await this.started(await this.make('dev'));
      return this.build(id, { transition: 'stop' });
    });
  }

  deleted(): Promise<Workspace> {
    return this.keep('deleted', async () => {
      const { id } = await this.started(await this.make('dev'));
      const build = await workspaces.createBuild(this.#client.calls, id, { transition: 'delete' }, this.#signal);
      await this.succeeded(build.id);
      return workspaces.get(this.#client.calls, id, { includeDeleted: true }, this.#signal);
    });
  }

  /** Its start has failed. */
  failed(): Promise<Workspace> {
    return this.keep('failed', async () => {
      const { id, latest_build } = await this.make('failing');
      await this.ended(latest_build.id);
      return workspaces.get(this.#client.calls, id, {}, this.#signal);
    });
  }

  /** A build that is under way: one that goes on until it is canceled, where there is such a template. */
  async building(): Promise<Build> {
    const role = busyRoles.find((each) => this.#facts.templates.has(each)) ?? skip('there is no template to build');
    const build = this.#busy === undefined ? await this.#firstBuild(role) : await this.#nextBuild(this.#busy, role);
    this.#busy = build.workspace_id;
    return poll('a worker for a build', this.#limits.buildMs, this.#limits, this.#signal, async () => {
      const now = await builds.get(this.#client.calls, build.id, this.#signal);
      return now.job.status === 'pending' ? undefined : now;
    });
  }

  /** What came of `attempt`, if `build` was under way all the time: else it says nothing. @throws Skip */
  async unlessEnded<T>(build: Build, attempt: Promise<T>): Promise<T> {
    await attempt.catch(() => undefined);
    if (hasEnded(await builds.get(this.#client.calls, build.id, this.#signal)))
      skip('the build ended too early to tell');
    return attempt;
  }

  async #firstBuild(role: Role): Promise<Build> {
    return (await this.make(role)).latest_build;
  }

  async #nextBuild(id: WorkspaceId, role: Role): Promise<Build> {
    const { latest_build: last } = await workspaces.get(this.#client.calls, id, {}, this.#signal);
    if (!hasEnded(last) && last.job.canceled_at === undefined) return last;
    await this.ended(last.id);
    const transition = role === 'hang' || last.transition === 'stop' ? 'start' : 'stop';
    return workspaces.createBuild(this.#client.calls, id, { transition }, this.#signal);
  }

  /** Waits for the first build of a new workspace. @throws Error if it did not succeed */
  async started(workspace: Workspace): Promise<Workspace> {
    await this.succeeded(workspace.latest_build.id);
    return workspaces.get(this.#client.calls, workspace.id, {}, this.#signal);
  }

  /** Builds it, waits, and reads it again. @throws Error if the build did not succeed */
  async build(id: WorkspaceId, request: CreateBuildRequest): Promise<Workspace> {
    const build = await workspaces.createBuild(this.#client.calls, id, request, this.#signal);
    await this.succeeded(build.id);
    return workspaces.get(this.#client.calls, id, {}, this.#signal);
  }

  ended(id: BuildId, signal = this.#signal): Promise<Build> {
    return poll('the end of a build', this.#limits.buildMs, this.#limits, signal, async () => {
      const build = await builds.get(this.#client.calls, id, signal);
      return hasEnded(build) ? build : undefined;
    });
  }

  async succeeded(id: BuildId): Promise<Build> {
    const build = await this.ended(id);
    if (build.job.status === 'succeeded') return build;
    throw new Error(
      `a ${build.transition} of ${build.workspace_name} ended as ${build.status}: ${build.job.error ?? '?'}`,
    );
  }

  /** What `make` gave when `name` was first asked for. */
  keep<T>(name: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name);
    if (kept !== undefined) return kept as Promise<T>;
    const made = make();
    this.#kept.set(name, made);
    return made;
  }
}
