import { Secret } from '../secret.ts';
import type { Nanoseconds, Seconds, UserId } from '../units.ts';
import { id, optionalText, optionalTime, quantity, reference, text } from './lenient.ts';
import { object, required, type Output } from './schema.ts';

/** A key or long token as listed: never its secret (contract 1.2). */
export const Token = object({
  id: id(),
  user_id: reference<UserId>(),
  /** V2. */
  token_name: optionalText,
  login_type: text,
  scope: text,
  lifetime_seconds: quantity<Seconds>(),
  created_at: optionalTime,
  updated_at: optionalTime,
  expires_at: optionalTime,
  last_used: optionalTime,
});
export type Token = Output<typeof Token>;

const secret = required((value) => (typeof value === 'string' && value !== '' ? new Secret(value) : undefined));

/** What a made key or token is answered with. */
export const MadeKey = object({ key: secret });

/** What logging in and an identity exchange are answered with. */
export const SessionToken = object({ session_token: secret });

/** V2 (contract 1.2). */
export const TokenLimits = object({ max_token_lifetime: quantity<Nanoseconds>() });
export type TokenLimits = Output<typeof TokenLimits>;
