import { authCheck } from '../../api/general.ts';
import type { Quota } from '../../api/schemas/general.ts';
import * as templateVersions from '../../api/templateVersions.ts';
import type { OrganizationId, TemplateVersionId } from '../../api/units.ts';
import * as users from '../../api/users.ts';
import type { Session } from '../../model/session.ts';
import { ifReadable } from '../target.ts';

/** What the summary says of a new workspace besides the answers. What cannot be read is left out. */
export interface SummaryFacts {
  /** Only where the owner's credits are limited. */
  readonly quota?: Quota;
  /** In credits a day, as the version was imported. */
  readonly cost?: number | undefined;
  readonly mayChooseOwner: boolean;
}

/** Rejects only with the signal's reason. */
export async function readFacts(
  { calls }: Session,
  of: { readonly versionId: TemplateVersionId; readonly organizationId: OrganizationId; readonly owner: string },
  signal: AbortSignal,
): Promise<SummaryFacts> {
  const { versionId, organizationId, owner } = of;
  const object = { resource_type: 'workspace', organization_id: organizationId, owner_id: '*' };
  const [quota, may] = await Promise.all([
    ifReadable(users.quota(calls, organizationId, owner, signal)),
    ifReadable(authCheck(calls, { createForAny: { action: 'create', object } }, signal)),
  ]);
  const mayChooseOwner = may?.createForAny === true;
  // Negative: no limit (contract 4.4).
  if (quota === undefined || quota.budget < 0) return { mayChooseOwner };
  const resources = await ifReadable(templateVersions.resources(calls, versionId, signal));
  const started = resources?.filter(({ workspace_transition: transition }) => transition === 'start');
  const cost = started?.reduce((sum, { daily_cost: each }) => sum + each, 0);
  // Licensed deployments that give nobody credits have a budget of 0, which limits only what costs something.
  if (quota.budget === 0 && !cost) return { mayChooseOwner };
  return { quota, cost, mayChooseOwner };
}
