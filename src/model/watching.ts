import { ApiError } from '../api/errors.ts';
import { isBlocked } from '../api/serverFrames.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { MonotonicMs, WorkspaceId } from '../api/units.ts';
import { between, later, minutes } from '../api/units.ts';
import type { WatchEvent } from '../api/watch.ts';
import { Gate } from './gate.ts';
import { mayBeAway, retryDelayMs } from './retry.ts';
import type { Timing } from './timing.ts';

/** What streams bring, and whom they ask. */
export interface WatchingOptions {
  readonly watch: (id: WorkspaceId, signal: AbortSignal) => AsyncIterable<WatchEvent>;
  readonly timing: Timing;
  readonly onWorkspace: (workspace: Workspace) => void;
  /** A stream began or ceased to tell. */
  readonly onChange: () => void;
  /** The server refuses this one stream: is the workspace, or the session, still there? */
  readonly onRefused: (id: WorkspaceId, error: ApiError) => Promise<void>;
  /** A stream cannot come back, or fell silent. Whether the deployment is away is for whoever is asked to find out. */
  readonly onDoubt: () => Promise<void>;
  /** Something was thrown that nobody foresaw; the stream comes back after a pause. Must not throw. */
  readonly onError: (error: unknown) => void;
  readonly log: (line: string) => void;
}

interface Stream {
  readonly stop: AbortController;
  isOpen: boolean;
}

/** What one connection of a stream brought. */
interface Connection {
  openedAt: MonotonicMs | undefined;
  /** The first one is the snapshot, each further one a change. */
  workspaces: number;
}

const STEADY_MS = 5_000;
/** A deployment may be upgraded, and a laptop carried to another network. */
const BLOCKED_MS = minutes(5);

/** Whether a connection worked before it ended: the pauses begin anew. */
const isSteady = ({ openedAt, workspaces }: Connection, now: MonotonicMs): boolean =>
  openedAt !== undefined && (workspaces > 1 || between(openedAt, now) >= STEADY_MS);

/**
 * The supervisor of all streams of one deployment: opens one per workspace that is to be watched, brings lost ones
 * back with growing pauses, and brings back none while the whole deployment is away.
 */
export class Watching {
  readonly #options: WatchingOptions;
  readonly #streams = new Map<WorkspaceId, Stream>();
  /** Closed while the deployment is away. */
  readonly #gate = new Gate();
  /** Neither form of the stream gets through: none is tried before. */
  #blockedUntil: MonotonicMs | undefined;
  #doubt: Promise<void> | undefined;
  #lastTurn: Promise<void> = Promise.resolve();

  constructor(options: WatchingOptions) {
    this.#options = options;
  }

  /** Watches exactly these. */
  follow(ids: readonly WorkspaceId[]): void {
    const wanted = new Set(this.#isBlocked() ? [] : ids);
    for (const [id, stream] of this.#streams) {
      if (wanted.has(id)) continue;
      this.#streams.delete(id);
      stream.stop.abort();
    }
    for (const id of wanted) if (!this.#streams.has(id)) this.#begin(id);
  }

  /** Whether changes of this workspace are being heard. */
  isWatched(id: WorkspaceId): boolean {
    return this.#streams.get(id)?.isOpen === true;
  }

  /** Streams that tell, and those that are to. */
  get count(): { readonly open: number; readonly wanted: number } {
    const streams = [...this.#streams.values()];
    return { open: streams.filter(({ isOpen }) => isOpen).length, wanted: streams.length };
  }

  /** The deployment is away: no stream is opened until it is back. Those that are open stay. */
  suspend(): void {
    this.#gate.close();
  }

  /** The deployment answers again. */
  resume(): void {
    this.#gate.open();
  }

  /** Opens all anew: after a sleep their sockets are dead without having been told. */
  restart(): void {
    const ids = [...this.#streams.keys()];
    this.#blockedUntil = undefined;
    this.follow([]);
    this.resume();
    this.follow(ids);
  }

  #begin(id: WorkspaceId): void {
    const stream: Stream = { stop: new AbortController(), isOpen: false };
    this.#streams.set(id, stream);
    this.#keep(id, stream).catch(() => undefined);
  }

  /** A connection takes up to 30 ms of the processor (networking 2.3): one after the other, so that others get their turn. */
  #turn(): Promise<void> {
    this.#lastTurn = this.#lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.#lastTurn;
  }

  /** Rejects only with the abort that ends it. */
  async #keep(id: WorkspaceId, stream: Stream): Promise<void> {
    const { timing } = this.#options;
    const { signal } = stream.stop;
    let failures = 0;
    await this.#turn();
    for (;;) {
      await this.#gate.passed(signal);
      const connection: Connection = { openedAt: undefined, workspaces: 0 };
      const error = await this.#listen(id, stream, connection).catch((thrown: unknown) => thrown);
      signal.throwIfAborted();
      failures = isSteady(connection, timing.monotonicMs()) ? 1 : failures + 1;
      await this.#judge(id, error, connection);
      const pause = retryDelayMs(error instanceof ApiError ? error : undefined, failures, timing.random());
      await timing.sleep(pause, signal);
    }
  }

  /** Hands on what one connection brings until it ends, by whatever it throws. */
  async #listen(id: WorkspaceId, stream: Stream, connection: Connection): Promise<void> {
    try {
      for await (const event of this.#options.watch(id, stream.stop.signal)) {
        stream.stop.signal.throwIfAborted();
        if (event.kind === 'open') {
          connection.openedAt = this.#options.timing.monotonicMs();
          this.#setOpen(stream, true);
        } else if (event.kind === 'workspace') {
          connection.workspaces += 1;
          this.#options.onWorkspace(event.workspace);
        }
        // The last good workspace stays; a frame that could not be read says nothing about it.
        else this.#options.log(`watch: ${describe(event.error)}`);
      }
    } finally {
      this.#setOpen(stream, false);
    }
  }

  async #judge(id: WorkspaceId, error: unknown, { openedAt }: Connection): Promise<void> {
    try {
      if (!(error instanceof ApiError)) this.#options.onError(error);
      else if (isBlocked(error)) this.#giveUp(error);
      else if (error.kind === 'rateLimited') return;
      else if (!mayBeAway(error)) await this.#options.onRefused(id, error);
      // One that was cut is simply opened again; one that cannot be opened or fell silent makes the deployment doubtful.
      else if (openedAt === undefined || error.kind === 'timeout') await this.#askWhetherAway();
    } catch (thrown) {
      this.#options.onError(thrown);
    }
  }

  /** Once for all streams that fail at the same time. */
  #askWhetherAway(): Promise<void> {
    this.#doubt ??= this.#options.onDoubt().finally(() => (this.#doubt = undefined));
    return this.#doubt;
  }

  #setOpen(stream: Stream, isOpen: boolean): void {
    if (stream.isOpen === isOpen) return;
    stream.isOpen = isOpen;
    this.#options.onChange();
  }

  /** Deployments between the ages know neither form of the route; a proxy may let neither through. */
  #giveUp(error: ApiError): void {
    this.#blockedUntil = later(this.#options.timing.monotonicMs(), BLOCKED_MS);
    this.#options.log(`watch: ${error.message} Reading regularly instead.`);
    this.follow([]);
    this.#options.onChange();
  }

  #isBlocked(): boolean {
    return this.#blockedUntil !== undefined && this.#options.timing.monotonicMs() < this.#blockedUntil;
  }
}

const describe = (error: ApiError): string => [error.message, error.detail ?? ''].join(' ').trim();
