import type { Milliseconds } from './units.ts';

/** How long to wait for what (networking 9.4). */
export interface Timeouts {
  /** Until an answer's headers are here, also those of a WebSocket handshake. */
  readonly headersMs: Milliseconds;
  /** The same for a write: whoever gives up on one that is done all the same tells a person that it failed. */
  readonly writeHeadersMs: Milliseconds;
  /** The same for a list: a row is computed from many tables. */
  readonly listHeadersMs: Milliseconds;
  /** The same where all that is asked is whether the deployment is there. */
  readonly probeHeadersMs: Milliseconds;
  /** The same for listening ports: the server asks the agent itself (contract 3.6). */
  readonly portsHeadersMs: Milliseconds;
  /**
   * From an event stream's headers to its first frame, which Coder sends at once: a proxy may wait for the stream's end, or
   * hand on what has come only every few seconds. What it holds back for less than this does no harm.
   */
  readonly firstBytesMs: Milliseconds;
  /** From the first frame to the next one, at the latest the first ping: a proxy may wait until its buffer is full. */
  readonly nextBytesMs: Milliseconds;
  /** Silence of something that is being received: three of the server's 15-second pings (contract 3.1). */
  readonly idleMs: Milliseconds;
  /** A whole answer, however it trickles; not a stream. */
  readonly wholeMs: Milliseconds;
}

export const TIMEOUTS: Timeouts = {
  headersMs: 15_000 as Milliseconds,
  writeHeadersMs: 30_000 as Milliseconds,
  listHeadersMs: 25_000 as Milliseconds,
  probeHeadersMs: 10_000 as Milliseconds,
  portsHeadersMs: 30_000 as Milliseconds,
  firstBytesMs: 5_000 as Milliseconds,
  nextBytesMs: 25_000 as Milliseconds,
  idleMs: 45_000 as Milliseconds,
  wholeMs: 180_000 as Milliseconds,
};
