import type { IdentityDocument } from '../api/cloudMetadata.ts';
import { fieldsOf, parseJson } from '../api/json.ts';
import type { EpochMs } from '../api/units.ts';

/** What can be read from an identity document here; the signature is for the server to judge. */
export interface DocumentFacts {
  /** As Coder compares it with an agent's `instance_id`; absent: the document does not tell which machine it is. */
  readonly instanceId?: string | undefined;
  /** AWS's region, Google's zone. */
  readonly place?: string | undefined;
  /** When it expires. */
  readonly expiresAt?: EpochMs | undefined;
}

/** Never throws; a document of an unknown shape yields no fields (contract 6.2, 6.3). */
export const documentFacts = (found: IdentityDocument): DocumentFacts => {
  switch (found.cloud) {
    case 'aws': {
      const document = parseJson(found.document);
      return { instanceId: textOf(document, 'instanceId'), place: textOf(document, 'region') };
    }
    case 'azure':
      return azureFacts(atob64(found.signature));
    case 'google': {
      const [, payload = '', signature = ''] = found.jsonWebToken.split('.');
      const claims = signature === '' ? undefined : parseJson(atob64(payload));
      const { google, exp } = fieldsOf(claims);
      const engine = fieldsOf(google).compute_engine;
      return {
        instanceId: textOf(engine, 'instance_id'),
        place: textOf(engine, 'zone'),
        expiresAt: typeof exp === 'number' && exp > 0 ? ((exp * 1000) as EpochMs) : undefined,
      };
    }
  }
};

/** PKCS#7 with plain JSON inside: the signed content is readable without decoding the signature. */
const azureFacts = (signed: string): DocumentFacts => {
  const [, instanceId] = /"vmId":"([\w-]{1,64})"/.exec(signed) ?? [];
  // "11/28/18 06:16:17 -0000"
  const [, month, day, year, time] =
    /"expiresOn":"(\d\d)\\?\/(\d\d)\\?\/(\d\d) (\d\d:\d\d:\d\d) [-+]0000"/.exec(signed) ?? [];
  const expiresAt = Date.parse(`20${year}-${month}-${day}T${time}Z`);
  return { instanceId, ...(Number.isNaN(expiresAt) ? {} : { expiresAt: expiresAt as EpochMs }) };
};

/** Base64 of either alphabet as bytes, one character each; '' for what is none. */
const atob64 = (text: string): string => {
  try {
    return atob(text.replace(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
};

const textOf = (value: unknown, key: string): string | undefined => {
  const field = fieldsOf(value)[key];
  return typeof field === 'string' && field !== '' ? field : undefined;
};
