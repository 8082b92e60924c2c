// Templates (contract 4.1). Errors: `notFound` for what is absent or hidden.
import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { Template, TemplateVersion } from './schemas/templates.ts';
import type { OrganizationId, TemplateId } from './units.ts';

/** `GET /organizations/{id}/templates`, both ages (contract 4.1): those one may see, the most used first. */
export const list = (calls: Calls, organizationId: OrganizationId, signal: AbortSignal): Promise<Rows<Template>> => {
  const path = route`/organizations/${organizationId}/templates`;
  return calls.read(operations.listTemplates, path, decodeRows(Template), signal);
};

/** `GET /templates/{id}`, both ages (contract 4.1). @throws ApiError `notFound` */
export const get = (calls: Calls, id: TemplateId, signal: AbortSignal): Promise<Template> =>
  calls.read(operations.getTemplate, route`/templates/${id}`, Template.parse, signal);

/** `GET /organizations/{id}/templates/{name}`, both ages (contract 4.1). @throws ApiError `notFound` */
export const getByName = (
  calls: Calls,
  organizationId: OrganizationId,
  name: string,
  signal: AbortSignal,
): Promise<Template> => {
  const path = route`/organizations/${organizationId}/templates/${name}`;
  return calls.read(operations.getTemplate, path, Template.parse, signal);
};

/** `GET /templates/{id}/versions`, both ages (contract 4.1); archived ones only in V2 and when asked for. */
export const versions = (
  calls: Calls,
  id: TemplateId,
  options: { readonly limit?: number; readonly offset?: number; readonly includeArchived?: boolean },
  signal: AbortSignal,
): Promise<Rows<TemplateVersion>> => {
  const { limit, offset, includeArchived } = options;
  const query = { limit, offset, include_archived: includeArchived === true ? 'true' : undefined };
  return calls.read(
    operations.listTemplateVersions,
    route`/templates/${id}/versions`,
    decodeRows(TemplateVersion),
    signal,
    { query },
  );
};

/** `GET /templates/{id}/versions/{name}`, both ages (contract 4.1). @throws ApiError `notFound` */
export const versionByName = (
  calls: Calls,
  id: TemplateId,
  name: string,
  signal: AbortSignal,
): Promise<TemplateVersion> => {
  const path = route`/templates/${id}/versions/${name}`;
  return calls.read(operations.getTemplateVersion, path, TemplateVersion.parse, signal);
};
