import type { ApiError } from '../api/errors.ts';
import type { Milliseconds } from '../api/units.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** 1, 2, 4 … 30 seconds after failure number 1, 2, 3 …, spread so that many windows do not come back at once. */
export const backOffMs = (failures: number, random: number): Milliseconds => {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return Math.round(Math.max(FIRST_MS, longest * (0.75 + random / 4))) as Milliseconds;
};

/** How long to wait after `error`: as long as the server asks for, at least as long as backing off takes. */
export const retryDelayMs = (error: ApiError, failures: number, random: number): Milliseconds =>
  Math.max(backOffMs(failures, random), error.retryAfterMs ?? 0) as Milliseconds;

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
