import { ApiError } from '../api/errors.ts';
import type { WatchEvent } from '../api/watch.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { Milliseconds, WorkspaceId } from '../api/units.ts';
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
  /** A stream cannot come back. Answers whether the deployment is away; then all wait until `resume`. */
  readonly isAway: () => Promise<boolean>;
  readonly log: (line: string) => void;
}

interface Stream {
  readonly stop: AbortController;
  isOpen: boolean;
}

/** Ends when the deployment is back. */
interface Away {
  readonly isOver: Promise<void>;
  readonly end: () => void;
}

/** A stream that held this long was not at fault when it ended. */
const STEADY_MS = 30_000;

/**
 * The supervisor of all streams of one deployment: opens one per workspace that is to be watched, brings lost ones
 * back with growing pauses, and brings back none while the whole deployment is away.
 */
export class Watching {
  readonly #options: WatchingOptions;
  readonly #streams = new Map<WorkspaceId, Stream>();
  /** Deployments between the ages, or a proxy, may know neither form of the route. */
  #isUnsupported = false;
  #away: Away | undefined;

  constructor(options: WatchingOptions) {
    this.#options = options;
  }

  /** Watches exactly these. */
  follow(ids: readonly WorkspaceId[]): void {
    const wanted = new Set(this.#isUnsupported ? [] : ids);
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

  /** The deployment answers again. */
  resume(): void {
    this.#away?.end();
    this.#away = undefined;
  }

  /** Opens all anew: after a sleep their sockets are dead without having been told. */
  restart(): void {
    const ids = [...this.#streams.keys()];
    this.follow([]);
    this.resume();
    this.follow(ids);
  }

  #begin(id: WorkspaceId): void {
    const stream: Stream = { stop: new AbortController(), isOpen: false };
    this.#streams.set(id, stream);
    void this.#keep(id, stream);
  }

  async #keep(id: WorkspaceId, stream: Stream): Promise<void> {
    const { signal } = stream.stop;
    let failures = 0;
    for (;;) {
      const beganAt = this.#options.timing.now();
      const error = await this.#listen(id, stream);
      if (signal.aborted || error === undefined) return;
      const wasOpen = stream.isOpen;
      this.#setOpen(stream, false);
      failures = wasOpen && this.#options.timing.now() - beganAt >= STEADY_MS ? 1 : failures + 1;
      if (error.kind === 'routeNotFound') {
        this.#giveUp();
        return;
      }
      await this.#judge(id, error, wasOpen);
      const delay = retryDelayMs(error, failures, this.#options.timing.random());
      if (!(await this.#pause(delay, signal))) return;
    }
  }

  /** Hands on what one connection brings until it ends; how it ended, unless it was stopped. */
  async #listen(id: WorkspaceId, stream: Stream): Promise<ApiError | undefined> {
    try {
      for await (const event of this.#options.watch(id, stream.stop.signal)) {
        if (stream.stop.signal.aborted) break;
        if (event.kind === 'open') this.#setOpen(stream, true);
        else if (event.kind === 'workspace') this.#options.onWorkspace(event.workspace);
        // The last good workspace stays; a frame that could not be read says nothing about it.
        else this.#options.log(`watch: ${describe(event.error)}`);
      }
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error;
      if (stream.stop.signal.aborted) return undefined;
      throw error;
    }
  }

  async #judge(id: WorkspaceId, error: ApiError, wasOpen: boolean): Promise<void> {
    if (error.kind === 'rateLimited') return;
    if (!mayBeAway(error)) {
      await this.#options.onRefused(id, error);
      return;
    }
    // A stream that was cut is simply opened again; only one that cannot be opened makes one wonder.
    if (wasOpen || this.#away !== undefined) return;
    const away = begin();
    this.#away = away;
    if (!(await this.#options.isAway()) && this.#away === away) this.resume();
  }

  /** Whether to go on: waits its own pause, then until the deployment is back. */
  async #pause(delay: Milliseconds, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.timing.sleep(delay, signal);
    } catch {
      return false;
    }
    await this.#away?.isOver;
    return !signal.aborted;
  }

  #setOpen(stream: Stream, isOpen: boolean): void {
    if (stream.isOpen === isOpen) return;
    stream.isOpen = isOpen;
    this.#options.onChange();
  }

  #giveUp(): void {
    this.#isUnsupported = true;
    this.#options.log('watch: this deployment offers no streams; asking regularly instead');
    this.follow([]);
    this.#options.onChange();
  }
}

const begin = (): Away => {
  let end = (): void => undefined;
  const isOver = new Promise<void>((resolve) => (end = resolve));
  return { isOver, end: () => end() };
};

const describe = (error: ApiError): string => [error.message, error.detail ?? ''].join(' ').trim();
