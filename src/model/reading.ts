import { retryDelayMs } from '../api/backOff.ts';
import { LinkedController } from '../api/abort.ts';
import { ApiError, inBackground } from '../api/errors.ts';
import { buildInfo } from '../api/general.ts';
import { withFullStop } from '../api/sentences.ts';
import type { EpochMs, MonotonicMs } from '../api/units.ts';
import { between, later } from '../api/units.ts';
import { mayBeAway } from './away.ts';
import type { Activity } from './activityText.ts';
import type { Reads, Search } from './attention.ts';
import { dueRead, usualRead, type ReadHistory, type ReadKind } from './dueRead.ts';
import { ChangesReader, MOST_READ } from './changesReader.ts';
import type { Finding } from './finding.ts';
import { ListReader, type ListReaderOptions } from './listReader.ts';
import { Schedule } from './schedule.ts';
import type { SearchedSet } from './searchedSet.ts';
import type { Outage } from './state.ts';
import { UnexpectedError } from './unexpectedError.ts';

export interface ReadingOptions extends ListReaderOptions {
  readonly signal: AbortSignal;
  /** What is to be read now; undefined: nothing. */
  readonly wanted: () => Reads | undefined;
  /** Whether `error` ends the session. */
  readonly ends: (error: unknown) => Promise<boolean>;
  /** A read succeeded. */
  readonly onAnswer: () => void;
  /** The deployment may be unavailable; the read is retried. */
  readonly onAway: () => void;
  /** A mistake of this extension. */
  readonly onError: (error: unknown) => void;
}

/** A list younger than this isn't read again when the window regains focus. */
const RECENT_MS = 5_000;
/** The same if a stream fails while `buildinfo` succeeds. */
const RECENT_LIST_MS = 30_000;

/** Keeps the state up to date by reads of the whole list and searches for changes. One loop, also during outages. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #schedule: Schedule;
  readonly #list: ListReader;
  readonly #changes: ChangesReader;
  /** The read in progress. */
  #current: { readonly kind: ReadKind; readonly beganAt: MonotonicMs; readonly stop: AbortController } | undefined;
  #asked: ReadKind | undefined;
  #history: Omit<ReadHistory, 'searchRefusal'> = { isListed: false };
  #failures = 0;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#list = new ListReader(options);
    this.#changes = new ChangesReader(options.calls, options.store, options.log);
    const { timing, signal, onError } = options;
    this.#schedule = new Schedule({
      timing,
      signal,
      onError,
      read: () => this.#read(),
      dueAt: () => this.#due()?.at,
    });
  }

  /** Runs until the signal aborts. Never rejects. */
  run(): Promise<void> {
    return this.#schedule.run();
  }

  /** Whether the list has been read completely; before that, no streams are opened. */
  get isListed(): boolean {
    return this.#history.isListed;
  }

  /** The next scheduled read. */
  get next(): Activity['next'] {
    const due = this.#due();
    return due && { kind: due.kind, inMs: between(this.#options.timing.monotonicMs(), due.at) };
  }

  /**
   * Reads now, or joins the read in progress. Resolves when it has ended, even if it failed. During an outage no read is
   * joined, since it may wait for a dead connection; one that has taken long is aborted.
   */
  ask(kind: ReadKind): Promise<void> {
    const { store, timing } = this.#options;
    const current = this.#current;
    const isAway = store.outage !== undefined;
    if (!isAway && (current?.kind === 'list' || current?.kind === kind)) return this.#schedule.ask();
    if (isAway && current !== undefined && between(current.beganAt, timing.monotonicMs()) >= RECENT_MS)
      current.stop.abort();
    if (this.#asked !== 'list') this.#asked = kind;
    return this.#schedule.again();
  }

  /** Reads the list, and once more if a read is in progress. Resolves when it has ended, even if it failed. */
  again(): Promise<void> {
    this.#asked = 'list';
    return this.#schedule.again();
  }

  get finding(): Finding {
    return this.#list.finder.wanted;
  }

  /**
   * Shows other workspaces, or these otherwise, once they are known; ends when they are, or cannot be read now: then they
   * come with the next list. @throws ApiError where the server does not take the search; then all stays as it was
   */
  async find(finding: Finding): Promise<void> {
    const { store } = this.#options;
    if (this.#list.finder.want(finding, this.#list.user)) {
      store.showAs(finding);
      return;
    }
    await this.again();
    const refusal = this.#list.finder.takeRefusal();
    if (refusal !== undefined) throw refusal;
  }

  /** The window regained focus, or the network changed: reads now, unless the data is recent. */
  catchUp(): void {
    const reads = this.#options.wanted();
    if (reads === undefined) return;
    const kind = usualRead(reads, this.#readSoFar(reads));
    const { outage, isReady } = this.#options.store;
    if (outage !== undefined || (isReady && !this.#wasReadWithin(RECENT_MS, kind)))
      inBackground(this.ask(kind), this.#options.onError);
  }

  /** What `wanted` depends on has changed. */
  reconsider(): void {
    this.#schedule.reconsider();
  }

  /** Discards the age of all data, for example after sleep, and reads again if anything is needed. */
  startOver(): void {
    const current = this.#current;
    this.#failures = 0;
    this.#history = { isListed: this.#history.isListed };
    this.#changes.forgetRefusals();
    current?.stop.abort();
    if (current === undefined && this.#options.wanted() === undefined) return;
    inBackground(this.again(), this.#options.onError);
  }

  /** A stream can't be opened or is silent: checks whether the deployment is available. */
  async probe(): Promise<void> {
    const { store, calls, signal } = this.#options;
    if (store.outage !== undefined || this.#wasReadWithin(RECENT_MS)) return;
    try {
      await buildInfo(calls, signal, 'probeHeadersMs');
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && !mayBeAway(error)) return;
      await this.fail('buildinfo', error);
      return;
    }
    // `buildinfo` needs no database, so its success doesn't mean that a list can be read.
    if (!this.#wasReadWithin(RECENT_LIST_MS, 'list')) await this.ask('list');
  }

  /** Sends a small request for the server's time, which every response contains. */
  askTime(): void {
    const { calls, signal, onError } = this.#options;
    buildInfo(calls, signal, 'probeHeadersMs').catch((error: unknown) => {
      // Then the next answer brings it.
      if (!(error instanceof ApiError) && !signal.aborted) onError(error);
    });
  }

  #due(): ReturnType<typeof dueRead> {
    const { wanted, timing } = this.#options;
    const reads = wanted();
    return dueRead(reads, this.#readSoFar(reads), timing.monotonicMs());
  }

  #readSoFar(reads: Reads | undefined): ReadHistory {
    return { ...this.#history, searchRefusal: this.#changes.refusalOf(this.#searchedSets(reads?.search)) };
  }

  #searchedSets(search: Pick<Search, 'runningRows'> | undefined): readonly SearchedSet[] {
    return this.#list.searchedSets(search?.runningRows === undefined);
  }

  async #read(): Promise<void> {
    const kind = this.#asked ?? this.#due()?.kind ?? 'list';
    this.#asked = undefined;
    const stop = new LinkedController(this.#options.signal);
    this.#current = { kind, beganAt: this.#options.timing.monotonicMs(), stop };
    try {
      const problem = await (kind === 'list' ? this.#readList(stop.signal) : this.#readChanges(stop.signal));
      if (problem !== undefined) {
        this.#options.onAnswer();
        await this.fail(kind, problem, true);
        return;
      }
      // Asked for before the outage began.
      if (this.#options.store.outage !== undefined) return;
      this.#failures = 0;
      this.#history = { ...this.#history, retryAt: undefined };
      this.#options.onAnswer();
    } catch (error) {
      if (stop.signal.aborted) return;
      // Its other requests may wait for a dead connection: the next read is not to join them.
      stop.abort();
      await this.fail(kind, error);
    } finally {
      this.#current = undefined;
      stop.release();
    }
  }

  async #readList(stop: AbortSignal): Promise<ApiError | undefined> {
    const problem = await this.#list.read(stop);
    this.#history = { ...this.#history, isListed: true, listedAt: this.#options.timing.monotonicMs() };
    this.#changes.listed();
    return problem;
  }

  async #readChanges(stop: AbortSignal): Promise<undefined> {
    const { timing, wanted, store, onError } = this.#options;
    const mark = store.mark();
    const search = wanted()?.search ?? { runningRows: 1, isWatched: () => false };
    const isEnough = await this.#changes.read(search, this.#searchedSets(search), stop);
    // More rows are read when the list is due anyway.
    if (!isEnough && store.workspaces.length <= MOST_READ) inBackground(this.ask('list'), onError);
    this.#history = { ...this.#history, searchedAt: timing.monotonicMs() };
    store.recover(mark);
  }

  /** Shows `thrown` as an outage until the next successful read. `isReached`: the deployment answered all the same. */
  async fail(what: string, thrown: unknown, isReached = false): Promise<void> {
    const { store, timing, signal, onError, onAway } = this.#options;
    if (await this.#options.ends(thrown)) return;
    if (signal.aborted) return;
    const error = thrown instanceof ApiError ? thrown : new UnexpectedError(thrown);
    if (error instanceof UnexpectedError) onError(thrown);
    else if (store.outage === undefined) this.#options.log(`${what}: ${withFullStop(error.message)} Trying again.`);
    this.#failures += 1;
    const known = error instanceof ApiError ? error : undefined;
    const pause = retryDelayMs(known, this.#failures, timing.random());
    this.#history = { ...this.#history, retryAt: later(timing.monotonicMs(), pause) };
    // A search that succeeds doesn't tell that the list can be read again.
    if (error.kind === 'unreadable') this.#history = { ...this.#history, listedAt: undefined };
    this.#show(error);
    if (!isReached && mayBeAway(error)) onAway();
    this.reconsider();
  }

  /** The local clock, by which an outage is shown, was set back. */
  retell(): void {
    const { outage } = this.#options.store;
    if (outage !== undefined) this.#show(outage.error);
  }

  #show(error: Outage['error']): void {
    const { store, timing } = this.#options;
    const now = timing.now();
    const since = Math.min(store.outage?.since ?? now, now) as EpochMs;
    const monotonicNow = timing.monotonicMs();
    const retryAt = later(now, between(monotonicNow, this.#history.retryAt ?? monotonicNow));
    store.fail({ error, since, retryAt }, this.#list.readAt);
  }

  #wasReadWithin(length: number, kind: ReadKind = 'search'): boolean {
    const { listedAt, searchedAt } = this.#history;
    const within = (at: MonotonicMs | undefined): boolean =>
      at !== undefined && between(at, this.#options.timing.monotonicMs()) < length;
    return within(listedAt) || (kind === 'search' && within(searchedAt));
  }
}
