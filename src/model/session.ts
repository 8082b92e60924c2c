import type { CoderClient } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { Milliseconds, TemplateId, WorkspaceId } from '../api/units.ts';
import * as users from '../api/users.ts';
import { watchWorkspace } from '../api/watch.ts';
import { hasComeBack, wantedReads, type Attention, type Reads } from './attention.ts';
import { BuildTimes, needsTemplate, type UsualTimes } from './buildTimes.ts';
import { Expiry } from './expiry.ts';
import { heartbeat } from './heartbeat.ts';
import { Lingering } from './lingering.ts';
import { lookUp } from './listing.ts';
import { Variable, type Observable } from './observable.ts';
import { Reading } from './reading.ts';
import { Schedule } from './schedule.ts';
import { LearnedSshNames } from './sshNames.ts';
import type { Ready, State } from './state.ts';
import { StateStore } from './stateStore.ts';
import { realTiming, type Timing } from './timing.ts';
import { TransitionPolls } from './transitionPolls.ts';
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

/** How soon a clock that was set, or a sleep, is noticed. */
const BEAT_MS = 5_000 as Milliseconds;
/** Who hides the rows and comes back within this finds all as it was. */
const GRACE_MS = 10_000 as Milliseconds;

/**
 * Keeps one deployment's `State` equal to the server, from its construction until its signal ends it, by streams and
 * reads; as much as `Attention` is worth, and nothing while nobody waits for anything. Nothing else assigns State.
 */
export class Session {
  readonly client: CoderClient;
  readonly sshNames: LearnedSshNames;
  readonly #end = new AbortController();
  readonly #timing: Timing;
  readonly #log: (line: string) => void;
  readonly #store = new StateStore();
  readonly #expiry: Expiry;
  readonly #watching: Watching;
  readonly #reading: Reading;
  readonly #polls = new TransitionPolls();
  readonly #polling: Schedule;
  readonly #buildTimes: BuildTimes;
  readonly #seen: Lingering;
  readonly #clockCorrections = new Variable(0);
  readonly #unexpected = new Set<string>();
  #maxStreams: number;
  #attention: Attention = {
    isSeen: false,
    isFocused: true,
    isTold: true,
    followed: new Set(),
    isAwaited: false,
    opened: new Set(),
  };
  #showsDeadline = true;
  #tellsStops = false;
  readonly #followed: WorkspaceId[] = [];
  #awaiting = 0;

  constructor({ client, signal, user, maxStreams = 30, timing = realTiming, log = () => undefined }: SessionOptions) {
    this.client = client;
    this.#timing = timing;
    this.#log = log;
    this.#maxStreams = maxStreams;
    this.#expiry = new Expiry(() => users.me(client.calls, this.signal));
    const onError = (error: unknown): void => this.#logUnexpected(error);
    this.#buildTimes = new BuildTimes({ client, timing, signal: this.signal, onError });
    this.sshNames = new LearnedSshNames({ client, timing, signal: this.signal, onError });
    this.#seen = new Lingering({
      timing,
      lingerMs: GRACE_MS,
      signal: this.signal,
      onChange: (isSeen) => this.#attend({ isSeen }),
    });
    this.#watching = new Watching({
      watch: (id, stop) => watchWorkspace(client.calls, id, stop),
      timing,
      onWorkspace: (workspace) => this.adopt(workspace),
      onChange: () => this.#follow(),
      onRefused: (id, error) => this.#judgeRefusal(id, error),
      onDoubt: () => this.#reading.probe(),
      onError: (error) => void this.#reading.trouble('watch', error).catch(onError),
      log,
    });
    this.#reading = new Reading({
      client,
      store: this.#store,
      timing,
      signal: this.signal,
      user,
      wanted: () => this.#wanted(),
      ends: (error) => this.noticed(error),
      onAnswer: () => this.#onAnswer(),
      onAway: () => this.#watching.suspend(),
      onError,
      log,
    });
    this.#polling = new Schedule({
      timing,
      signal: this.signal,
      read: () => this.#poll(),
      dueAt: () => (this.#store.outage === undefined ? this.#polls.nextAt() : undefined),
      onError,
    });
    this.#store.state.subscribe(() => this.#follow());
    const stopListening = client.clock.onCorrected(() => this.#tellClock());
    this.signal.addEventListener('abort', stopListening, { once: true });
    if (signal.aborted) this.#stop(signal.reason);
    else signal.addEventListener('abort', () => this.#stop(signal.reason), { once: true });
    const loops = [
      this.#reading.run(),
      this.#polling.run(),
      heartbeat({
        timing,
        signal: this.signal,
        everyMs: BEAT_MS,
        onJump: (jumpMs) => this.#clockJumped(jumpMs),
        onError,
      }),
    ];
    for (const loop of loops) loop.catch(onError);
  }

  get state(): Observable<State> {
    return this.#store.state;
  }

  /** Aborted when the session ends: signed out, expired or deactivated. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** What is known of the templates of workspaces that are in transition or will stop; grows as they are learned. */
  get usualTimes(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#buildTimes.known;
  }

  /** Counts how often it turned out to be another time than was believed: whatever shows times is then drawn anew. */
  get clockCorrections(): Observable<number> {
    return this.#clockCorrections;
  }

  /** Whether the rows are to be seen. Hiding them takes effect after a moment. */
  setVisible(isVisible: boolean): void {
    this.#seen.set(isVisible);
  }

  /** Whether somebody works in this window. */
  setFocused(isFocused: boolean): void {
    this.#attend({ isFocused });
  }

  /** Whether a stop, where there is one, is counted down or warned of. */
  setShowsDeadline(showsDeadline: boolean): void {
    this.#showsDeadline = showsDeadline;
    this.#attend({ isTold: this.#showsDeadline || this.#tellsStops });
  }

  /** Whether a stop by autostop is told. */
  setTellsStops(tellsStops: boolean): void {
    this.#tellsStops = tellsStops;
    this.#attend({ isTold: this.#showsDeadline || this.#tellsStops });
  }

  /** Whose rows are expanded or selected. */
  setOpened(ids: Iterable<WorkspaceId>): void {
    this.#attend({ opened: new Set(ids) });
  }

  setMaxStreams(count: number): void {
    this.#maxStreams = count;
    this.#follow();
  }

  /** Reads the list now; ends when that is done, whatever came of it: the state tells. */
  refresh(): Promise<void> {
    return this.#reading.ask('list');
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
      if (error instanceof ApiError) await this.noticed(error);
      else this.#logUnexpected(error);
      return undefined;
    }
  }

  /** Takes in what the server just said: an answer to a write, a stream's frame. Never something made up. */
  adopt(fact: Workspace | Build): void {
    if (!this.signal.aborted) this.#store.adopt(fact);
  }

  /**
   * Waits until what is known of a workspace satisfies `isSo`; `undefined` stands for one that is gone. Meanwhile its
   * builds are followed even if nobody looks. Rejects with the signal's reason, or with the session's when it ends.
   */
  async waitFor(
    id: WorkspaceId,
    isSo: (workspace: Workspace | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<Workspace | undefined> {
    this.#followed.push(id);
    this.#attend({ followed: new Set(this.#followed) });
    try {
      return await waitForFact(this.state, id, isSo, [signal, this.signal]);
    } finally {
      this.#followed.splice(this.#followed.indexOf(id), 1);
      this.#attend({ followed: new Set(this.#followed) });
    }
  }

  /**
   * Reads the list anew, again and again while the deployment is away, and ends with what is known then. Rejects with the
   * signal's reason, or with the session's when it ends.
   */
  async readAgain(signal: AbortSignal): Promise<Ready> {
    this.#awaiting += 1;
    this.#attend({ isAwaited: true });
    try {
      await this.#reading.again();
      return await waitForReady(this.state, ({ stale }) => stale === undefined, [signal, this.signal]);
    } finally {
      this.#awaiting -= 1;
      this.#attend({ isAwaited: this.#awaiting > 0 });
    }
  }

  /** Tells of a failed call of someone else's: if it was a 401 that is confirmed, the session ends. Whether it has. */
  async noticed(error: unknown): Promise<boolean> {
    const refusal = this.signal.aborted ? undefined : await this.#expiry.confirm(error);
    if (refusal !== undefined) this.#expire(refusal);
    return this.state.value.kind === 'signedOut';
  }

  #wanted(): Reads | undefined {
    const known = {
      workspaces: this.#store.workspaces,
      isWatched: (id: WorkspaceId) => this.#watching.isWatched(id),
    };
    return wantedReads(this.#attention, known);
  }

  #attend(change: Partial<Attention>): void {
    const before = this.#attention;
    this.#attention = { ...before, ...change };
    if (this.signal.aborted) return;
    this.#follow();
    if (hasComeBack(before, this.#attention)) this.#reading.catchUp();
  }

  /** Streams and reads for what deserves them now. */
  #follow(): void {
    try {
      if (!this.signal.aborted && this.#reading.isListed) this.#followKnown();
    } catch (error) {
      this.#logUnexpected(error);
    }
    this.#reading.reconsider();
    this.#polling.reconsider();
  }

  #followKnown(): void {
    const { workspaces } = this.#store;
    this.#watching.follow(watchPlan(workspaces, this.#maxStreams, this.#attention));
    const reads = this.#wanted();
    this.#polls.follow(reads?.polls ?? [], this.#timing.monotonicMs());
    for (const workspace of reads === undefined ? [] : workspaces) {
      if (workspace.template_id !== undefined && needsTemplate(workspace))
        this.#buildTimes.learn(workspace.template_id);
    }
  }

  async #poll(): Promise<void> {
    const ids = this.#polls.take(this.#timing.monotonicMs());
    await Promise.all(ids.map((id) => this.tryRefetch(id)));
  }

  #onAnswer(): void {
    this.#watching.resume();
    this.#follow();
  }

  async #judgeRefusal(id: WorkspaceId, error: ApiError): Promise<void> {
    if (!(await this.noticed(error))) await this.tryRefetch(id);
  }

  /** The machine slept, or its clock was set. */
  #clockJumped(jumpMs: Milliseconds): void {
    this.#log(`the clock moved by ${Math.round(jumpMs / 1000)} s`);
    this.client.clock.localClockJumped(jumpMs);
    this.#tellClock();
    if (jumpMs < 0) {
      if (this.#wanted() !== undefined) this.#reading.askTime();
      return;
    }
    // All sockets may be dead without having been told.
    this.#watching.restart();
    this.#reading.startOver();
  }

  #tellClock(): void {
    this.#clockCorrections.set(this.#clockCorrections.value + 1);
  }

  /** A mistake of this extension: told once, however often it is made. */
  #logUnexpected(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (this.signal.aborted || this.#unexpected.has(text)) return;
    this.#unexpected.add(text);
    this.#log(`unexpected: ${text}`);
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
