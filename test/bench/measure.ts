import { performance } from 'node:perf_hooks';

/** The best is what the code can do, the median what this machine let it do just now. */
export interface Timing {
  readonly bestMs: number;
  readonly medianMs: number;
}

/** Times an odd number of runs; the first ones only warm up. */
export const time = async (work: () => unknown, { warmUp = 5, runs = 15 } = {}): Promise<Timing> => {
  for (let run = 0; run < warmUp; run += 1) await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { bestMs: times[0] ?? 0, medianMs: times[Math.floor(runs / 2)] ?? 0 };
};

/**
 * Runs `work` and tells the longest time in which nothing else got a turn. It is time of the processor, so that a busy
 * machine does not count; the collector's threads do.
 */
export const longestBlock = async (work: () => Promise<unknown>): Promise<number> => {
  const spent = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let last = spent();
  let running = true;
  const tick = (): void => {
    const now = spent();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  running = false;
  return Math.max(longest, spent() - last);
};

/** Bytes that `make` leaves on the heap for as long as its result is held. */
export const heapOf = async (make: () => unknown): Promise<number> => {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const held = await make();
  globalThis.gc?.();
  const after = process.memoryUsage().heapUsed;
  return held === undefined ? 0 : after - before;
};

export const ms = (time: number): string => `${time.toFixed(1)} ms`;
export const timed = ({ bestMs, medianMs }: Timing): string => `${ms(medianMs)}, best ${ms(bestMs)}`;
/** Of the best runs: what others did meanwhile is in none of them. */
export const ratio = (one: Timing, other: Timing): string => `${(one.bestMs / other.bestMs).toFixed(1)} ×`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** One line: what, how long, what is allowed. */
export const report = (what: string, value: string, allowed?: string): void =>
  console.log(`${what.padEnd(58)} ${value.padStart(26)}${allowed === undefined ? '' : `   (at most ${allowed})`}`);
