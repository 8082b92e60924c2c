// What a cloud says of the machine that this runs on (contract 6.1). Its metadata service answers only from inside, so
// that no proxy is used and no redirect followed.
import * as http from 'node:http';
import { hostname } from 'node:os';
import { LinkedController, onAbort } from './abort.ts';

/** Where the metadata services are. */
export interface MetadataOrigins {
  readonly aws: string;
  readonly azure: string;
  readonly google: string;
}

export const METADATA_ORIGINS: MetadataOrigins = {
  aws: 'http://169.254.169.254',
  azure: 'http://169.254.169.254',
  google: 'http://metadata.google.internal',
};

export type Cloud = keyof MetadataOrigins;

/** The document by which the machine proves which one it is, exactly as the cloud gave it. */
export type IdentityDocument =
  | { readonly cloud: 'aws'; readonly document: string; readonly signature: string }
  | { readonly cloud: 'azure'; readonly encoding: string; readonly signature: string }
  | { readonly cloud: 'google'; readonly jsonWebToken: string };

/** `refusedBy`: a metadata service that is there, and gives no document. */
export type FoundDocument =
  | IdentityDocument
  | { readonly cloud: undefined; readonly refusedBy?: { readonly cloud: Cloud; readonly status: number } | undefined };

/** The machine whose metadata service is asked. */
export const machineName = (): string => hostname();

const TIMEOUT_MS = 5_000;
/** Documents have 2 to 8 kB. */
const CAP_BYTES = 65_536;

/** Asks all clouds at once; the first document counts. Rejects with the signal's reason only. */
export async function readIdentityDocument(origins: MetadataOrigins, signal: AbortSignal): Promise<FoundDocument> {
  const asking = new LinkedController(signal, TIMEOUT_MS);
  let refusedBy: { readonly cloud: Cloud; readonly status: number } | undefined;
  const ask = async (
    cloud: Cloud,
    read: typeof readAws | typeof readAzure | typeof readGoogle,
  ): Promise<IdentityDocument> => {
    try {
      return await read(origins[cloud], asking.signal);
    } catch (error) {
      if (error instanceof Refused) refusedBy = { cloud, status: error.status };
      throw error;
    }
  };
  try {
    return await Promise.any([ask('aws', readAws), ask('azure', readAzure), ask('google', readGoogle)]);
  } catch {
    signal.throwIfAborted();
    return { cloud: undefined, refusedBy };
  } finally {
    asking.abort();
  }
}

/** IMDSv2: a token first. */
async function readAws(origin: string, signal: AbortSignal): Promise<IdentityDocument> {
  const lifetime = { 'X-aws-ec2-metadata-token-ttl-seconds': '21600' };
  const token = await request('PUT', `${origin}/latest/api/token`, lifetime, signal);
  // Switched off for this machine; Google's service says the same at this address, with its name.
  if (token.status === 403 && token.flavor === undefined) throw new Refused(token.status);
  if (token.status !== 200 || token.body === '') throw new Absent();
  const path = `${origin}/latest/dynamic/instance-identity`;
  const get = (name: string) => request('GET', `${path}/${name}`, { 'X-aws-ec2-metadata-token': token.body }, signal);
  const [document, signature] = await Promise.all([get('document'), get('signature')]);
  for (const { status } of [document, signature]) if (status !== 200) throw new Refused(status);
  return { cloud: 'aws', document: document.body, signature: signature.body };
}

async function readAzure(origin: string, signal: AbortSignal): Promise<IdentityDocument> {
  const url = `${origin}/metadata/attested/document?api-version=2020-09-01`;
  const { status, body } = await request('GET', url, { Metadata: 'true' }, signal);
  if (status === 429 || status >= 500) throw new Refused(status);
  if (status !== 200) throw new Absent();
  const { encoding, signature } = JSON.parse(body) as Readonly<Record<string, unknown>>;
  if (typeof encoding !== 'string' || typeof signature !== 'string') throw new Absent();
  return { cloud: 'azure', encoding, signature };
}

/** Without `format=full` the token would not say which instance it is. */
async function readGoogle(origin: string, signal: AbortSignal): Promise<IdentityDocument> {
  const path = '/computeMetadata/v1/instance/service-accounts/default/identity?audience=coder&format=full';
  const { status, body, flavor } = await request('GET', origin + path, { 'Metadata-Flavor': 'Google' }, signal);
  if (flavor !== 'Google') throw new Absent();
  if (status !== 200) throw new Refused(status);
  return { cloud: 'google', jsonWebToken: body.trim() };
}

/** The machine is not there. */
class Absent extends Error {}

/** The machine is there, and its document is not given. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super();
    this.status = status;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly flavor: string | undefined;
}

/**
 * One request past every proxy: VS Code replaces `http.request` by one that uses the proxy of its settings, but not the
 * class below it.
 */
const request = (
  method: 'GET' | 'PUT',
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname: host, port, pathname, search } = new URL(url);
    const sent = new http.ClientRequest(
      { method, host, port: port === '' ? 80 : port, path: pathname + search, headers, agent: new http.Agent() },
      (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > CAP_BYTES) response.destroy(new Absent());
        });
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          const flavor = answered['metadata-flavor'];
          const body = Buffer.concat(chunks).toString();
          resolve({ status, body, flavor: typeof flavor === 'string' ? flavor : undefined });
        });
      },
    );
    const stopListening = onAbort(signal, () => sent.destroy(new Absent()));
    sent.on('error', reject);
    sent.on('close', stopListening);
    sent.end();
    if (signal.aborted) sent.destroy(new Absent());
  });
