import { sleep } from './abort.ts';
import type { BackOffLimits } from './backOff.ts';
import * as builds from './builds.ts';
import type { Calls } from './calls.ts';
import { ApiError, type ApiErrorKind } from './errors.ts';
import { LogCursor } from './logCursor.ts';
import { LogSocket } from './logSocket.ts';
import { FINAL, isFinal, isUseless, LogRetries, MOST_LOSSES } from './logRetries.ts';
import * as operations from './operations.ts';
import { hasEnded, isSilent, SILENT_AFTER_MS } from './buildEnd.ts';
import type { Build, LogEntry } from './schemas/workspaces.ts';
import type { BuildId, EpochMs, Milliseconds } from './units.ts';

/**
 * - `entries`: each entry once, ascending; one that a V0 deployment dropped on the way (contract 3.3) comes at the end,
 *   with a lower id than those before it.
 * - `polling`: no socket gets through, so the log is read every `everyMs`. Once.
 * - `silent`: V0 has heard nothing of the provisioner since about `since`, by the server's clock, and calls the build
 *   failed for now (contract 5.2). Once; the log is followed on.
 * - `lost`: the connection is gone and will be tried again; `resumed`: it is back and nothing was missed; `at`: by the
 *   server's clock, as entries are.
 * - `ended`: the build as it really ended.
 */
export type BuildLogEvent =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'polling'; readonly everyMs: Milliseconds }
  | { readonly kind: 'silent'; readonly since: EpochMs }
  | { readonly kind: 'lost'; readonly error: ApiError; readonly at: EpochMs }
  | { readonly kind: 'resumed'; readonly at: EpochMs }
  | { readonly kind: 'ended'; readonly build: Build };

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Only entries with a higher id. */
  readonly after?: number | undefined;
  /** What is known of the build: the log of one that has ended is read by one request, without a socket. */
  readonly build?: Build | undefined;
  readonly pace?: Partial<Pace> | undefined;
}

/** Intervals and timeouts, and how long to wait after losses; tests use shorter ones. */
export interface Pace extends BackOffLimits {
  /** Between looks at the build itself: some streams never end although the build did. */
  readonly pollMs: Milliseconds;
  /** How long a stream whose build has ended must be quiet to be left. */
  readonly settleMs: Milliseconds;
  /** How long to collect before sorting: V0 sends live entries slightly out of order. */
  readonly gatherMs: Milliseconds;
  /** How long a socket may take to connect, at most as long as any answer. */
  readonly openMs: Milliseconds;
  /** Between plain reads of the log, where no socket gets through. */
  readonly readMs: Milliseconds;
}

export const PACE: Pace = {
  pollMs: 5000 as Milliseconds,
  settleMs: 3000 as Milliseconds,
  gatherMs: 30 as Milliseconds,
  openMs: 5000 as Milliseconds,
  readMs: 2000 as Milliseconds,
  firstMs: 1000 as Milliseconds,
  longestMs: 30_000 as Milliseconds,
};

/** A plain request would fail in the same way. Not `invalid`: proxies return 400 for unknown upgrades. */
const SAME_FOR_REQUESTS: readonly ApiErrorKind[] = [
  ...FINAL.filter((kind) => kind !== 'invalid'),
  'noHost',
  'refused',
  'certificate',
];

/**
 * The log of one build from its beginning to its end: `GET /workspacebuilds/{id}/logs`, both ages (contract 3.3), over a
 * socket, resumed after each loss, and by plain requests where no socket gets through. A build that V0 cancelled in the
 * queue has ended with that, although a worker may build it all the same later (contract 2.10).
 * @throws ApiError when asking again will not help; the signal's reason when aborted.
 */
export function followBuildLog(calls: Calls, id: BuildId, options: FollowOptions): AsyncGenerator<BuildLogEvent> {
  return new LogFollower(calls, id, options).events();
}

/** Events, and at last the build if it has ended. */
type Attempt = AsyncGenerator<BuildLogEvent, Build | undefined>;

class LogFollower {
  readonly #calls: Calls;
  readonly #id: BuildId;
  readonly #options: FollowOptions;
  readonly #pace: Pace;
  readonly #log: LogCursor;
  readonly #retries: LogRetries;
  #hasEntries = false;
  #isOpen = false;
  #isPolled = false;
  readonly #reported = { lost: false, polling: false, silent: false };

  constructor(calls: Calls, id: BuildId, options: FollowOptions) {
    this.#calls = calls;
    this.#id = id;
    this.#options = options;
    this.#pace = { ...PACE, ...options.pace };
    this.#retries = new LogRetries(this.#pace);
    this.#log = new LogCursor(options.after ?? 0);
  }

  async *events(): AsyncGenerator<BuildLogEvent> {
    const { signal } = this.#options;
    for (;;) {
      let wait = this.#pace.pollMs;
      try {
        const ended = yield* this.#attempt();
        if (ended !== undefined) {
          yield { kind: 'ended', build: ended };
          return;
        }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        wait = this.#retries.failed(error);
        this.#reported.lost = true;
        yield { kind: 'lost', error, at: this.#calls.clock.now() };
      }
      await sleep(wait, signal);
    }
  }

  async *#attempt(): Attempt {
    const { build } = this.#options;
    if (build !== undefined && hasEnded(build)) {
      yield* this.#readOn();
      return build;
    }
    if (this.#isPolled) return yield* this.#poll();
    try {
      return yield* this.#listen();
    } catch (error) {
      if (!(error instanceof ApiError) || SAME_FOR_REQUESTS.includes(error.kind)) throw error;
      // A pause that the server asks for is kept; a limit that never ends may hold for sockets alone.
      const isBlocked = !this.#isOpen && !this.#hasEntries && error.kind !== 'rateLimited';
      if (!isBlocked && this.#retries.losses + 1 < MOST_LOSSES) throw error;
      return yield* this.#pollInstead(error);
    }
  }

  /** Reads one socket until it is lost or closed normally. */
  async *#listen(): Attempt {
    const { signal, after } = this.#options;
    this.#isOpen = false;
    const socket = await LogSocket.open(this.#calls, this.#id, this.#log, this.#pace, signal);
    try {
      await socket.opened;
      this.#isOpen = true;
      yield* this.#resumed();
      for await (const batch of socket.batches()) {
        if (batch === 'silent') yield* this.#silent();
        else {
          this.#hasEntries = true;
          // A socket that opens and closes without an entry doesn't count as resumed.
          this.#retries.losses = 0;
          yield { kind: 'entries', entries: batch };
        }
      }
    } finally {
      socket.close();
    }
    // V0 drops entries of a slow follower.
    yield* this.#read(after);
    const build = await builds.get(this.#calls, this.#id, signal);
    if (hasEnded(build)) return build;
    if (isSilent(build)) {
      yield* this.#silent();
      return undefined;
    }
    // A normal close while the build goes on: the server is restarting.
    throw this.#calls.failure(operations.buildLogs, 'unreachable');
  }

  /** @throws `failure`, unless plain requests get through. */
  async *#pollInstead(failure: ApiError): Attempt {
    this.#isPolled = true;
    try {
      return yield* this.#poll();
    } catch (error) {
      if (this.#reported.polling || !(error instanceof ApiError)) throw error;
      this.#isPolled = false;
      throw isFinal(error) || isUseless(error) ? error : failure;
    }
  }

  async *#poll(): Attempt {
    const { signal, after } = this.#options;
    // What sockets brought before may have gaps: V0 drops entries.
    let isWhole = false;
    for (;;) {
      const build = await builds.get(this.#calls, this.#id, signal);
      const isOver = hasEnded(build);
      if (!isOver && !this.#reported.polling) {
        this.#reported.polling = true;
        yield { kind: 'polling', everyMs: this.#pace.readMs };
      }
      yield* isWhole ? this.#readOn() : this.#read(after);
      isWhole = true;
      this.#retries.losses = 0;
      if (isOver) return build;
      if (isSilent(build)) yield* this.#silent();
      await sleep(this.#pace.readMs, signal);
    }
  }

  /** Reads the entries after the last one. */
  #readOn(): AsyncGenerator<BuildLogEvent> {
    return this.#read(this.#log.lastId === 0 ? undefined : this.#log.lastId);
  }

  async *#read(after: number | undefined): AsyncGenerator<BuildLogEvent> {
    for await (const part of builds.logParts(this.#calls, this.#id, { after }, this.#options.signal)) {
      yield* this.#resumed();
      const fresh = this.#log.add(part);
      if (fresh.length > 0) yield { kind: 'entries', entries: fresh };
    }
    this.#retries.answered();
  }

  *#resumed(): Generator<BuildLogEvent> {
    if (!this.#reported.lost) return;
    this.#reported.lost = false;
    yield { kind: 'resumed', at: this.#calls.clock.now() };
  }

  *#silent(): Generator<BuildLogEvent> {
    if (this.#reported.silent) return;
    this.#reported.silent = true;
    yield { kind: 'silent', since: (this.#calls.clock.now() - SILENT_AFTER_MS) as EpochMs };
  }
}
