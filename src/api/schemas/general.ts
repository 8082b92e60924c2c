import * as z from 'zod/mini';
import { count, flag, numberOr, requiredText, text, textMap } from './lenient.ts';
import { object } from './object.ts';

/** `GET /updatecheck`, contract 1.8. */
export const UpdateCheck = object({ current: flag, version: text, url: text });
export type UpdateCheck = z.output<typeof UpdateCheck>;

/** `GET /applications/host`: empty, or a pattern such as `*.apps.example.com` (contract 4.4). */
export const ApplicationHost = object({ host: text });

/** `GET /deployment/ssh`, V2 (contract 4.4). */
export const SshSettings = object({ hostname_prefix: text, hostname_suffix: text, ssh_config_options: textMap });
export type SshSettings = z.output<typeof SshSettings>;

/** Credits of one's quota; a budget of -1 means that there is no limit (contract 4.4, 7.7). */
export const Quota = object({ credits_consumed: count, budget: numberOr(-1) });
export type Quota = z.output<typeof Quota>;

/** `GET /users/{user}/quiet-hours`, V2 (contract 4.4): `HH:mm` in that zone. */
export const QuietHours = object({ time: requiredText, timezone: text });
export type QuietHours = z.output<typeof QuietHours>;

/** `POST /authcheck`: the asked keys with yes or no (contract 1.10). */
export const AuthAnswers = z.pipe(
  z.custom<object>((value) => value instanceof Object && !Array.isArray(value)),
  z.transform((answers) => Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, answer === true]))),
);

// V0 sends a boolean for each, V2 an object (contract 1.2).
const method = z.transform(
  (value: unknown) =>
    value === true || (typeof value === 'object' && value !== null && 'enabled' in value && value.enabled === true),
);

/** `GET /users/authmethods`. */
export const AuthMethods = object({ password: method, github: method, oidc: method });
export type AuthMethods = z.output<typeof AuthMethods>;
