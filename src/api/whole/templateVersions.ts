import { route } from '../address.ts';
import { decodeObject } from '../decode.ts';
import * as operations from '../operations.ts';
import { TemplateVersion } from '../schemas/templates.ts';
import { TemplateVersionsApi } from '../templateVersions.ts';
import type { TemplateVersionId } from '../units.ts';

/** All that can be asked about versions of templates. */
export class WholeTemplateVersionsApi extends TemplateVersionsApi {
  /** `GET /templateversions/{id}`, both ages (contract 4.2). @throws ApiError `notFound` */
  get(id: TemplateVersionId, signal: AbortSignal): Promise<TemplateVersion> {
    const path = route`/templateversions/${id}`;
    return this.calls.read({ operation: operations.getTemplateVersion, path }, decodeObject(TemplateVersion), signal);
  }
}
