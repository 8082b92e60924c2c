import { EventSource, type FetchLikeResponse } from 'eventsource';
import { LinkedController, onAbort } from './abort.ts';
import { refusal } from './answer.ts';
import { AsyncQueue } from './asyncQueue.ts';
import { chunks, readStart } from './body.ts';
import { BulkDetector } from './bulkDetector.ts';
import { monotonicNow } from './clock.ts';
import { ApiError, isOfKind, type ApiErrorKind } from './errors.ts';
import type { Features } from './features.ts';
import type { Operation } from './operations.ts';
import type { Transport } from './transport.ts';

/** `alive` comes once, with the first frame: Coder sends them when its subscriptions are active (contract 3.1). */
export type StreamEvent =
  | { readonly kind: 'alive' }
  | { readonly kind: 'data'; readonly json: string }
  | { readonly kind: 'error'; readonly json: string };

// A workspace is a few kilobytes; what is longer than this is no frame of Coder's.
const LONGEST_FRAME_BYTES = 16 * 1024 * 1024;

/** Frames that come faster than they are used. */
const MOST_WAITING = 100;

/**
 * One Coder event stream until it is lost. `eventsource` parses; everything else is done here: the request goes through the
 * transport, silence is judged by the bytes because pings without data never become events, and it is closed on its first
 * error because its own retry knows no back-off (networking 4).
 * @throws ApiError when refused or lost, also when the server ended it: these streams have no end of their own; the
 * signal's reason when aborted.
 */
export async function* eventStream(
  transport: Transport,
  features: Features,
  request: { readonly operation: Operation; readonly path: string },
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  signal.throwIfAborted();
  const { operation, path } = request;
  const where = { operation, host: transport.url.host };
  const queue = new AsyncQueue<StreamEvent>();
  const leaving = new LinkedController(signal);
  let failure: unknown;
  let bytesSinceEvent = 0;

  const failed = (kind: ApiErrorKind): ApiError => new ApiError({ ...where, kind });
  const remember = (error: unknown): never => {
    failure = error;
    throw error;
  };

  const open = async (): Promise<FetchLikeResponse> => {
    const sent = { operation, method: 'GET', path, accept: 'text/event-stream' } as const;
    const opened = await transport.open(sent, leaving.signal);
    const { status, headers } = opened;
    features.observe(headers['x-coder-build-version']);
    const reading = { where, signal: leaving.signal, idleMs: transport.timeouts.idleMs };
    if (status !== 200 || !/^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '')) {
      const body = await readStart(opened, reading);
      const isForeign = features.isForeign(headers);
      const error = refusal({ ...where, status, headers, body, isForeign });
      // A proxy changed the type of the stream: the beginning of its body is not a message of the server.
      throw status === 200 && error.kind === 'invalid' ? failed('heldBack') : error;
    }
    const bytes = chunks(opened, reading);
    const frames = new BulkDetector(monotonicNow());
    const { firstBytesMs, nextBytesMs, idleMs } = transport.timeouts;
    // The server sends a ping or snapshot at once, and a ping every 15 s (contract 3.1).
    const waits = [firstBytesMs, nextBytesMs];
    const readChunk = async () => {
      const isFirst = frames.count === 0;
      const wait = waits[frames.count];
      const timer =
        wait && setTimeout(() => opened.body.destroy(failed('heldBack')), wait - frames.silentMs(monotonicNow()));
      const next = await bytes
        .next()
        .catch((error: unknown) => {
          // Compression that is broken from the start doesn't affect a socket; later, the stream was cut.
          throw isOfKind(error, 'unreadable') ? failed(isFirst ? 'heldBack' : 'unreachable') : error;
        })
        .finally(() => clearTimeout(timer));
      if (next.done === true) return next;
      bytesSinceEvent += next.value.length;
      if (bytesSinceEvent > LONGEST_FRAME_BYTES) throw failed('tooLarge');
      const now = monotonicNow();
      if (frames.isHeldBack(next.value, now) || frames.silentMs(now) > idleMs) throw failed('heldBack');
      if (isFirst && frames.count > 0) queue.push({ kind: 'alive' });
      return next;
    };
    const cancel = async () => {
      await bytes.return(undefined);
    };
    return {
      status,
      url: transport.url.href,
      redirected: false,
      // Its type was checked above; the parser compares it to the letter.
      headers: { get: () => 'text/event-stream' },
      body: { getReader: () => ({ read: () => readChunk().catch(remember), cancel }) },
    };
  };
  const source = new EventSource(transport.url.href, {
    fetch: () => open().catch(remember),
  });
  const push = (kind: 'data' | 'error', json: string): void => {
    bytesSinceEvent = 0;
    // Each frame of data is the whole object: of very many that wait, the oldest are left out.
    queue.push({ kind, json }, MOST_WAITING, (waiting) => waiting.kind === 'data');
  };
  source.addEventListener('data', (event: { readonly data: unknown }) => push('data', String(event.data)));
  // The server's own `event: error` arrives where connection errors do; only it has data.
  source.addEventListener('error', (event: Event) => {
    if ('data' in event && typeof event.data === 'string') {
      push('error', event.data);
      return;
    }
    source.close();
    queue.fail(failure ?? failed('unreachable'));
  });
  onAbort(leaving.signal, () => queue.fail(leaving.signal.reason));
  try {
    for (;;) yield* await queue.take();
  } finally {
    source.close();
    leaving.abort();
  }
}
