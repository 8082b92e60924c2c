import { route } from '../address.ts';
import { decodeRows, decodeObject, type Rows } from '../decode.ts';
import * as operations from '../operations.ts';
import { Template, TemplateVersion } from '../schemas/templates.ts';
import { TemplatesApi } from '../templates.ts';
import type { OrganizationId, TemplateId } from '../units.ts';

/** All that can be asked about templates. */
export class WholeTemplatesApi extends TemplatesApi {
  /** `GET /organizations/{id}/templates/{name}`, both ages (contract 4.1). @throws ApiError `notFound` */
  getByName(organizationId: OrganizationId, name: string, signal: AbortSignal): Promise<Template> {
    const path = route`/organizations/${organizationId}/templates/${name}`;
    return this.calls.read({ operation: operations.getTemplate, path }, decodeObject(Template), signal);
  }

  /** `GET /templates/{id}/versions`, both ages (contract 4.1); archived ones only in V2 and when asked for. */
  versions(
    id: TemplateId,
    options: { readonly limit?: number; readonly offset?: number; readonly includeArchived?: boolean },
    signal: AbortSignal,
  ): Promise<Rows<TemplateVersion>> {
    const { limit, offset, includeArchived } = options;
    const query = { limit, offset, include_archived: includeArchived === true ? 'true' : undefined };
    return this.calls.read(
      { operation: operations.listTemplateVersions, path: route`/templates/${id}/versions`, query },
      decodeRows(TemplateVersion),
      signal,
    );
  }

  /** `GET /templates/{id}/versions/{name}`, both ages (contract 4.1). @throws ApiError `notFound` */
  versionByName(id: TemplateId, name: string, signal: AbortSignal): Promise<TemplateVersion> {
    const path = route`/templates/${id}/versions/${name}`;
    return this.calls.read({ operation: operations.getTemplateVersion, path }, decodeObject(TemplateVersion), signal);
  }
}
