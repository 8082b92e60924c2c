import type { OrganizationId, UserId } from '../units.ts';
import { flag, id, list, optionalNumber, optionalText, anything, text, texts } from './lenient.ts';
import { object, type Output } from './schema.ts';

/** `GET /buildinfo`, contract 1.8. */
export const BuildInfo = object({
  version: text,
  dashboard_url: optionalText,
});
export type BuildInfo = Output<typeof BuildInfo>;

/** `GET /users/{user}`, contract 1.8. */
export const User = object({
  id: id<UserId>(),
  username: id(),
  name: optionalText,
  organization_ids: texts,
  roles: list(object({ name: text })),
});
export type User = Output<typeof User>;

/** `GET /users/{user}/organizations`, contract 1.8. */
export const Organization = object({
  id: id<OrganizationId>(),
  name: text,
  display_name: text,
  description: text,
  is_default: flag,
});
export type Organization = Output<typeof Organization>;

/** `GET /users`. */
export const UsersEnvelope = object({ users: anything, count: optionalNumber });
