/** 512 requests a minute per client and path, 60 for the login (contract 1.5). */
import { Refusal } from './exchange.ts';
import type { Clock } from './clock.ts';

const WINDOW_MS = 60_000;

export interface RateLimiter {
  /** Counts one request; the headers that its answer must carry. */
  count(client: string, path: string): { headers: Record<string, string>; refusal: Refusal | undefined };
}

export function createRateLimiter(clock: Clock, perMinute: number): RateLimiter {
  let window = -1;
  let counts = new Map<string, number>();
  return {
    count(client, path) {
      if (perMinute === Infinity) return { headers: {}, refusal: undefined };
      const now = clock.now();
      const current = Math.floor(now / WINDOW_MS);
      if (current !== window) {
        window = current;
        counts = new Map();
      }
      const limit =
        path === '/users/login' ? Math.min(60, perMinute) : path === '/files' ? Math.min(12, perMinute) : perMinute;
      const key = `${client} ${path}`;
      const before = counts.get(key) ?? 0;
      counts.set(key, before + 1);
      const refused = before > limit;
      const headers = {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - before)),
        'x-ratelimit-reset': String(((current + 1) * WINDOW_MS) / 1000),
        ...(refused ? { 'retry-after': String(WINDOW_MS / 1000) } : {}),
      };
      const message = `You have been rate limited for sending more than ${limit} requests in 1m0s.`;
      return { headers, refusal: refused ? new Refusal(429, message) : undefined };
    },
  };
}
