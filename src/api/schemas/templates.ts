import type { Milliseconds, OrganizationId, TemplateId, TemplateVersionId } from '../units.ts';
import {
  count,
  flag,
  id,
  optionalFlag,
  optionalPart,
  optionalQuantity,
  optionalTime,
  quantity,
  reference,
  text,
  texts,
} from './lenient.ts';
import { object, type Output } from './schema.ts';
import { Job } from './workspaces.ts';

const BuildTime = object({ P50: optionalQuantity<Milliseconds>() });

/** Contract 4.1. */
export const Template = object({
  id: id<TemplateId>(),
  name: id(),
  display_name: text,
  description: text,
  icon: text,
  organization_id: reference<OrganizationId>(),
  organization_name: text,
  active_version_id: reference<TemplateVersionId>(),
  build_time_stats: optionalPart(
    object({ start: optionalPart(BuildTime), stop: optionalPart(BuildTime), delete: optionalPart(BuildTime) }),
  ),
  default_ttl_ms: quantity<Milliseconds>(),
  /** V2: by how much activity puts a stop off; 0: not at all. */
  activity_bump_ms: optionalQuantity<Milliseconds>(),
  /** V2: its workspaces have to stop on these days; an empty list: they need not. */
  autostop_requirement: optionalPart(object({ days_of_week: texts, weeks: count })),
  /** V2: the weekdays on which its workspaces may start by themselves. */
  autostart_requirement: optionalPart(object({ days_of_week: texts })),
  /** V2: so long after it became dormant a workspace is deleted; 0: never. */
  time_til_dormant_autodelete_ms: quantity<Milliseconds>(),
  /** V2.36; 0: not at all. */
  time_til_autostop_notify_ms: optionalQuantity<Milliseconds>(),
  deprecated: flag,
  deprecation_message: text,
  /** Absent in V0, where users may always choose. */
  allow_user_autostart: optionalFlag,
  allow_user_autostop: optionalFlag,
  require_active_version: flag,
  /** `false`: parameters are dynamic; absent: classic (contract 1.9). */
  use_classic_parameter_flow: optionalFlag,
});
export type Template = Output<typeof Template>;

/** Contract 4.2. */
export const TemplateVersion = object({
  id: id<TemplateVersionId>(),
  template_id: reference<TemplateId>(),
  name: text,
  message: text,
  archived: flag,
  created_at: optionalTime,
  created_by: optionalPart(object({ username: text })),
  job: Job,
});
export type TemplateVersion = Output<typeof TemplateVersion>;
