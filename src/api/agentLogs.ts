import { LinkedController, sleep } from './abort.ts';
import * as agents from './agents.ts';
import { followAgentLog } from './agentStreams.ts';
import type { Calls } from './calls.ts';
import { ApiError } from './errors.ts';
import { isFinal, LogRetries, MOST_LOSSES } from './logRetries.ts';
import { PACE, type Pace } from './logs.ts';
import type { AgentLogEntry } from './schemas/agents.ts';
import type { AgentId, EpochMs, Milliseconds } from './units.ts';

/** As `BuildLogEvent`, of an agent's log. */
export type AgentLogEvent =
  | { readonly kind: 'entries'; readonly entries: readonly AgentLogEntry[] }
  | { readonly kind: 'polling'; readonly everyMs: Milliseconds }
  | { readonly kind: 'lost' | 'resumed'; readonly at: EpochMs };

interface Options {
  readonly signal: AbortSignal;
  /** When it settles, however it does, the log is read once more and then ends. */
  readonly over: Promise<unknown>;
  /** Only entries with a higher id. */
  readonly after?: number | undefined;
  readonly pace?: Partial<Pace> | undefined;
}

/**
 * V2's log of an agent (contract 3.4), each entry once, ascending: over a socket, behind which a plain
 * read brings what is missing after each loss; by plain reads alone where no socket gets through.
 * @throws ApiError when asking again will not help; the signal's reason when aborted.
 */
export async function* followAgentLogs(
  calls: Calls,
  id: AgentId,
  { signal, over, pace, after: first }: Options,
): AsyncGenerator<AgentLogEvent> {
  const { settleMs, readMs, ...limits } = { ...PACE, ...pace };
  const retries = new LogRetries(limits);
  const listening = new LinkedController(signal);
  Promise.allSettled([over])
    .then(() => sleep(settleMs, listening.signal))
    .then(
      () => listening.abort(),
      () => undefined,
    );
  let after = first;
  let isPolled = false;
  let isLost = false;
  try {
    for (;;) {
      let waitMs = readMs;
      try {
        if (!isPolled && !listening.signal.aborted)
          for await (const entries of followAgentLog(calls, id, { after }, listening.signal)) {
            after = entries.at(-1)?.id;
            retries.losses = 0;
            yield { kind: 'entries', entries };
          }
      } catch (error) {
        signal.throwIfAborted();
        if (!listening.signal.aborted) {
          if (!(error instanceof ApiError) || isFinal(error)) throw error;
          retries.losses += 1;
        }
      }
      try {
        const entries = await agents.logs(calls, id, { after }, signal);
        if (isLost) yield { kind: 'resumed', at: calls.clock.now() };
        isLost = false;
        retries.answered();
        if (entries.length > 0) yield { kind: 'entries', entries };
        after = entries.at(-1)?.id ?? after;
        if (listening.signal.aborted) return;
        // Requests get through, sockets do not.
        if (!isPolled && retries.losses >= MOST_LOSSES) {
          isPolled = true;
          yield { kind: 'polling', everyMs: readMs };
        }
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ApiError)) throw error;
        waitMs = retries.failed(error);
        if (!isLost) yield { kind: 'lost', at: calls.clock.now() };
        isLost = true;
      }
      await sleep(waitMs, signal);
    }
  } finally {
    listening.abort();
  }
}
