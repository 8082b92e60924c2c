import * as http from 'node:http';
import * as https from 'node:https';
import * as tls from 'node:tls';
import { onAbort } from './abort.ts';
import { apiPath, type DeploymentUrl, type Query } from './address.ts';
import { ApiError, isOfKind } from './errors.ts';
import { issuerOf } from './issuer.ts';
import { networkError } from './networkError.ts';
import type { Operation } from './operations.ts';
import type { Secret } from './secret.ts';
import { TIMEOUTS, type Timeouts } from './timeouts.ts';

/**
 * What is added to each TLS connection. They are options of the request, never of an agent: VS Code replaces agents
 * (networking 2.2, 9.2). Nothing here means that the host's own trust decides.
 */
export type TlsOptions = Pick<
  tls.ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'rejectUnauthorized' | 'secureContext' | 'servername'
>;

export interface TransportOptions {
  readonly url: DeploymentUrl;
  readonly token?: Secret | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Sent with every request and every socket, for gateways that want one. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

export interface Request {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v2`; values in it are escaped already (`route`). */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly json?: unknown;
  readonly accept?: string | undefined;
  /** Without the token: the answer says nothing about the session. */
  readonly anonymous?: boolean | undefined;
  /** Which timeout of its own holds; the ordinary one where left out. */
  readonly timeout?: 'listHeadersMs' | 'probeHeadersMs' | 'portsHeadersMs' | undefined;
}

/** A response with its headers. The body must be read or destroyed. */
export interface Opened {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
  /** Local times, for the server's clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/**
 * One way to a deployment for REST, event streams and sockets (networking 9): node:http and node:https, imported
 * statically because VS Code patches what `require` gives; no agent; no redirect is followed, for it would carry the
 * token elsewhere (networking 5).
 */
export class Transport {
  readonly url: DeploymentUrl;
  readonly timeouts: Timeouts;
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.url = options.url;
    this.timeouts = { ...TIMEOUTS, ...options.timeouts };
    this.#options = options;
  }

  /**
   * Sends a request and waits for the answer's headers, whatever its status.
   * @throws ApiError when no answer came; the signal's reason when aborted.
   */
  async open(request: Request, signal: AbortSignal): Promise<Opened> {
    try {
      return await this.#send(request, signal);
    } catch (error) {
      if (!isOfKind(error, 'certificate')) throw error;
      const issuer = await issuerOf(this.url, signal);
      signal.throwIfAborted();
      throw error.with({ issuer });
    }
  }

  #send(request: Request, signal: AbortSignal): Promise<Opened> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const { operation, method } = request;
      const body = request.json === undefined ? undefined : JSON.stringify(request.json);
      const sentAt = Date.now();
      // A write that was sent may have been done even without a response.
      let sent = false;
      const where = () => ({ operation, host: this.url.host, maybeDone: sent && method !== 'GET' });

      const outgoing = this.#request(request, body);
      const settle = () => {
        clearTimeout(timer);
        stopListening();
      };
      const fail = (error: Error) => {
        settle();
        outgoing.destroy();
        // An abort's reason is the caller's own, whatever it is.
        reject(error);
      };
      const timer = setTimeout(
        () => fail(new ApiError({ ...where(), kind: 'timeout' })),
        this.timeouts[request.timeout ?? (method === 'GET' ? 'headersMs' : 'writeHeadersMs')],
      );
      const stopListening = onAbort(signal, () => fail(signal.reason as Error));

      outgoing.on('finish', () => (sent = true));
      outgoing.on('error', (error) => fail(networkError(error, where())));
      outgoing.on('response', (incoming) => {
        settle();
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: incoming,
          sentAt,
          receivedAt: Date.now(),
        });
      });
      outgoing.end(body);
    });
  }

  #request(request: Request, body: string | undefined): http.ClientRequest {
    const options: https.RequestOptions = {
      host: this.url.hostname,
      port: this.url.port,
      method: request.method,
      path: apiPath(this.url, request.path, request.query),
      headers: {
        ...this.headers(request.operation, request.anonymous),
        accept: request.accept ?? 'application/json',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      },
    };
    return this.url.secure ? https.request({ ...options, ...this.tlsOptions() }) : http.request(options);
  }

  /** @throws ApiError if the token has characters that no token has: they could not even be sent. */
  headers(operation: Operation, anonymous = false): Record<string, string> {
    const headers: Record<string, string> = { 'user-agent': 'coder-workspaces', ...this.#options.headers };
    const token = anonymous ? undefined : this.#options.token?.reveal();
    if (token === undefined) return headers;
    if (!/^[\x21-\x7e]+$/.test(token)) throw new ApiError({ kind: 'unauthorized', operation, host: this.url.host });
    return { ...headers, 'coder-session-token': token };
  }

  tlsOptions(): tls.ConnectionOptions {
    return {
      ...this.#options.tls,
      // Through a proxy Node compares the certificate with "localhost" (networking 1): name the host ourselves.
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(this.url.hostname, certificate),
    };
  }
}
