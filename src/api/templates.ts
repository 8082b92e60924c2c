import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { many, one, type Rows } from './decode.ts';
import { Template, TemplateVersion } from './schemas/templates.ts';
import type { OrganizationId, TemplateId } from './units.ts';

/** Contract 4.1. Errors: `notFound` for what is absent or hidden. */
export class TemplatesApi {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** `GET /organizations/{id}/templates`, both ages: those one may see, the most used first. */
  list(organizationId: OrganizationId, signal: AbortSignal): Promise<Rows<Template>> {
    const path = route`/organizations/${organizationId}/templates`;
    return this.#calls.read({ operation: 'listTemplates', path }, many(Template), signal);
  }

  /** `GET /templates/{id}`, both ages. */
  get(id: TemplateId, signal: AbortSignal): Promise<Template> {
    return this.#calls.read({ operation: 'getTemplate', path: route`/templates/${id}` }, one(Template), signal);
  }

  /** `GET /organizations/{id}/templates/{name}`, both ages. */
  getByName(organizationId: OrganizationId, name: string, signal: AbortSignal): Promise<Template> {
    const path = route`/organizations/${organizationId}/templates/${name}`;
    return this.#calls.read({ operation: 'getTemplate', path }, one(Template), signal);
  }

  /** `GET /templates/{id}/versions`, both ages; archived ones only in V2 and when asked for. */
  versions(
    id: TemplateId,
    options: { readonly limit?: number; readonly offset?: number; readonly includeArchived?: boolean },
    signal: AbortSignal,
  ): Promise<Rows<TemplateVersion>> {
    const { limit, offset, includeArchived } = options;
    const query = { limit, offset, include_archived: includeArchived === true ? 'true' : undefined };
    return this.#calls.read(
      { operation: 'listTemplateVersions', path: route`/templates/${id}/versions`, query },
      many(TemplateVersion),
      signal,
    );
  }

  /** `GET /templates/{id}/versions/{name}`, both ages. */
  versionByName(id: TemplateId, name: string, signal: AbortSignal): Promise<TemplateVersion> {
    const path = route`/templates/${id}/versions/${name}`;
    return this.#calls.read({ operation: 'getTemplateVersion', path }, one(TemplateVersion), signal);
  }
}
