import type { Milliseconds, MonotonicMs } from './units.ts';
import { between, later, minutes } from './units.ts';

/** The name of one of Coder's frames; a proxy's own events have others. */
const FRAME = /^event: ?(ping|data|error)\r?\n/gm;
const LONGEST_NAME = 'event: error\r\n'.length;
/** A network that stalls once also delivers several pings at once. */
const AGAIN_WITHIN_MS = minutes(5);

/**
 * Detects by an event stream's bytes that a proxy holds its frames back. Coder sends a frame at once and a ping
 * every 15 s (contract 3.1); other bytes, such as a proxy's own comments, say nothing about Coder.
 */
export class BulkDetector {
  /** So many chunks in which a frame begins have come. */
  count = 0;
  #lastFrameAt: MonotonicMs;
  #suspectUntil: MonotonicMs | undefined;
  /** The first characters of a line that has not ended yet. */
  #line = '';

  constructor(now: MonotonicMs) {
    this.#lastFrameAt = now;
  }

  /** Since the last frame, or since the stream was opened. */
  silentMs(now: MonotonicMs): Milliseconds {
    return between(this.#lastFrameAt, now);
  }

  /** Pings are sent 15 s apart, so two in one chunk were delayed. True the second time within 5 minutes. */
  isHeldBack(chunk: Uint8Array, now: MonotonicMs): boolean {
    const text = this.#line + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1');
    this.#line = text.slice(text.lastIndexOf('\n') + 1).slice(0, LONGEST_NAME);
    const names = Array.from(text.matchAll(FRAME), ([, name]) => name);
    if (names.length === 0) return false;
    this.count += 1;
    this.#lastFrameAt = now;
    if (names.filter((name) => name === 'ping').length < 2) return false;
    const isAgain = this.#suspectUntil !== undefined && now < this.#suspectUntil;
    this.#suspectUntil = later(now, AGAIN_WITHIN_MS);
    return isAgain;
  }
}
