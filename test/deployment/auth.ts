/** Who asks (contract 1.1 and 1.2). */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './exchange.ts';
import type { Key, User } from './model.ts';
import { must, type Store } from './store.ts';

const HOUR_MS = 3_600_000;
const SIGNED_OUT = 'You are signed out or your session has expired. Please sign in again to continue.';

const unauthorized = (detail: string): Refusal => new Refusal(401, SIGNED_OUT, { detail, challenge: true });

/** The first token that the request carries: cookie, query, header, and in V2 also Bearer. */
function findToken(store: Store, request: IncomingMessage, query: URLSearchParams): string | undefined {
  const cookie = /(?:^|;\s*)coder_session_token=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  const header = request.headers['coder-session-token'];
  const bearer = /^Bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1];
  const candidates = [
    cookie,
    query.get('coder_session_token'),
    typeof header === 'string' ? header : undefined,
    store.age.name === 'v2' ? bearer : undefined,
  ];
  return candidates.find((token) => token !== undefined && token !== null && token !== '') ?? undefined;
}

export interface Caller {
  user: User;
  key: Key;
}

export function authenticate(store: Store, request: IncomingMessage, query: URLSearchParams): Caller {
  const token = findToken(store, request, query);
  if (token === undefined) throw unauthorized('Cookie "coder_session_token" or query parameter must be provided.');
  const match = /^([A-Za-z0-9]{10})-([A-Za-z0-9]{22})$/.exec(token);
  if (match === null) throw unauthorized('incorrect amount of API key parts');
  const key = store.keys.get(match[1] ?? '');
  if (key === undefined || key.secret !== match[2]) throw unauthorized('API key is invalid.');
  const now = store.clock.now();
  if (key.expiresAt <= now) throw unauthorized('API key has expired.');
  const lifeMs = key.lifetimeSeconds * 1000;
  if (key.loginType === 'password' && key.expiresAt - now < lifeMs - HOUR_MS) key.expiresAt = now + lifeMs;
  const user = must(store.users, key.userId);
  key.lastUsedAt = now;
  user.lastSeenAt ??= now;
  return { user, key };
}
