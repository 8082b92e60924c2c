import { route } from './address.ts';
import type { Calls } from './calls.ts';
import { decodeRows, decodeObject, type Rows } from './decode.ts';
import * as operations from './operations.ts';
import { Template } from './schemas/templates.ts';
import type { OrganizationId, TemplateId } from './units.ts';

/** Contract 4.1. Errors: `notFound` for what is absent or hidden. */
export class TemplatesApi {
  protected readonly calls: Calls;

  constructor(calls: Calls) {
    this.calls = calls;
  }

  /** `GET /organizations/{id}/templates`, both ages (contract 4.1): those one may see, the most used first. */
  list(organizationId: OrganizationId, signal: AbortSignal): Promise<Rows<Template>> {
    const path = route`/organizations/${organizationId}/templates`;
    return this.calls.read({ operation: operations.listTemplates, path }, decodeRows(Template), signal);
  }

  /** `GET /templates/{id}`, both ages (contract 4.1). @throws ApiError `notFound` */
  get(id: TemplateId, signal: AbortSignal): Promise<Template> {
    return this.calls.read(
      { operation: operations.getTemplate, path: route`/templates/${id}` },
      decodeObject(Template),
      signal,
    );
  }
}
