/**
 * The deployment's two notions of time.
 *
 * The clock says what time it is (`Date` headers, every timestamp) and can be moved, so that a deadline passes now.
 * The pace says how long work takes (builds, log lines, pings) and can be hurried without touching the clock.
 */

/** Milliseconds since the epoch, with microseconds as the fraction. */
export type Stamp = number;

export interface Clock {
  now(): Stamp;
  /** Moves the clock, forwards or back, and tells everyone who waits for a moment. */
  advance(byMs: number): void;
  onAdvance(listener: () => void): void;
}

export function createClock(): Clock {
  let offsetMs = 0;
  let last = 0;
  const listeners: (() => void)[] = [];
  return {
    now() {
      // Two facts never share a microsecond, as in a real database.
      last = Math.max(last + 0.001, Date.now() + offsetMs + (process.hrtime()[1] % 1_000_000) / 1_000_000);
      return last;
    },
    advance(byMs) {
      offsetMs += byMs;
      last = 0;
      for (const listener of listeners) listener();
    },
    onAdvance(listener) {
      listeners.push(listener);
    },
  };
}

export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** RFC 3339 as Go prints it: no trailing zeros in the fraction, none at all for a whole second. */
export function formatStamp(stamp: Stamp, digits: 3 | 6 = 6): string {
  if (digits === 3) return write(stamp, digits);
  const known = written.get(stamp);
  if (known !== undefined) return known;
  const text = write(stamp, digits);
  if (written.size > MOST_WRITTEN) written.clear();
  written.set(stamp, text);
  return text;
}

/** A workspace has a dozen of them, and is sent again and again. */
const written = new Map<Stamp, string>();
const MOST_WRITTEN = 5_000;

function write(stamp: Stamp, digits: 3 | 6): string {
  const micros = Math.round(stamp * 1000);
  const seconds = new Date(Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19);
  const fraction = String(micros % 1_000_000)
    .padStart(6, '0')
    .slice(0, digits)
    .replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

export interface Pace {
  readonly speed: number;
  /** Runs `work` after `ms` of unhurried time; forgotten when the deployment closes. Gives a way to call it off. */
  after(ms: number, work: () => void): () => void;
  /** The same for what nobody waits for before the deployment is quiet: a build's lines, pings, what comes much later. */
  eventually(ms: number, work: () => void): () => void;
  every(ms: number, work: () => void): () => void;
  /** How many `after` are still to come. */
  underWay(): number;
  stop(): void;
}

/** `speed` 1 is as recorded; 20 is twenty times faster. */
export function createPace(speed: number): Pace {
  const awaited = new Set<NodeJS.Timeout>();
  const eventual = new Set<NodeJS.Timeout>();
  let stopped = false;
  const startIn =
    (pending: Set<NodeJS.Timeout>) =>
    (ms: number, work: () => void): (() => void) => {
      if (stopped) return () => undefined;
      const timer = setTimeout(() => {
        pending.delete(timer);
        work();
      }, ms / speed);
      pending.add(timer);
      return () => {
        pending.delete(timer);
        clearTimeout(timer);
      };
    };
  const eventually = startIn(eventual);
  return {
    speed,
    after: startIn(awaited),
    eventually,
    every(ms, work) {
      let cancel = (): void => undefined;
      const again = (): void => {
        cancel = eventually(ms, () => {
          again();
          work();
        });
      };
      again();
      return () => cancel();
    },
    underWay: () => awaited.size,
    stop() {
      stopped = true;
      for (const pending of [awaited, eventual]) {
        for (const timer of pending) clearTimeout(timer);
        pending.clear();
      }
    },
  };
}
