import { LinkedController, onAbort } from './abort.ts';
import { BadCoding, withoutCoding } from './contentCoding.ts';
import { withSkippedRows, type Rows } from './decode.ts';
import { ApiError, type Where } from './errors.ts';
import { parseJson } from './json.ts';
import { JsonElements } from './jsonElements.ts';
import { networkError } from './networkError.ts';
import type { Schema } from './schemas/schema.ts';
import { isSliceOver, nextSlice } from './slices.ts';
import type { Opened } from './transport.ts';
import type { Milliseconds } from './units.ts';

export interface Reading {
  readonly where: Where;
  readonly idleMs: Milliseconds;
  /** Until its end; undefined: it may have none. */
  readonly wholeMs?: Milliseconds;
  readonly signal: AbortSignal;
}

/** After inflation. More than 5,000 rows of a list or any log that V2 keeps; what is larger is not for an editor. */
const BODY_CAP_BYTES = 64 * 1024 * 1024;

/**
 * The bytes of an answer as they come, without compression. Ends only when the answer is complete; leaving the loop, an
 * abort, a silence of `idleMs`, `wholeMs`, and a loss destroy the socket.
 * @throws ApiError (`timeout`, `unreachable`; `unreadable`: the compression is broken), or the signal's reason.
 */
export async function* chunks({ body, headers }: Opened, reading: Reading): AsyncGenerator<Uint8Array> {
  const { where, signal } = reading;
  const giveUp = (): unknown => body.destroy(new ApiError({ ...where, kind: 'timeout' }));
  const idle = setTimeout(giveUp, reading.idleMs);
  const whole = reading.wholeMs === undefined ? undefined : setTimeout(giveUp, reading.wholeMs);
  const stopListening = onAbort(signal, () => body.destroy());
  const received = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      idle.refresh();
      yield chunk;
    }
    if (!body.complete) throw new ApiError({ ...where, kind: 'unreachable' });
  };
  try {
    signal.throwIfAborted();
    yield* withoutCoding(received(), headers);
  } catch (error) {
    // Node calls an aborted body a reset (networking 6).
    signal.throwIfAborted();
    throw error instanceof BadCoding ? new ApiError({ ...where, kind: 'unreadable' }) : networkError(error, where);
  } finally {
    clearTimeout(idle);
    clearTimeout(whole);
    stopListening();
    body.destroy();
  }
}

/** Rows of a list, and whether it was cut off because it was too long to be taken at once. */
export interface Part<T> {
  readonly rows: Rows<T>;
  readonly isCut: boolean;
}

/**
 * The rows of a JSON list, decoded as they come; a bad one is left out. What is longer than `capBytes` is cut off there.
 * @throws ApiError; Unreadable, when it is no list
 */
export const readRows = async <T>(
  opened: Opened,
  reading: Reading,
  row: Schema<T>,
  capBytes = BODY_CAP_BYTES,
): Promise<Part<T>> => {
  const elements = new JsonElements();
  const rows: T[] = [];
  let skippedRows = 0;
  let length = 0;
  for await (const chunk of chunks(opened, reading)) {
    for (const text of elements.push(chunk)) {
      const decoded = row.tryParse(parseJson(text));
      if (decoded === undefined) skippedRows += 1;
      else rows.push(decoded);
      if (isSliceOver()) await nextSlice();
    }
    length += chunk.length;
    if (length > capBytes) return { rows: withSkippedRows(rows, skippedRows), isCut: true };
  }
  elements.end();
  return { rows: withSkippedRows(rows, skippedRows), isCut: false };
};

/** The whole body. @throws ApiError, `tooLarge` beyond `capBytes`. */
export const readAll = async (opened: Opened, reading: Reading, capBytes = BODY_CAP_BYTES): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of chunks(opened, reading)) {
    length += part.length;
    if (length > capBytes) throw new ApiError({ ...reading.where, kind: 'tooLarge' });
    parts.push(part);
  }
  return Buffer.concat(parts, length);
};

const START_WITHIN_MS = 2000;

/**
 * The beginning of a body: enough for an error's words. What does not come within two seconds is not waited for.
 * @throws the signal's reason, and nothing else
 */
export const readStart = async (opened: Opened, reading: Reading, capBytes = 64 * 1024): Promise<Buffer> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stop = new LinkedController(reading.signal, START_WITHIN_MS);
  try {
    for await (const part of chunks(opened, { ...reading, signal: stop.signal })) {
      parts.push(part);
      length += part.length;
      if (length >= capBytes) break;
    }
  } catch {
    reading.signal.throwIfAborted();
  } finally {
    stop.release();
  }
  return Buffer.concat(parts).subarray(0, capBytes);
};
