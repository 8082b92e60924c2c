import type { User } from '../api/schemas/users.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from '../api/units.ts';
import type { Finding } from './finding.ts';
import { Freshness } from './freshness.ts';
import type { Found } from './findingReader.ts';
import { Variable, type Observable } from './observable.ts';
import { isOlderBuild } from './newer.ts';
import { Organizations } from './organizations.ts';
import {
  adopted,
  buildAdopted,
  expired,
  failed,
  found,
  listed,
  LOADING,
  matching,
  outageOf,
  recovered,
  removed,
  shownAs,
  workspaceIn,
  type Outage,
  type Ready,
  type State,
  type Workspaces,
} from './state.ts';

/** Holds a session's state, and decides which of two snapshots of a workspace is newer. */
export class StateStore {
  /** Every workspace passes through it. */
  readonly organizations = new Organizations();
  readonly #state = new Variable<State>(LOADING);
  readonly #freshness = new Freshness();
  #rows: readonly Workspace[] = [];
  #rowsOf: Workspaces | undefined;
  /** When the last outage began. */
  #outageAt = 0;
  /** Said to be gone when asked for alone, and whether a list has had it since: then the lists are believed. */
  readonly #gone = new Map<WorkspaceId, boolean>();

  get state(): Observable<State> {
    return this.#state;
  }

  /** Marks the moment of a request: anything received from now on is newer than its response. */
  mark(): number {
    return this.#freshness.mark();
  }

  /** A whole list, asked for at `mark`. `isComplete`: nothing that belongs to it failed. */
  list(found: Found, user: User, readAt: EpochMs, mark: number, isComplete = true): void {
    const fresher = this.#freshness.fresherThan(mark);
    const stale = isComplete && this.#endsOutage(mark) ? undefined : this.outage;
    const workspaces = this.#heardOf(found.workspaces, fresher);
    const listedIds = new Set(workspaces.map(({ id }) => id));
    if (found.isPartial !== true) for (const id of this.#gone.keys()) if (!listedIds.has(id)) this.#gone.delete(id);
    this.#state.set(listed(this.#state.value, { ...found, workspaces, user, readAt, fresher, stale }));
  }

  /** Changes scope, filter, or order without new data. */
  showAs(finding: Finding): void {
    this.#change((state) => shownAs(state, finding));
  }

  /** Stores some of the rows, requested at `mark`; others stay as they are. */
  found(workspaces: readonly Workspace[], mark: number): void {
    const fresher = this.#freshness.fresherThan(mark);
    const heard = this.#heardOf(workspaces, fresher);
    this.#change((state) => found(state, heard, fresher));
  }

  #heardOf(workspaces: readonly Workspace[], fresher: ReadonlySet<WorkspaceId>): Workspace[] {
    for (const { id } of this.#gone.size === 0 ? [] : workspaces)
      if (this.#gone.has(id) && !fresher.has(id)) this.#gone.set(id, true);
    return workspaces.map((each) => this.organizations.named(each));
  }

  /** `ids`: all that the server finds for what is shown, where only it can tell. */
  match(ids: ReadonlySet<WorkspaceId>): void {
    this.#change((state) => matching(state, ids));
  }

  /** The deployment answered what was asked at `mark`, without a read of the whole list. */
  recover(mark: number): void {
    if (this.#endsOutage(mark)) this.#change(recovered);
  }

  /** What was asked before the outage began may have been answered before it, too. */
  #endsOutage(mark: number): boolean {
    return mark >= this.#outageAt;
  }

  adopt(fact: Workspace | Build): void {
    const isBuild = 'workspace_id' in fact;
    const id = isBuild ? fact.workspace_id : fact.id;
    const wasHeld = this.get(id) !== undefined;
    this.#gone.delete(id);
    this.#change((state) => (isBuild ? buildAdopted(state, fact) : adopted(state, this.organizations.named(fact))));
    // A snapshot that couldn't be stored doesn't outdate a list that contains the workspace.
    if (wasHeld || this.get(id) !== undefined) this.#freshness.heard(id);
  }

  /** The answer to having asked for one workspace at `mark`; `undefined`: it is gone. What is held of it then. */
  answer(id: WorkspaceId, workspace: Workspace | undefined, mark: number): Workspace | undefined {
    const held = this.get(id);
    const isOvertaken = this.#freshness.isFresherThan(mark, id);
    // A frame that came meanwhile may have been sent long before.
    const isNewer = workspace && held && isOlderBuild(held.latest_build, workspace.latest_build);
    if (isOvertaken && isNewer !== true) return held;
    if (workspace !== undefined) this.adopt(workspace);
    else if (this.#gone.get(id) !== true) this.#forget(id);
    return this.get(id);
  }

  fail(outage: Outage, lastReadAt: EpochMs | undefined): void {
    if (this.outage === undefined) this.#outageAt = this.#freshness.next();
    this.#state.set(failed(this.#state.value, outage, lastReadAt));
  }

  /** `detail`: the server's word on why. */
  expire(detail: string | undefined): void {
    this.#state.set(expired(this.#state.value, detail));
  }

  get outage(): Outage | undefined {
    return outageOf(this.#state.value);
  }

  get isReady(): boolean {
    return this.#state.value.kind === 'ready';
  }

  get workspaces(): readonly Workspace[] {
    const state = this.#state.value;
    if (state.kind !== 'ready') return [];
    // Cached, because there can be thousands.
    if (this.#rowsOf !== state.workspaces) this.#rows = [...state.workspaces.values()];
    this.#rowsOf = state.workspaces;
    return this.#rows;
  }

  get(id: WorkspaceId): Workspace | undefined {
    return workspaceIn(this.#state.value, id);
  }

  /** Before there is a list, there is nothing to change. */
  #change(change: (state: Ready) => Ready): void {
    const state = this.#state.value;
    if (state.kind === 'ready') this.#state.set(change(state));
  }

  #forget(id: WorkspaceId): void {
    this.#gone.set(id, false);
    this.#freshness.heard(id);
    this.#change((state) => removed(state, id));
  }
}
