import { backOffMs } from '../api/backOff.ts';
import type { ApiError } from '../api/errors.ts';
import type { Milliseconds } from '../api/units.ts';

/** 1, 2, 4 … 30 seconds after failure number 1, 2, 3 …. */
const BACK_OFF = { firstMs: 1_000 as Milliseconds, longestMs: 30_000 as Milliseconds };

/** How long to wait after `error`: as long as the server asks for, at least as long as backing off takes. */
export const retryDelayMs = (error: ApiError, failures: number, random: number): Milliseconds =>
  Math.max(backOffMs(failures, random, BACK_OFF), error.retryAfterMs ?? 0) as Milliseconds;

const AWAY = new Set<string>([
  'noHost',
  'refused',
  'unreachable',
  'timeout',
  'certificate',
  'proxy',
  'notCoder',
  'server',
]);

/** Whether `error` says that the whole deployment may be away, not one thing on it. */
export const mayBeAway = (error: ApiError): boolean => AWAY.has(error.kind);
