import type { MonotonicMs } from './units.ts';
import { later, minutes } from './units.ts';

const PING = Buffer.from('event: ping\n');
/** A network that stalls once also delivers several pings at once. */
const AGAIN_WITHIN_MS = minutes(5);

/** Detects by an event stream's bytes that a proxy buffers the stream and forwards it in bulk. */
export class BulkDetector {
  #suspectUntil: MonotonicMs | undefined;

  /** Pings are sent 15 s apart (contract 3.1), so two in one chunk were delayed. True the second time within 5 minutes. */
  isHeldBack(chunk: Uint8Array, now: MonotonicMs): boolean {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (bytes.indexOf(PING) === bytes.lastIndexOf(PING)) return false;
    const isAgain = this.#suspectUntil !== undefined && now < this.#suspectUntil;
    this.#suspectUntil = later(now, AGAIN_WITHIN_MS);
    return isAgain;
  }
}
