import { onAbort } from '../api/abort.ts';
import type { DeploymentUrl } from '../api/address.ts';
import type { Calls } from '../api/calls.ts';
import type { CoderClient } from '../api/client.ts';
import { ApiError, inBackground } from '../api/errors.ts';
import { buildInfo } from '../api/general.ts';
import { networkAddresses } from '../api/networkAddresses.ts';
import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, TemplateId, WorkspaceId } from '../api/units.ts';
import * as users from '../api/users.ts';
import type { Activity } from './activityText.ts';
import { hasComeBack, type Attention, type Reads } from './attention.ts';
import { AttentionTracker, type WindowAttention } from './attentionTracker.ts';
import type { UsualTimes } from './buildTimes.ts';
import { ClockWatch } from './clockWatch.ts';
import { Expiry } from './expiry.ts';
import type { Finding } from './finding.ts';
import { Following } from './following.ts';
import { keepRunning } from './keepRunning.ts';
import { lookUp } from './listing.ts';
import type { Observable } from './observable.ts';
import { Reading } from './reading.ts';
import { LearnedSshNames } from './sshNames.ts';
import type { Ready, State } from './state.ts';
import { StateStore } from './stateStore.ts';
import { realTiming, type Timing } from './timing.ts';
import { safeLog, unexpectedErrorLog } from './unexpectedError.ts';
import { waitForFact, waitForReady } from './waiting.ts';

export interface SessionOptions {
  readonly client: CoderClient;
  /** Ends the session and all that it has open. */
  readonly signal: AbortSignal;
  /** The user of the token, if already known. */
  readonly user?: User | undefined;
  /** Initial scope and filter; absent: the user's own workspaces. */
  readonly finding?: Finding | undefined;
  readonly timing?: Timing | undefined;
  /** The machine's network addresses; a change means another network. */
  readonly addresses?: (() => string) | undefined;
  /** One line for the log; never holds a secret. */
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * Keeps one deployment's `State` equal to the server, from its construction until its signal ends it, by streams and
 * reads. How much it reads depends on `Attention`; if nothing needs the data, it reads nothing. Nothing else assigns State.
 */
export class Session {
  readonly url: DeploymentUrl;
  /** What the functions of the API are called with. */
  readonly calls: Calls;
  readonly sshNames: LearnedSshNames;
  readonly #end = new AbortController();
  readonly #log: (line: string) => void;
  readonly #onError: (error: unknown) => void;
  readonly #store = new StateStore();
  readonly #expiry: Expiry;
  readonly #reading: Reading;
  readonly #following: Following;
  readonly #attention: AttentionTracker;
  readonly #clock: ClockWatch;

  constructor({
    client,
    signal,
    user,
    finding,
    timing = realTiming,
    addresses = networkAddresses,
    log: givenLog = () => undefined,
  }: SessionOptions) {
    const { url, calls, clock } = client;
    this.url = url;
    this.calls = calls;
    const log = safeLog(givenLog);
    this.#log = log;
    this.#onError = unexpectedErrorLog(log, this.signal);
    const common = { calls, store: this.#store, timing, signal: this.signal, onError: this.#onError, log };
    const ends = (error: unknown): Promise<boolean> => this.noticed(error);
    this.#expiry = new Expiry(
      async () => calls.features.buildVersion ?? buildInfo(calls, this.signal),
      () => users.me(calls, this.signal),
    );
    this.sshNames = new LearnedSshNames(calls, common);
    this.#attention = new AttentionTracker({
      timing,
      signal: this.signal,
      onChange: (after, before) => this.#attend(after, before),
      onError: this.#onError,
    });
    this.#following = new Following({
      ...common,
      ends,
      onWorkspace: (workspace) => this.adopt(workspace),
      read: (id) => this.tryRefetch(id),
      onChange: () => this.#follow(),
      onDoubt: () => this.#reading.probe(),
      onTrouble: (error) => this.#reading.fail('watch', error),
    });
    this.#reading = new Reading({
      ...common,
      user,
      finding,
      followed: () => this.#attention.value.followed,
      ends,
      wanted: () => this.#wanted(),
      onAnswer: () => this.#onAnswer(),
      onAway: () => this.#following.suspend(),
    });
    this.#store.state.subscribe(() => this.#follow());
    calls.commandStreams.onChange = () => this.#follow();
    this.#clock = new ClockWatch({
      ...common,
      clock,
      addresses,
      isAway: () => this.#store.outage !== undefined,
      onSleep: () => {
        calls.reconnect();
        this.#following.restart();
        this.#reading.startOver();
      },
      onSetBack: () => {
        if (this.#store.outage !== undefined) this.#reading.retell();
        else if (this.#wanted() !== undefined) this.#reading.askTime();
      },
      onOtherNetwork: () => this.#reading.catchUp(),
    });
    if (signal.aborted) this.#stop(signal.reason);
    else onAbort(signal, () => this.#stop(signal.reason));
    for (const part of [this.#reading, this.#following, this.#clock])
      keepRunning(() => part.run(), this.signal, this.#onError);
  }

  get state(): Observable<State> {
    return this.#store.state;
  }

  /** Aborted when the session ends: signed out, expired or deactivated. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** By the server's clock. */
  now(): EpochMs {
    return this.calls.clock.now();
  }

  /** Template data for workspaces in transition or with a deadline; added as it is read. */
  get usualTimes(): Observable<ReadonlyMap<TemplateId, UsualTimes>> {
    return this.#following.usualTimes;
  }

  /** Open streams and scheduled reads. */
  get activity(): Activity {
    return { ...this.#following.activity, next: this.#reading.next };
  }

  /** Incremented when the clock jumped or was corrected: whoever shows times then redraws. */
  get clockCorrections(): Observable<number> {
    return this.#clock.corrections;
  }

  /** What this window shows and needs from now on; what is left out stays as it is. */
  attend(window: Partial<WindowAttention>): void {
    this.#attention.attend(window);
  }

  /** Reads the list now. Resolves when that has succeeded or failed, which the state then shows. */
  refresh(): Promise<void> {
    return this.#reading.ask('list');
  }

  /** Like `refresh`, without waiting. */
  refreshInBackground(): void {
    inBackground(this.refresh(), this.#onError);
  }

  /** What is to be shown; the state says what is. */
  get finding(): Finding {
    return this.#reading.finding;
  }

  /**
   * Shows other workspaces, or these in another way, from now on; ends when they are there, or cannot be read now: then
   * they come with the next list. @throws ApiError where the server does not take the search; then all stays as it was
   */
  find(finding: Finding): Promise<void> {
    return this.#reading.find(finding);
  }

  /** Makes the organizations of workspaces known that don't tell it (V0). @throws ApiError */
  async learnOrganizations(signal: AbortSignal): Promise<void> {
    await this.#store.organizations.learn(this.calls, this.#store.workspaces, signal);
    this.#store.found(this.#store.workspaces, this.#store.mark());
  }

  /** Reads one workspace now, after a write that streams don't report (contract 3.1: autostart, TTL). */
  async refetch(id: WorkspaceId, signal: AbortSignal = this.signal): Promise<Workspace | undefined> {
    const mark = this.#store.mark();
    return this.#store.answer(id, await lookUp(this.calls, id, signal), mark);
  }

  /** Like `refetch`, but failures are ignored: the list fails for the same reasons and reports them. */
  async tryRefetch(id: WorkspaceId): Promise<Workspace | undefined> {
    try {
      return await this.refetch(id);
    } catch (error) {
      if (this.signal.aborted) return undefined;
      if (error instanceof ApiError) await this.noticed(error);
      else this.#onError(error);
      return undefined;
    }
  }

  /** Stores a workspace that the server just sent, in a response or a stream frame. */
  adopt(fact: Workspace | Build): void {
    if (!this.signal.aborted) this.#store.adopt(fact);
  }

  /**
   * Waits until what is known of a workspace satisfies `isSo`; `undefined` stands for one that is gone. Meanwhile its
   * builds are followed even while the tree is hidden. Rejects with the signal's reason, or with the session's when it ends.
   */
  waitFor(
    id: WorkspaceId,
    isSo: (workspace: Workspace | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<Workspace | undefined> {
    return this.#attention.following(id, () => waitForFact(this.state, id, isSo, [signal, this.signal]));
  }

  /**
   * Reads the list anew, again and again while the deployment is away, and ends with what is known then. Rejects with the
   * signal's reason, or with the session's when it ends.
   */
  readAgain(signal: AbortSignal): Promise<Ready> {
    return this.#attention.awaiting(async () => {
      await this.#reading.again();
      return waitForReady(this.state, ({ stale }) => stale === undefined, [signal, this.signal]);
    });
  }

  /** Called with the error of a failed call: a confirmed 401 ends the session. Resolves to whether it has ended. */
  async noticed(error: unknown): Promise<boolean> {
    const refusal = this.signal.aborted ? undefined : await this.#expiry.confirm(error);
    if (refusal !== undefined) this.#expire(refusal);
    return this.state.value.kind === 'signedOut';
  }

  #wanted(): Reads | undefined {
    return this.#following.wantedReads(this.#attention.value);
  }

  #attend(after: Attention, before: Attention): void {
    if (this.signal.aborted) return;
    this.#follow();
    if (hasComeBack(before, after)) this.#reading.catchUp();
  }

  /** Opens the streams and schedules the reads that the present attention requires. */
  #follow(): void {
    try {
      if (!this.signal.aborted && this.#reading.isListed) this.#following.follow(this.#attention.value);
    } catch (error) {
      this.#onError(error);
    }
    this.#reading.reconsider();
    this.#following.reconsider();
  }

  #onAnswer(): void {
    this.#following.resume();
    this.#follow();
  }

  #expire({ reason }: ApiError): void {
    if (this.signal.aborted) return;
    this.#log(`session: the server no longer accepts the token: ${plainLine(reason ?? '', 300)}`);
    this.#stop(new DOMException('The session has ended.', 'AbortError'));
    this.#store.expire(reason);
  }

  #stop(reason: unknown): void {
    this.#following.stop();
    this.#end.abort(reason);
  }
}
