import { readFileSync } from 'node:fs';
import { performance, PerformanceObserver } from 'node:perf_hooks';

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

/** In which nothing else got a turn. */
export interface Block {
  readonly longestMs: number;
  /** Of these, garbage collection. */
  readonly collectionMs: number;
}

/** Time of the processor that this thread has had, so that a busy machine does not count. */
const spent = (): number => {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    // Elsewhere than on Linux, that of all threads.
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
};

/** Runs `work` and tells its longest block: of the best of several runs, for a busy machine only adds to it. */
export const longestBlock = async (work: () => Promise<unknown>, runs = 3): Promise<Block> => {
  const blocks: Block[] = [];
  for (let run = 0; run < runs; run += 1) blocks.push(await blockOf(work));
  return blocks.reduce((best, each) => (each.longestMs < best.longestMs ? each : best));
};

const blockOf = async (work: () => Promise<unknown>): Promise<Block> => {
  const collections: { readonly startTime: number; readonly duration: number }[] = [];
  const observer = new PerformanceObserver((list) => collections.push(...list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  let longest = { ms: 0, from: 0, to: 0 };
  let [from, before] = [performance.now(), spent()];
  let running = true;
  const tick = (): void => {
    const [to, now] = [performance.now(), spent()];
    if (now - before > longest.ms) longest = { ms: now - before, from, to };
    [from, before] = [to, now];
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  running = false;
  tick();
  // What was collected is told later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  const within = collections.filter(({ startTime }) => startTime >= longest.from && startTime < longest.to);
  return { longestMs: longest.ms, collectionMs: within.reduce((sum, { duration }) => sum + duration, 0) };
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
export const blocked = ({ longestMs, collectionMs }: Block): string =>
  `${ms(longestMs)}, ${ms(collectionMs)} collecting`;
export const timed = ({ bestMs, medianMs }: Timing): string => `${ms(medianMs)}, best ${ms(bestMs)}`;
/** Of the best runs: what others did meanwhile is in none of them. */
export const ratio = (one: Timing, other: Timing): string => `${(one.bestMs / other.bestMs).toFixed(1)} ×`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** One line: what, how long, what is allowed. */
export const report = (what: string, value: string, allowed?: string): void =>
  console.log(`${what.padEnd(58)} ${value.padStart(26)}${allowed === undefined ? '' : `   (at most ${allowed})`}`);
