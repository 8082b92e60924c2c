import { LinkedController, sleep } from './abort.ts';
import { route } from './address.ts';
import * as builds from './builds.ts';
import type { Calls } from './calls.ts';
import { jsonLines } from './json.ts';
import { inBackground } from './errors.ts';
import type { LogCursor } from './logCursor.ts';
import type { Pace } from './logs.ts';
import * as operations from './operations.ts';
import { hasEnded, isSilent } from './buildEnd.ts';
import { openSocket } from './openSocket.ts';
import { LogEntry } from './schemas/workspaces.ts';
import { isSliceOver, nextSlice } from './slices.ts';
import type { Socket } from './socket.ts';
import type { BuildId, Milliseconds } from './units.ts';

/** So many texts at once need no collecting. */
const PLENTY = 500;

/**
 * One socket of a build's log, and beside it the build itself: the stream of a build that was cancelled in the queue
 * never ends, nor does that of one whose provisioner V0 no longer hears (contract 3.3).
 */
export class LogSocket {
  /** Resolves once connected. @throws ApiError when refused or lost before. */
  readonly opened: Promise<void>;
  readonly #socket: Socket;
  readonly #log: LogCursor;
  readonly #pace: Pace;
  readonly #leaving: LinkedController;
  /** Texts so far: a history that is long still comes after its build has ended. */
  #taken = 0;
  #isSilent = false;

  /** Begins to connect. @throws the signal's reason, when aborted already */
  static async open(calls: Calls, id: BuildId, log: LogCursor, pace: Pace, signal: AbortSignal): Promise<LogSocket> {
    const after = log.lastId === 0 ? undefined : log.lastId;
    const headersMs = Math.min(pace.openMs, calls.transport.timeouts.headersMs) as Milliseconds;
    const path = route`/workspacebuilds/${id}/logs`;
    const request = { operation: operations.buildLogs, path, query: { follow: true, after }, headersMs };
    return new LogSocket(await openSocket(calls, request, signal), calls, id, log, pace, signal);
  }

  private constructor(socket: Socket, calls: Calls, id: BuildId, log: LogCursor, pace: Pace, signal: AbortSignal) {
    this.#socket = socket;
    this.#log = log;
    this.#pace = pace;
    this.opened = socket.opened;
    this.#leaving = new LinkedController(signal);
    inBackground(this.#lookAtBuild(calls, id, this.#leaving.signal), () => this.#socket.close());
  }

  /**
   * New entries as they come, until the stream ends or its build has ended; `silent` when no more is heard of the
   * provisioner. @throws ApiError when lost; the signal's reason when aborted
   */
  async *batches(): AsyncGenerator<readonly LogEntry[] | 'silent'> {
    for (;;) {
      const texts = await this.#socket.take(this.#pace.pollMs);
      if (this.#isSilent) {
        this.#isSilent = false;
        yield 'silent';
      }
      if (texts === undefined) continue;
      if (texts.length === 0) return;
      if (texts.length < PLENTY && !this.#socket.isPaused) {
        await sleep(this.#pace.gatherMs, this.#leaving.signal);
        texts.push(...this.#socket.drain());
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

  /** Closes the socket some time after the build has ended. */
  async #lookAtBuild(calls: Calls, id: BuildId, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await sleep(this.#pace.pollMs, signal);
        const build = await builds.get(calls, id, signal);
        this.#isSilent = isSilent(build);
        if (!hasEnded(build)) continue;
        let taken: number;
        do {
          taken = this.#taken;
          await sleep(this.#pace.settleMs, signal);
        } while (taken !== this.#taken);
        this.#socket.close();
        return;
      } catch {
        // If the deployment is away, the stream fails, too.
      }
    }
  }
}

/** Entries of messages, in slices between which the host gets its turn; what is no entry is left out. */
export async function* decodeEntries(texts: readonly string[]): AsyncGenerator<LogEntry[]> {
  let entries: LogEntry[] = [];
  for (const text of texts) {
    for (const value of jsonLines(text)) {
      const entry = LogEntry.tryParse(value);
      if (entry !== undefined) entries.push(entry);
      if (isSliceOver()) {
        if (entries.length > 0) yield entries;
        entries = [];
        await nextSlice();
      }
    }
  }
  if (entries.length > 0) yield entries;
}
