import { CoderClient } from '../../src/api/client.ts';
import { followBuildLog, type BuildLogEvent } from '../../src/api/logs.ts';
import type { Secret } from '../../src/api/secret.ts';
import type { BuildId } from '../../src/api/units.ts';
import type { Facts } from './facts.ts';
import type { Limits } from './limits.ts';
import { Tunnel } from './tunnel.ts';
import type { Workspaces } from './workspaces.ts';

/** Proof that a cloud gave to a machine, and that the deployment under test accepts. */
export interface IdentityDocument {
  readonly document: string;
  readonly signature: string;
}

export interface CheckContextOptions {
  readonly client: CoderClient;
  readonly token: Secret;
  readonly facts: Facts;
  readonly limits: Limits;
  readonly workspaces: Workspaces;
  readonly signal: AbortSignal;
  /** AWS's, where there is one: only a machine of that cloud can get it. */
  readonly identity?: IdentityDocument | undefined;
}

/** What a check works with. */
export class CheckContext {
  readonly client: CoderClient;
  readonly facts: Facts;
  readonly limits: Limits;
  readonly workspaces: Workspaces;
  readonly signal: AbortSignal;
  readonly identity: IdentityDocument | undefined;
  readonly #options: CheckContextOptions;

  constructor(options: CheckContextOptions) {
    this.#options = options;
    this.client = options.client;
    this.facts = options.facts;
    this.limits = options.limits;
    this.workspaces = options.workspaces;
    this.signal = options.signal;
    this.identity = options.identity;
  }

  /** The same, with a signal that ends one check. */
  within(signal: AbortSignal): CheckContext {
    return new CheckContext({ ...this.#options, signal });
  }

  /** The same deployment with another token, or with none. */
  as(token: string | Secret | undefined): CoderClient {
    return new CoderClient({ url: this.client.url, token });
  }

  /** Lends a client whose connections can be cut. */
  async throughTunnel<T>(use: (client: CoderClient, tunnel: Tunnel) => Promise<T>): Promise<T> {
    const tunnel = await Tunnel.to(this.client.url);
    try {
      return await use(
        new CoderClient({ url: tunnel.origin + this.client.url.prefix, token: this.#options.token }),
        tunnel,
      );
    } finally {
      await tunnel.close();
    }
  }

  follow(id: BuildId, client = this.client, signal = this.signal): AsyncGenerator<BuildLogEvent> {
    return followBuildLog(client.calls, id, { signal, pace: this.limits.logPace });
  }
}
