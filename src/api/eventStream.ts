import { createParser } from 'eventsource-parser';
import { refusal } from './answer.ts';
import { chunks, readStart } from './body.ts';
import { BulkDetector } from './bulkDetector.ts';
import { monotonicNow } from './clock.ts';
import { ApiError, type ApiErrorKind } from './errors.ts';
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

/**
 * One Coder event stream until it is lost. Silence is judged by the bytes, because pings without data never become events.
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
  const host = transport.url.host;
  const failed = (kind: ApiErrorKind): ApiError => new ApiError({ operation, host, kind });

  const sent = { operation, method: 'GET', path, accept: 'text/event-stream' } as const;
  const opened = await transport.open(sent, signal);
  const { status, headers } = opened;
  features.observe(headers['x-coder-build-version']);
  const reading = { operation, host, signal, idleMs: transport.timeouts.idleMs };
  if (status !== 200 || !/^\s*text\/event-stream\b/i.test(headers['content-type'] ?? '')) {
    const body = await readStart(opened, reading);
    throw refusal({ operation, host, status, headers, body, ofWrite: false, isForeign: features.isForeign(headers) });
  }

  const events: StreamEvent[] = [];
  let bytesSinceEvent = 0;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event !== 'data' && event !== 'error') return;
      bytesSinceEvent = 0;
      events.push({ kind: event, json: data });
    },
  });
  const decoder = new TextDecoder();
  const frames = new BulkDetector(monotonicNow());
  const { firstBytesMs, nextBytesMs, idleMs } = transport.timeouts;
  // The server sends a ping or snapshot at once, and a ping every 15 s (contract 3.1).
  const waits = [firstBytesMs, nextBytesMs];
  const bytes = chunks(opened, reading);
  try {
    for (;;) {
      const isFirst = frames.count === 0;
      const wait = waits[frames.count];
      const timer =
        wait && setTimeout(() => opened.body.destroy(failed('heldBack')), wait - frames.silentMs(monotonicNow()));
      const next = await bytes.next().finally(() => clearTimeout(timer));
      if (next.done === true) throw failed('unreachable');
      bytesSinceEvent += next.value.length;
      if (bytesSinceEvent > LONGEST_FRAME_BYTES) throw failed('tooLarge');
      const now = monotonicNow();
      if (frames.isHeldBack(next.value, now) || frames.silentMs(now) > idleMs) throw failed('heldBack');
      if (isFirst && frames.count > 0) yield { kind: 'alive' };
      parser.feed(decoder.decode(next.value, { stream: true }));
      yield* events.splice(0);
    }
  } finally {
    await bytes.return(undefined);
  }
}
