import { parseDeploymentUrl, type DeploymentUrl } from './address.ts';
import { BuildsApi } from './builds.ts';
import { Calls } from './calls.ts';
import { ServerClock } from './clock.ts';
import { Features } from './features.ts';
import { GeneralApi } from './general.ts';
import { Secret } from './secret.ts';
import { TemplatesApi } from './templates.ts';
import { TemplateVersionsApi } from './templateVersions.ts';
import type { Timeouts } from './timeouts.ts';
import { Transport, type TlsOptions } from './transport.ts';
import { UsersApi } from './users.ts';
import { WorkspacesApi } from './workspaces.ts';

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
 * One deployment, as one person. Methods are grouped as the API's reference groups them; the last argument of each is
 * an AbortSignal, and each throws ApiError and nothing else, except the signal's own reason once that is aborted.
 * It remembers only what the deployment turned out to offer, its clock, and reads in flight.
 *
 * Here is what the extension uses, for all of it is shipped; `WholeClient` has all.
 */
export class CoderClient {
  readonly url: DeploymentUrl;
  readonly clock: ServerClock;
  readonly features = new Features();
  readonly calls: Calls;

  readonly general: GeneralApi;
  readonly users: UsersApi;
  readonly workspaces: WorkspacesApi;
  readonly builds: BuildsApi;
  readonly templates: TemplatesApi;
  readonly templateVersions: TemplateVersionsApi;

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
    this.general = new GeneralApi(this.calls);
    this.users = new UsersApi(this.calls);
    this.workspaces = new WorkspacesApi(this.calls);
    this.builds = new BuildsApi(this.calls);
    this.templates = new TemplatesApi(this.calls);
    this.templateVersions = new TemplateVersionsApi(this.calls);
  }
}
