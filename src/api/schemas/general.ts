import { fieldsOf } from '../json.ts';
import { count, flag, numberOr, requiredText, text } from './lenient.ts';
import { field, object, required, type Output } from './schema.ts';

/** `GET /updatecheck`, contract 1.8. */
export const UpdateCheck = object({ current: flag, version: text, url: text });
export type UpdateCheck = Output<typeof UpdateCheck>;

/** `GET /applications/host`: empty, or a pattern such as `*.apps.example.com` (contract 4.4). */
export const ApplicationHost = object({ host: text });

/** `GET /deployment/ssh`, V2 (contract 4.4). */
export const SshSettings = object({ hostname_prefix: text, hostname_suffix: text });
export type SshSettings = Output<typeof SshSettings>;

/** Credits of one's quota; a budget of -1 means that there is no limit (contract 4.4, 7.7). */
export const Quota = object({ credits_consumed: count, budget: numberOr(-1) });
export type Quota = Output<typeof Quota>;

/** `GET /users/{user}/quiet-hours`, V2 (contract 4.4): `HH:mm` in that zone. */
export const QuietHours = object({ time: requiredText, timezone: text });
export type QuietHours = Output<typeof QuietHours>;

/** `POST /authcheck`: the asked keys with yes or no (contract 1.10). */
export const AuthAnswers = required((answers) =>
  answers instanceof Object && !Array.isArray(answers)
    ? Object.fromEntries(Object.entries(answers).map(([key, answer]) => [key, answer === true]))
    : undefined,
);

// V0 sends a boolean for each, V2 an object (contract 1.2).
const method = field((value) => value === true || fieldsOf(value).enabled === true);

/** `GET /users/authmethods`. */
export const AuthMethods = object({ password: method, github: method, oidc: method });
export type AuthMethods = Output<typeof AuthMethods>;
