import { parseDeploymentUrl, type DeploymentUrl } from './address.ts';
import { Calls } from './calls.ts';
import { ServerClock } from './clock.ts';
import { Features } from './features.ts';
import { Secret } from './secret.ts';
import type { Timeouts } from './timeouts.ts';
import { Transport, type TlsOptions } from './transport.ts';

export interface ClientOptions {
  readonly url: DeploymentUrl | string;
  /** Without one, only what needs no session can be asked. */
  readonly token?: string | Secret | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Local time; tests bring their own. */
  readonly now?: (() => number) | undefined;
}

/**
 * One deployment, as one person: what the functions of the API are called with (`builds.get(client.calls, id, signal)`).
 * They are grouped in modules as the API's reference groups them, so that a bundle has only those that somebody calls.
 * The last argument of each is an AbortSignal, and each throws ApiError and nothing else, except the signal's own reason
 * once that is aborted. Remembered are only what the deployment turned out to offer, its clock, and pending reads.
 */
export class CoderClient {
  readonly url: DeploymentUrl;
  readonly clock: ServerClock;
  readonly features = new Features();
  readonly calls: Calls;

  /** @throws AddressError if `url` is text that is no address */
  constructor({ url, token, tls, headers, timeouts, now }: ClientOptions) {
    this.url = typeof url === 'string' ? parseDeploymentUrl(url) : url;
    const secret = typeof token === 'string' ? new Secret(token) : token;
    this.clock = new ServerClock(now);
    this.calls = new Calls(
      new Transport({ url: this.url, token: secret, tls, headers, timeouts }),
      this.clock,
      this.features,
    );
  }
}
