import { retryDelayMs } from '../api/backOff.ts';
import { ApiError } from '../api/errors.ts';
import { joined } from '../api/plainText.ts';
import { isBlocked } from '../api/serverFrames.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Milliseconds, MonotonicMs, WorkspaceId } from '../api/units.ts';
import { between, later, minutes } from '../api/units.ts';
import type { WatchEvent } from '../api/watch.ts';
import { mayBeAway } from './away.ts';
import { Gate } from './gate.ts';
import { keepRunning } from './keepRunning.ts';
import { TaskQueue } from './taskQueue.ts';
import type { Timing } from './timing.ts';

/** Callbacks of the streams. */
export interface WatchingOptions {
  /** `isRefused`: streams are not opened although the deployment answers. */
  readonly watch: (id: WorkspaceId, signal: AbortSignal, isRefused: boolean) => AsyncIterable<WatchEvent>;
  readonly timing: Timing;
  readonly onWorkspace: (workspace: Workspace) => void;
  /** A stream began or ceased to tell. */
  readonly onChange: () => void;
  /** The server rejected this stream: checks whether the workspace and the session still exist. */
  readonly onRefused: (id: WorkspaceId, error: ApiError) => Promise<void>;
  /** A stream can't be reopened or is silent; the callee checks whether the deployment is available. */
  readonly onDoubt: () => Promise<void>;
  /** Receives unexpected errors; the stream is reopened after a delay. Must not throw. */
  readonly onError: (error: unknown) => void;
  readonly log: (line: string) => void;
}

interface Stream {
  readonly stop: AbortController;
  isOpen: boolean;
}

/** Statistics of one connection of a stream. */
interface Connection {
  openedAt: MonotonicMs | undefined;
  /** The first one is the snapshot, each further one a change. */
  workspaces: number;
}

const STEADY_MS = 5_000;
/** So many attempts in a row that fail may be chance. */
const BY_CHANCE = 2;
/** Retry interval for streams where none was possible: the deployment or the network may have changed. */
const BLOCKED_MS = minutes(5);

/** Whether a connection worked before it ended, which resets the back-off. */
const isSteady = ({ openedAt, workspaces }: Connection, now: MonotonicMs): boolean =>
  openedAt !== undefined && (workspaces > 1 || between(openedAt, now) >= STEADY_MS);

/**
 * Supervises the streams of one deployment: opens one for each watched workspace, reopens lost ones with back-off, and
 * reopens none while the deployment is unavailable.
 */
export class Watching {
  readonly #options: WatchingOptions;
  readonly #streams = new Map<WorkspaceId, Stream>();
  /** Closed while the deployment is away. */
  readonly #gate = new Gate();
  /** Whether the deployment has answered since a stream could not be opened; `undefined`: none has failed so, or one was opened. */
  #answersAllTheSame: boolean | undefined;
  /** Neither kind of stream works: time of the next try. */
  #blockedUntil = 0 as MonotonicMs;
  /** What a frame was last logged for, and until when that is not said again: a broken proxy breaks every stream. */
  #problem = { text: '', until: 0 as MonotonicMs };
  /** Logged once, until a stream ends for another reason. */
  #isBlockLogged = false;
  #doubt: Promise<void> | undefined;
  readonly #turns = new TaskQueue();

  constructor(options: WatchingOptions) {
    this.#options = options;
  }

  /** Sets the watched workspaces. */
  follow(ids: readonly WorkspaceId[]): void {
    const wanted = new Set(this.blockedForMs > 0 ? [] : ids);
    for (const [id, stream] of this.#streams) {
      if (wanted.has(id)) continue;
      this.#streams.delete(id);
      stream.stop.abort();
    }
    for (const id of wanted) if (!this.#streams.has(id)) this.#begin(id);
  }

  /** Whether a stream for this workspace is open. */
  isWatched(id: WorkspaceId): boolean {
    return this.#streams.get(id)?.isOpen === true;
  }

  /** Counts of open and of wanted streams. */
  get count(): { readonly open: number; readonly wanted: number } {
    const streams = [...this.#streams.values()];
    return { open: streams.filter(({ isOpen }) => isOpen).length, wanted: streams.length };
  }

  /** Time until streams are tried again, if none gets through; 0 otherwise. */
  get blockedForMs(): Milliseconds {
    return Math.max(0, between(this.#options.timing.monotonicMs(), this.#blockedUntil)) as Milliseconds;
  }

  /** The deployment is away: no stream is opened until it is back. Those that are open stay. */
  suspend(): void {
    this.#answersAllTheSame = undefined;
    this.#gate.close();
  }

  /** The deployment answers again. */
  resume(): void {
    if (this.#answersAllTheSame !== undefined) this.#answersAllTheSame = true;
    this.#gate.open();
  }

  /** Opens all anew: after a sleep their sockets are dead without having been told. */
  restart(): void {
    const ids = [...this.#streams.keys()];
    this.#blockedUntil = 0 as MonotonicMs;
    this.follow([]);
    this.resume();
    this.follow(ids);
  }

  #begin(id: WorkspaceId): void {
    const stream: Stream = { stop: new AbortController(), isOpen: false };
    this.#streams.set(id, stream);
    keepRunning(() => this.#keep(id, stream), stream.stop.signal, this.#options.onError);
  }

  /** Opening a connection takes up to 30 ms of processor time, so they are opened one at a time. */
  #turn(): Promise<void> {
    return this.#turns.run(() => new Promise((resolve) => setImmediate(resolve)));
  }

  /** Rejects with the abort that ends it, and with what `timing` throws. */
  async #keep(id: WorkspaceId, stream: Stream): Promise<void> {
    const { timing } = this.#options;
    const { signal } = stream.stop;
    let failures = 0;
    await this.#turn();
    for (;;) {
      await this.#gate.passed(signal);
      const connection: Connection = { openedAt: undefined, workspaces: 0 };
      const isRefused = failures > BY_CHANCE && this.#answersAllTheSame === true;
      const error = await this.#listen(id, stream, connection, isRefused).catch((thrown: unknown) => thrown);
      signal.throwIfAborted();
      if (connection.openedAt === undefined) this.#answersAllTheSame ??= false;
      failures = isSteady(connection, timing.monotonicMs()) ? 1 : failures + 1;
      await this.#judge(id, error, connection);
      const pause = retryDelayMs(error instanceof ApiError ? error : undefined, failures, timing.random());
      await timing.sleep(pause, signal);
    }
  }

  /** Reads one connection until it ends with an error. */
  async #listen(id: WorkspaceId, stream: Stream, connection: Connection, isRefused: boolean): Promise<void> {
    try {
      for await (const event of this.#options.watch(id, stream.stop.signal, isRefused)) {
        stream.stop.signal.throwIfAborted();
        if (event.kind === 'open') {
          connection.openedAt = this.#options.timing.monotonicMs();
          this.#answersAllTheSame = undefined;
          this.#setOpen(stream, true);
        } else if (event.kind === 'workspace') {
          connection.workspaces += 1;
          this.#options.onWorkspace(event.workspace);
        }
        // A frame that can't be decoded leaves the last valid workspace in place.
        else this.#logProblem(describe(event.error));
      }
    } finally {
      this.#setOpen(stream, false);
    }
  }

  async #judge(id: WorkspaceId, error: unknown, { openedAt }: Connection): Promise<void> {
    try {
      if (!(error instanceof ApiError)) this.#options.onError(error);
      else if (isBlocked(error)) {
        this.#giveUp(error);
        return;
      } else if (error.kind === 'rateLimited') return;
      else if (!mayBeAway(error)) await this.#options.onRefused(id, error);
      // A cut stream is reopened; one that can't be opened or is silent may mean an outage.
      else if (openedAt === undefined || error.kind === 'timeout') await this.#askWhetherAway();
      this.#isBlockLogged = false;
    } catch (thrown) {
      this.#options.onError(thrown);
    }
  }

  #logProblem(text: string): void {
    const now = this.#options.timing.monotonicMs();
    if (text === this.#problem.text && now < this.#problem.until) return;
    this.#problem = { text, until: later(now, BLOCKED_MS) };
    this.#options.log(`watch: ${text}`);
  }

  /** Reports once for all streams that fail at the same time. */
  #askWhetherAway(): Promise<void> {
    this.#doubt ??= this.#options.onDoubt().finally(() => (this.#doubt = undefined));
    return this.#doubt;
  }

  #setOpen(stream: Stream, isOpen: boolean): void {
    if (stream.isOpen === isOpen) return;
    stream.isOpen = isOpen;
    this.#options.onChange();
  }

  /** Some versions between v0 and v2 have neither kind of stream; a proxy may block both. */
  #giveUp(error: ApiError): void {
    this.#blockedUntil = later(this.#options.timing.monotonicMs(), BLOCKED_MS);
    if (!this.#isBlockLogged) this.#options.log(`watch: ${error.message} Reading regularly instead.`);
    this.#isBlockLogged = true;
    this.follow([]);
    this.#options.onChange();
  }
}

const describe = ({ message, detail }: ApiError): string => joined([message, detail], ' ');
