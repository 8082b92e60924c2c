import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { User } from '../api/schemas/users.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds, TemplateId, WorkspaceId } from '../api/units.ts';
import { later } from '../api/units.ts';
import { BuildTimes, type UsualTimes } from './buildTimes.ts';
import { stopLimits } from './deadline.ts';
import { Expiry } from './expiry.ts';
import { Freshness } from './freshness.ts';
import { heartbeat } from './heartbeat.ts';
import { lookUp, readListing, type Rows } from './listing.ts';
import { Variable, type Disposable, type Observable } from './observable.ts';
import { retryDelayMs } from './retry.ts';
import { Schedule } from './schedule.ts';
import { adopted, buildAdopted, expired, failed, listed, LOADING, removed, type Outage, type State } from './state.ts';
import { isActive } from './status.ts';
import { realTiming, type Timing } from './timing.ts';
import { waitForFact } from './waiting.ts';
import { Watching } from './watching.ts';
import { watchPlan } from './watchPlan.ts';

export interface SessionOptions {
  readonly client: CoderClient;
  /** Ends the session and all that it has open. */
  readonly signal: AbortSignal;
  /** Whose token it is, if that is known already. */
  readonly user?: User | undefined;
  /** Streams at once. */
  readonly maxStreams?: number;
  readonly timing?: Timing;
  /** One line for the log; never holds a secret. */
  readonly log?: (line: string) => void;
}

/** A list heals what streams miss. */
const LIST_EVERY_MS = 60_000 as Milliseconds;
/** While something is in transition that no stream tells about. */
const UNWATCHED_EVERY_MS = 5_000 as Milliseconds;
/** A list as recent as this answers the question whether the deployment is there. */
const RECENT_MS = 5_000 as Milliseconds;
/** Streams tell of most changes, but not of each failed build of V0 (contract 3.1): what they watch is asked for, too. */
const BEAT_MS = 10_000 as Milliseconds;

/**
 * Keeps one deployment's `State` equal to the server, from its construction until its signal ends it: a list of one's
 * own workspaces now and then, and a stream for each that runs or is in transition. Pauses while nobody looks and no stop
 * is counted down. Nothing else assigns State.
 */
export class Session {
  readonly client: CoderClient;
  readonly #signal: AbortSignal;
  readonly #end = new AbortController();
  readonly #timing: Timing;
  readonly #log: (line: string) => void;
  readonly #state = new Variable<State>(LOADING);
  readonly #freshness = new Freshness();
  readonly #expiredListeners = new Set<() => void>();
  readonly #expiry: Expiry;
  readonly #watching: Watching;
  readonly #schedule: Schedule;
  readonly #buildTimes: BuildTimes;
  #readStop = new AbortController();
  #maxStreams: number;
  #user: User | undefined;
  #lastReadAt: EpochMs | undefined;
  #failures = 0;
  #waiters = 0;
  #isVisible = false;
  #showsDeadline = true;

  constructor(options: SessionOptions) {
    this.client = options.client;
    this.#timing = options.timing ?? realTiming;
    this.#log = options.log ?? (() => undefined);
    this.#maxStreams = options.maxStreams ?? 30;
    this.#user = options.user;
    this.#signal = this.#end.signal;
    this.#expiry = new Expiry(() => this.client.users.me(this.#signal));
    this.#buildTimes = new BuildTimes(this.client, this.#signal);
    this.#watching = new Watching({
      watch: (id, signal) => this.client.workspaces.watch(id, signal),
      timing: this.#timing,
      onWorkspace: (workspace) => this.adopt(workspace),
      onChange: () => this.#schedule.reconsider(),
      onRefused: (id, error) => this.#judgeRefusal(id, error),
      isAway: () => this.#isAway(),
      log: this.#log,
    });
    this.#schedule = new Schedule({
      timing: this.#timing,
      signal: this.#signal,
      read: () => this.#read(),
      dueAt: () => this.#dueAt(),
    });
    if (options.signal.aborted) this.#stop(options.signal.reason);
    else options.signal.addEventListener('abort', () => this.#stop(options.signal.reason), { once: true });
    void this.#schedule.run();
    void heartbeat({
      timing: this.#timing,
      signal: this.#signal,
      everyMs: BEAT_MS,
      onBeat: () => this.#askForWatched(),
      onJump: (jumpMs) => this.#wake(jumpMs),
    });
  }

  get state(): Observable<State> {
    return this.#state;
  }

  /** Aborted when the session ends: signed out, expired or deactivated. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  /** How long the builds of the templates in transition usually take; grows as they are learned. */
  get usualTimes(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#buildTimes.known;
  }

  /** Whether somebody looks at the workspaces. */
  setVisible(isVisible: boolean): void {
    this.#changeAttention(() => (this.#isVisible = isVisible));
  }

  /** Whether a stop, where there is one, is counted down for somebody to see. */
  setShowsDeadline(showsDeadline: boolean): void {
    this.#changeAttention(() => (this.#showsDeadline = showsDeadline));
  }

  setMaxStreams(count: number): void {
    this.#maxStreams = count;
    this.#follow();
  }

  /** Reads the list now; ends when that is done, whatever came of it: the state tells. */
  refresh(): Promise<void> {
    return this.#schedule.ask();
  }

  /** Reads one workspace now: for writes that no stream tells about (contract 3.1: autostart, ttl). */
  async refetch(id: WorkspaceId, signal: AbortSignal = this.#signal): Promise<Workspace | undefined> {
    const mark = this.#freshness.mark();
    const workspace = await lookUp(this.client, id, signal);
    if (this.#freshness.isFresherThan(mark, id)) return this.#held(id) ?? workspace;
    if (workspace === undefined) this.#forget(id);
    else this.adopt(workspace);
    return workspace;
  }

  /** Takes in what the server just said: an answer to a write, a stream's frame. Never something made up. */
  adopt(fact: Workspace | Build): void {
    const id = 'workspace_id' in fact ? fact.workspace_id : fact.id;
    this.#freshness.heard(id);
    const state = this.#state.value;
    this.#set('workspace_id' in fact ? buildAdopted(state, fact) : adopted(state, fact));
  }

  /**
   * Waits until what is known of a workspace satisfies `isSo`; `undefined` stands for one that is gone. Meanwhile the
   * state is kept fresh even if nobody looks. Rejects with the signal's reason, or with the session's when it ends.
   */
  async waitFor(
    id: WorkspaceId,
    isSo: (workspace: Workspace | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<Workspace | undefined> {
    this.#changeAttention(() => (this.#waiters += 1));
    try {
      return await waitForFact(this.#state, id, isSo, [signal, this.#signal]);
    } finally {
      this.#changeAttention(() => (this.#waiters -= 1));
    }
  }

  /** Tells of a failed call of someone else's: if its 401 is confirmed, the session ends. Answers whether it has. */
  async noticed(error: unknown): Promise<boolean> {
    if (this.#signal.aborted) return this.#state.value.kind === 'signedOut';
    if (!(await this.#expiry.isConfirmedBy(error))) return false;
    this.#expire();
    return true;
  }

  /** The server no longer accepts the token. Told once. */
  onExpired(listener: () => void): Disposable {
    this.#expiredListeners.add(listener);
    return { dispose: () => this.#expiredListeners.delete(listener) };
  }

  async #read(): Promise<void> {
    const mark = this.#freshness.mark();
    this.#readStop = new AbortController();
    const stop = AbortSignal.any([this.#signal, this.#readStop.signal]);
    try {
      const user = this.#user ?? this.client.users.me(stop);
      const [rows] = await Promise.all([
        readListing(this.client, this.#knownIds(), (first) => void this.#showFirst(first, user, mark, stop), stop),
        user,
      ]);
      this.#user ??= await user;
      this.#show(rows, await user, mark);
      this.#failures = 0;
      this.#lastReadAt = this.#timing.now();
      this.#watching.resume();
      this.#follow();
    } catch (error) {
      if (stop.aborted) return;
      await this.#fail(error);
    }
  }

  /** On the very first load a page is worth showing before the others have come. */
  async #showFirst(rows: Rows, user: User | Promise<User>, mark: number, signal: AbortSignal): Promise<void> {
    if (this.#state.value.kind === 'ready') return;
    try {
      const known = await user;
      if (!signal.aborted) this.#show(rows, known, mark);
    } catch {
      // The same failure ends the whole read, which tells.
    }
  }

  #show({ workspaces, leftOut }: Rows, user: User, mark: number): void {
    const readAt = this.#timing.now();
    this.#set(
      listed(this.#state.value, { user, workspaces, leftOut, readAt, fresher: this.#freshness.fresherThan(mark) }),
    );
  }

  async #fail(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    if (await this.noticed(error)) return;
    if (this.#signal.aborted) return;
    this.#failures += 1;
    const now = this.#timing.now();
    const retryAt = later(now, retryDelayMs(error, this.#failures, this.#timing.random()));
    const since = outageOf(this.#state.value)?.since ?? now;
    this.#log(`list: ${error.message}`);
    this.#set(failed(this.#state.value, { error, since, retryAt }, this.#lastReadAt));
  }

  #dueAt(): EpochMs | undefined {
    const state = this.#state.value;
    const outage = outageOf(state);
    if (state.kind === 'ready' && !this.#isWanted()) return undefined;
    if (outage !== undefined) return outage.retryAt;
    const last = this.#lastReadAt ?? this.#timing.now();
    return later(last, this.#hasUnwatchedTransition() ? UNWATCHED_EVERY_MS : LIST_EVERY_MS);
  }

  #isWanted(): boolean {
    return this.#isVisible || this.#waiters > 0 || (this.#showsDeadline && this.#workspaces().some(hasStop));
  }

  #hasUnwatchedTransition(): boolean {
    return this.#workspaces().some((workspace) => isActive(workspace) && !this.#watching.isWatched(workspace.id));
  }

  #changeAttention(change: () => void): void {
    const before = this.#isWanted();
    change();
    const after = this.#isWanted();
    if (before === after || this.#signal.aborted) return;
    this.#follow();
    if (after && !this.#wasReadRecently() && this.#state.value.kind === 'ready') void this.#schedule.ask();
    else this.#schedule.reconsider();
  }

  #wasReadRecently(): boolean {
    return this.#lastReadAt !== undefined && this.#timing.now() - this.#lastReadAt < RECENT_MS;
  }

  /** A stream cannot be opened: is that the stream, or is the deployment away? */
  async #isAway(): Promise<boolean> {
    if (outageOf(this.#state.value) !== undefined) return true;
    if (this.#wasReadRecently()) return false;
    await this.#schedule.ask();
    return outageOf(this.#state.value) !== undefined;
  }

  async #judgeRefusal(id: WorkspaceId, error: ApiError): Promise<void> {
    if (await this.noticed(error)) return;
    await this.#tryRefetch(id);
  }

  #askForWatched(): void {
    if (!this.#isWanted() || outageOf(this.#state.value) !== undefined) return;
    for (const { id } of this.#workspaces().filter(isActive)) {
      if (this.#watching.isWatched(id)) void this.#tryRefetch(id);
    }
  }

  /** Reads in the background: whatever keeps this from working keeps the list from working, too, and that tells. */
  async #tryRefetch(id: WorkspaceId): Promise<void> {
    try {
      await this.refetch(id);
    } catch (error) {
      if (this.#signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      await this.noticed(error);
    }
  }

  #wake(jumpMs: Milliseconds): void {
    this.#log(`clock moved by ${Math.round(jumpMs / 1000)} s: opening streams anew and reading the list`);
    this.#failures = 0;
    this.#readStop.abort();
    this.#watching.restart();
    void this.#schedule.again();
  }

  #forget(id: WorkspaceId): void {
    this.#freshness.heard(id);
    this.#set(removed(this.#state.value, id));
  }

  /** The one assignment of State. */
  #set(state: State): void {
    if (this.#signal.aborted && state.kind !== 'signedOut') return;
    if (state === this.#state.value) return;
    this.#state.set(state);
    this.#follow();
    this.#schedule.reconsider();
  }

  /** Streams for what deserves them now, none while nobody looks. */
  #follow(): void {
    if (this.#signal.aborted) return;
    const workspaces = this.#workspaces();
    this.#watching.follow(this.#isWanted() ? watchPlan(workspaces, this.#maxStreams) : []);
    for (const workspace of workspaces) {
      if (isActive(workspace) && workspace.template_id !== undefined) this.#buildTimes.learn(workspace.template_id);
    }
  }

  #expire(): void {
    if (this.#signal.aborted) return;
    const state = expired(this.#state.value);
    this.#stop(new DOMException('The session has ended.', 'AbortError'));
    this.#set(state);
    for (const listener of [...this.#expiredListeners]) listener();
  }

  #stop(reason: unknown): void {
    this.#watching.follow([]);
    this.#end.abort(reason);
  }

  #workspaces(): Workspace[] {
    const state = this.#state.value;
    return state.kind === 'ready' ? [...state.workspaces.values()] : [];
  }

  #knownIds(): ReadonlySet<WorkspaceId> {
    return new Set(this.#workspaces().map((workspace) => workspace.id));
  }

  #held(id: WorkspaceId): Workspace | undefined {
    const state = this.#state.value;
    return state.kind === 'ready' ? state.workspaces.get(id) : undefined;
  }
}

const hasStop = (workspace: Workspace): boolean => stopLimits(workspace) !== undefined;

const outageOf = (state: State): Outage | undefined => {
  if (state.kind === 'unreachable') return state;
  return state.kind === 'ready' ? state.stale : undefined;
};
