import { LinkedController } from '../api/abort.ts';
import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds, TemplateId, WorkspaceId } from '../api/units.ts';
import { later } from '../api/units.ts';
import * as users from '../api/users.ts';
import { watchWorkspace } from '../api/watch.ts';
import { BuildTimes, type UsualTimes } from './buildTimes.ts';
import { stopLimits } from './deadline.ts';
import { Expiry } from './expiry.ts';
import { heartbeat } from './heartbeat.ts';
import { lookUp, readListing, type Rows } from './listing.ts';
import type { Observable } from './observable.ts';
import { retryDelayMs } from './retry.ts';
import { Schedule } from './schedule.ts';
import type { Ready, State } from './state.ts';
import { StateStore } from './stateStore.ts';
import { isActive } from './status.ts';
import { realTiming, type Timing } from './timing.ts';
import { waitForFact, waitForReady } from './waiting.ts';
import { Watching } from './watching.ts';
import { watchPlan } from './watchPlan.ts';

export interface SessionOptions {
  readonly client: CoderClient;
  /** Ends the session and all that it has open. */
  readonly signal: AbortSignal;
  /** Whose token it is, if that is known already. */
  readonly user?: User | undefined;
  /** Streams at once. */
  readonly maxStreams?: number | undefined;
  readonly timing?: Timing | undefined;
  /** One line for the log; never holds a secret. */
  readonly log?: ((line: string) => void) | undefined;
}

/** A list heals what streams miss. */
const LIST_EVERY_MS = 60_000 as Milliseconds;
/** While something is in transition that no stream tells about. */
const UNWATCHED_EVERY_MS = 5_000 as Milliseconds;
/** A list as recent as this answers whether the deployment is there. */
const RECENT_MS = 5_000;
/** V0's streams do not tell of each failed build (contract 3.1): what is watched in transition is asked for, too. */
const BEAT_MS = 10_000 as Milliseconds;

/**
 * Keeps one deployment's `State` equal to the server, from its construction until its signal ends it: a list of one's
 * own workspaces now and then, and a stream for each that runs or is in transition. Pauses while nobody looks and no stop
 * is counted down. Nothing else assigns State.
 */
export class Session {
  readonly client: CoderClient;
  readonly #end = new AbortController();
  readonly #timing: Timing;
  readonly #log: (line: string) => void;
  readonly #store = new StateStore();
  readonly #expiry: Expiry;
  readonly #watching: Watching;
  readonly #schedule: Schedule;
  readonly #buildTimes: BuildTimes;
  #readStop: LinkedController | undefined;
  #maxStreams: number;
  #user: User | undefined;
  #lastReadAt: EpochMs | undefined;
  #failures = 0;
  #waiters = 0;
  #isVisible = false;
  #showsDeadline = true;

  constructor({ client, signal, user, maxStreams = 30, timing = realTiming, log = () => undefined }: SessionOptions) {
    this.client = client;
    this.#timing = timing;
    this.#log = log;
    this.#maxStreams = maxStreams;
    this.#user = user;
    this.#expiry = new Expiry(() => users.me(client.calls, this.signal));
    this.#buildTimes = new BuildTimes(client, this.signal);
    this.#watching = new Watching({
      watch: (id, stop) => watchWorkspace(client.calls, id, stop),
      timing,
      onWorkspace: (workspace) => this.adopt(workspace),
      onChange: () => this.#schedule.reconsider(),
      onRefused: (id, error) => this.#judgeRefusal(id, error),
      isAway: () => this.#isAway(),
      log,
    });
    const read = (): Promise<void> => this.#read();
    this.#schedule = new Schedule({ timing, signal: this.signal, read, dueAt: () => this.#dueAt() });
    this.#store.state.subscribe(() => this.#follow());
    if (signal.aborted) this.#stop(signal.reason);
    else signal.addEventListener('abort', () => this.#stop(signal.reason), { once: true });
    void this.#schedule.run();
    const onBeat = (): void => this.#askForWatched();
    void heartbeat({ timing, signal: this.signal, everyMs: BEAT_MS, onBeat, onJump: (jumpMs) => this.#wake(jumpMs) });
  }

  get state(): Observable<State> {
    return this.#store.state;
  }

  /** Aborted when the session ends: signed out, expired or deactivated. */
  get signal(): AbortSignal {
    return this.#end.signal;
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
  async refetch(id: WorkspaceId, signal: AbortSignal = this.signal): Promise<Workspace | undefined> {
    const mark = this.#store.mark();
    return this.#store.answer(id, await lookUp(this.client, id, signal), mark);
  }

  /** The same in the background: whatever keeps this from working keeps the list from working, too, and that tells. */
  async tryRefetch(id: WorkspaceId): Promise<Workspace | undefined> {
    try {
      return await this.refetch(id);
    } catch (error) {
      if (this.signal.aborted) return undefined;
      if (!(error instanceof ApiError)) throw error;
      await this.noticed(error);
      return undefined;
    }
  }

  /** Takes in what the server just said: an answer to a write, a stream's frame. Never something made up. */
  adopt(fact: Workspace | Build): void {
    if (!this.signal.aborted) this.#store.adopt(fact);
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
    return this.#attentively(() => waitForFact(this.state, id, isSo, [signal, this.signal]));
  }

  /**
   * Reads the list anew, again and again while the deployment is away, and ends with what is known then. Rejects with the
   * signal's reason, or with the session's when it ends.
   */
  async readAgain(signal: AbortSignal): Promise<Ready> {
    return this.#attentively(async () => {
      await this.#schedule.again();
      return waitForReady(this.state, ({ stale }) => stale === undefined, [signal, this.signal]);
    });
  }

  /** Tells of a failed call of someone else's: if it was a 401 that is confirmed, the session ends. Whether it has. */
  async noticed(error: unknown): Promise<boolean> {
    const refusal = this.signal.aborted ? undefined : await this.#expiry.confirm(error);
    if (refusal !== undefined) this.#expire(refusal);
    return this.state.value.kind === 'signedOut';
  }

  /** Keeps the state fresh while `wait` lasts, even if nobody looks. */
  async #attentively<T>(wait: () => Promise<T>): Promise<T> {
    this.#changeAttention(() => (this.#waiters += 1));
    try {
      return await wait();
    } finally {
      this.#changeAttention(() => (this.#waiters -= 1));
    }
  }

  async #read(): Promise<void> {
    const mark = this.#store.mark();
    const readStop = new LinkedController(this.signal);
    this.#readStop = readStop;
    const stop = readStop.signal;
    const known = new Set(this.#store.workspaces.map((workspace) => workspace.id));
    try {
      const user = Promise.resolve(this.#user ?? users.me(this.client.calls, stop));
      const showFirst = (rows: Rows): void => void this.#showFirst(rows, user, mark, stop);
      const [rows] = await Promise.all([readListing(this.client, known, showFirst, stop), user]);
      this.#user = await user;
      this.#failures = 0;
      this.#lastReadAt = this.#timing.now();
      this.#store.list(rows, this.#user, this.#lastReadAt, mark);
      this.#watching.resume();
    } catch (error) {
      if (!stop.aborted) await this.#fail(error);
    } finally {
      readStop.release();
    }
  }

  /** On the very first load a page is worth showing before the others have come. */
  async #showFirst(rows: Rows, user: Promise<User>, mark: number, stop: AbortSignal): Promise<void> {
    try {
      const known = await user;
      if (!stop.aborted && !this.#store.isReady) this.#store.list(rows, known, this.#timing.now(), mark);
    } catch {
      // The same failure ends the whole read, which tells.
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) throw error;
    if ((await this.noticed(error)) || this.signal.aborted) return;
    this.#failures += 1;
    const now = this.#timing.now();
    const retryAt = later(now, retryDelayMs(error, this.#failures, this.#timing.random()));
    this.#log(`list: ${error.message}`);
    this.#store.fail({ error, since: this.#store.outage?.since ?? now, retryAt }, this.#lastReadAt);
  }

  #dueAt(): EpochMs | undefined {
    if (this.#store.isReady && !this.#isWanted()) return undefined;
    if (this.#store.outage !== undefined) return this.#store.outage.retryAt;
    const last = this.#lastReadAt ?? this.#timing.now();
    return later(last, this.#hasUnwatchedTransition() ? UNWATCHED_EVERY_MS : LIST_EVERY_MS);
  }

  #isWanted(): boolean {
    return this.#isVisible || this.#waiters > 0 || (this.#showsDeadline && this.#store.workspaces.some(hasStop));
  }

  #hasUnwatchedTransition(): boolean {
    return this.#store.workspaces.some((workspace) => isActive(workspace) && !this.#watching.isWatched(workspace.id));
  }

  #changeAttention(change: () => void): void {
    const before = this.#isWanted();
    change();
    const after = this.#isWanted();
    if (before === after || this.signal.aborted) return;
    this.#follow();
    if (after && this.#store.isReady && !this.#wasReadRecently()) void this.#schedule.ask();
  }

  #wasReadRecently(): boolean {
    return this.#lastReadAt !== undefined && this.#timing.now() - this.#lastReadAt < RECENT_MS;
  }

  /** A stream cannot be opened: is that the stream, or is the deployment away? */
  async #isAway(): Promise<boolean> {
    if (this.#store.outage === undefined && !this.#wasReadRecently()) await this.#schedule.ask();
    return this.#store.outage !== undefined;
  }

  async #judgeRefusal(id: WorkspaceId, error: ApiError): Promise<void> {
    if (!(await this.noticed(error))) await this.tryRefetch(id);
  }

  #askForWatched(): void {
    if (!this.#isWanted() || this.#store.outage !== undefined) return;
    for (const { id } of this.#store.workspaces.filter(isActive)) {
      if (this.#watching.isWatched(id)) void this.tryRefetch(id);
    }
  }

  /** After a sleep all sockets are dead without having been told. */
  #wake(jumpMs: Milliseconds): void {
    this.#log(`the clock moved by ${Math.round(jumpMs / 1000)} s: reading the list, opening streams anew`);
    this.#failures = 0;
    this.#readStop?.abort();
    this.#watching.restart();
    void this.#schedule.again();
  }

  /** Streams for what deserves them now, none while nobody looks; and when to read next may be another time now. */
  #follow(): void {
    if (this.signal.aborted) return;
    const { workspaces } = this.#store;
    this.#watching.follow(this.#isWanted() ? watchPlan(workspaces, this.#maxStreams) : []);
    for (const workspace of workspaces) {
      if (isActive(workspace) && workspace.template_id !== undefined) this.#buildTimes.learn(workspace.template_id);
    }
    this.#schedule.reconsider();
  }

  #expire({ detail, serverMessage = '' }: ApiError): void {
    if (this.signal.aborted) return;
    this.#log(`session: the server no longer accepts the token: ${plainLine(detail ?? serverMessage, 300)}`);
    this.#stop(new DOMException('The session has ended.', 'AbortError'));
    this.#store.expire(detail);
  }

  #stop(reason: unknown): void {
    this.#watching.follow([]);
    this.#end.abort(reason);
  }
}

const hasStop = (workspace: Workspace): boolean => stopLimits(workspace) !== undefined;
