import { setImmediate as nextTurn } from 'node:timers/promises';
import { LinkedController, sleep } from './abort.ts';
import { route } from './address.ts';
import { backOffMs } from './backOff.ts';
import * as builds from './builds.ts';
import type { Calls } from './calls.ts';
import { jsonLines, SLICE_MS } from './decode.ts';
import { ApiError, type ApiErrorKind } from './errors.ts';
import { LogCursor } from './logCursor.ts';
import * as operations from './operations.ts';
import { hasEnded, LogEntry, type Build } from './schemas/workspaces.ts';
import { Socket } from './socket.ts';
import type { BuildId, Milliseconds } from './units.ts';

/**
 * `entries`: each entry once, ascending; an entry that a V0 deployment dropped on the way (contract 3.3) comes at the
 * end, with a lower id than those before it. `lost`: the connection is gone and will be tried again; `resumed`: it is
 * back and nothing was missed. `ended`: the build as it really ended.
 */
export type BuildLogEvent =
  | { readonly kind: 'entries'; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'lost'; readonly error: ApiError }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'ended'; readonly build: Build };

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Only entries with a higher id. */
  readonly after?: number | undefined;
  readonly pace?: Partial<Pace> | undefined;
}

/** How often and how long; tests are less patient. */
export interface Pace {
  /** Between looks at the build itself: some streams never end although the build did. */
  readonly pollMs: Milliseconds;
  /** How long a stream whose build has ended must be quiet to be left. */
  readonly settleMs: Milliseconds;
  /** How long to collect before sorting: V0 sends live entries slightly out of order. */
  readonly gatherMs: Milliseconds;
  readonly firstRetryMs: Milliseconds;
  readonly lastRetryMs: Milliseconds;
}

const PACE: Pace = {
  pollMs: 5000 as Milliseconds,
  settleMs: 3000 as Milliseconds,
  gatherMs: 30 as Milliseconds,
  firstRetryMs: 1000 as Milliseconds,
  lastRetryMs: 30_000 as Milliseconds,
};

/** Asking again will not change these. */
const FINAL: readonly ApiErrorKind[] = ['unauthorized', 'forbidden', 'notFound', 'routeNotFound', 'gone', 'invalid'];

/** So many texts at once need no collecting. */
const PLENTY = 500;

/**
 * The log of one build from its beginning to its end, over `GET /workspacebuilds/{id}/logs?follow` (contract 3.3, both
 * ages), resumed after each loss. The build is looked at beside the stream, because the stream of a build that was
 * canceled while queued never ends.
 * @throws ApiError when asking again will not help; the signal's reason when aborted.
 */
export async function* followBuildLog(
  calls: Calls,
  buildId: BuildId,
  options: FollowOptions,
): AsyncGenerator<BuildLogEvent> {
  const pace = { ...PACE, ...options.pace };
  const log = new LogCursor(options.after ?? 0);
  const { signal } = options;
  for (let attempt = 0; ; attempt += 1) {
    const connection = new Connection(calls, buildId, log, pace, signal);
    let wantedMs = 0;
    try {
      await connection.opened;
      if (attempt > 0) yield { kind: 'resumed' };
      for await (const entries of connection.batches()) {
        // What only opens and closes again is not back.
        attempt = 0;
        yield { kind: 'entries', entries };
      }
      const late = log.add(await builds.logs(calls, buildId, { after: options.after }, signal));
      if (late.length > 0) yield { kind: 'entries', entries: late };
      const build = await builds.get(calls, buildId, signal);
      if (hasEnded(build)) {
        yield { kind: 'ended', build };
        return;
      }
      // The server closed in good order, but the build goes on: it is being restarted.
      throw new ApiError({ operation: operations.buildLogs, host: calls.transport.url.host, kind: 'unreachable' });
    } catch (error) {
      if (!(error instanceof ApiError) || FINAL.includes(error.kind)) throw error;
      wantedMs = error.retryAfterMs ?? wantedMs;
      yield { kind: 'lost', error };
    } finally {
      connection.close();
    }
    const ownMs = backOffMs(attempt + 1, Math.random(), { firstMs: pace.firstRetryMs, longestMs: pace.lastRetryMs });
    await sleep(Math.max(ownMs, wantedMs) as Milliseconds, signal);
  }
}

/** One socket, and beside it the build. */
class Connection {
  readonly opened: Promise<void>;
  readonly #socket: Socket;
  readonly #log: LogCursor;
  readonly #pace: Pace;
  readonly #signal: AbortSignal;
  readonly #leaving: LinkedController;
  /** Texts so far: a history that is long still comes after its build has ended. */
  #taken = 0;

  constructor(calls: Calls, id: BuildId, log: LogCursor, pace: Pace, signal: AbortSignal) {
    this.#log = log;
    this.#pace = pace;
    this.#signal = signal;
    this.#leaving = new LinkedController(signal);
    const after = log.lastId === 0 ? undefined : log.lastId;
    const path = route`/workspacebuilds/${id}/logs`;
    this.#socket = new Socket(
      calls.transport,
      { operation: operations.buildLogs, path, query: { follow: true, after } },
      signal,
    );
    this.opened = this.#socket.opened;
    void this.#closeAfterBuild(calls, id, this.#leaving.signal);
  }

  /** New entries as they come, until the stream ends or its build has ended. */
  async *batches(): AsyncGenerator<LogEntry[]> {
    for (;;) {
      const texts = await this.#socket.take();
      if (texts.length === 0) return;
      if (texts.length < PLENTY) {
        await sleep(this.#pace.gatherMs, this.#signal);
        texts.push(...this.#socket.drain());
      } else {
        // One turn of the host's loop may bring dozens of such batches.
        await nextTurn();
      }
      this.#taken += texts.length;
      for await (const entries of decodeEntries(texts)) {
        const fresh = this.#log.add(entries);
        if (fresh.length > 0) yield fresh;
      }
    }
  }

  close(): void {
    this.#leaving.abort();
    this.#socket.close();
  }

  async #closeAfterBuild(calls: Calls, id: BuildId, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await sleep(this.#pace.pollMs, signal);
        if (!hasEnded(await builds.get(calls, id, signal))) continue;
        let taken: number;
        do {
          taken = this.#taken;
          await sleep(this.#pace.settleMs, signal);
        } while (taken !== this.#taken);
        this.#socket.close();
        return;
      } catch {
        // A look that fails is no news; the stream itself tells when the deployment is gone.
      }
    }
  }
}

/** Entries of messages, in slices between which the host gets its turn; what is no entry is left out. */
export async function* decodeEntries(texts: readonly string[]): AsyncGenerator<LogEntry[]> {
  let entries: LogEntry[] = [];
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const text of texts) {
    for (const value of jsonLines(text)) {
      const result = LogEntry.safeParse(value);
      if (result.success) entries.push(result.data);
    }
    if (performance.now() > sliceEndsAt) {
      yield entries;
      entries = [];
      await nextTurn();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
  }
  if (entries.length > 0) yield entries;
}
