import { Script } from 'node:vm';

/**
 * Larger expressions are left out, because V8 compiles them in one go: nested a few thousand times they end the whole
 * process, and each repetition may double the time (`a?` sixty times: never).
 */
const LONGEST_PATTERN = 500;
const MOST_REPETITIONS = 10;
const REPETITION = /[^(][?*+{]/g;
/** A keystroke may cost that once: an expression that takes longer isn't tried again. */
const WITHIN_MS = 200;
/** An attempt that was given less time on the processor was held up, as on a busy machine, and says nothing: once more. */
const FAIR_MS = WITHIN_MS / 2;
const MOST_ATTEMPTS = 5;

const slow = new Set<string>();

/**
 * Whether `text` matches an expression that somebody else wrote. `undefined`: it is none, is too large, or takes too
 * long, for there are many ways to write one that JavaScript doesn't finish in a lifetime.
 */
export const matchesPattern = (source: string, flags: string, text: string): boolean | undefined => {
  const isLarge = source.length > LONGEST_PATTERN || (source.match(REPETITION)?.length ?? 0) > MOST_REPETITIONS;
  if (isLarge || slow.has(source)) return undefined;
  const call = `new RegExp(...${JSON.stringify([source, flags])}).test(${JSON.stringify(text)})`;
  const script = new Script(call);
  for (let spentMs = 0; spentMs < FAIR_MS;) {
    const before = process.cpuUsage();
    try {
      return script.runInThisContext({ timeout: WITHIN_MS }) as boolean;
    } catch (error) {
      // `RegExp` refuses what it can't read.
      if (error instanceof SyntaxError) return undefined;
      spentMs += Math.max(process.cpuUsage(before).user / 1_000, FAIR_MS / MOST_ATTEMPTS);
    }
  }
  slow.add(source);
  return undefined;
};
