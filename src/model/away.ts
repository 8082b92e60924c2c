import { backOffMs } from '../api/backOff.ts';
import type { Milliseconds } from '../api/units.ts';

/** 1, 2, 4 … 30 seconds after failure number 1, 2, 3 …. */
const BACK_OFF = { firstMs: 1_000 as Milliseconds, longestMs: 30_000 as Milliseconds };

/** Delay after `error`: `Retry-After` or the back-off delay, whichever is longer. */
export const retryDelayMs = (
  error: { readonly retryAfterMs?: Milliseconds | undefined } | undefined,
  failures: number,
  random: number,
): Milliseconds => Math.max(backOffMs(failures, random, BACK_OFF), error?.retryAfterMs ?? 0) as Milliseconds;

const AWAY = new Set<string>([
  'noHost',
  'refused',
  'unreachable',
  'timeout',
  'certificate',
  'proxy',
  // A sign-on page: the deployment is behind it.
  'redirect',
  'notCoder',
  'server',
]);

/** Whether `error` suggests that the whole deployment is unavailable, not only the requested resource. */
export const mayBeAway = ({ kind }: { readonly kind: string }): boolean => AWAY.has(kind);
