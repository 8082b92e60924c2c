import { AgentsApi } from './agents.ts';
import { CoderClient, type ClientOptions } from './client.ts';
import { DynamicParameters } from './dynamicParameters.ts';
import { InstanceIdentityApi } from './instanceIdentity.ts';
import { TokensApi } from './tokens.ts';
import type { TemplateVersionId, UserId } from './units.ts';
import { WorkspaceExtrasApi } from './workspaceExtras.ts';

/** The whole API of a deployment. A group moves to `CoderClient` once the extension has a use for it. */
export class WholeClient extends CoderClient {
  readonly tokens: TokensApi;
  /** What V2 adds to workspaces. */
  readonly workspaceExtras: WorkspaceExtrasApi;
  readonly agents: AgentsApi;
  readonly instanceIdentity: InstanceIdentityApi;

  /** @throws AddressError if `url` is text that is no address */
  constructor(options: ClientOptions) {
    super(options);
    this.tokens = new TokensApi(this.calls);
    this.workspaceExtras = new WorkspaceExtrasApi(this.calls);
    this.agents = new AgentsApi(this.calls);
    this.instanceIdentity = new InstanceIdentityApi(this.calls);
  }

  /** WebSocket `/templateversions/{id}/dynamic-parameters`, V2: a form that answers each change of its values. */
  dynamicParameters(id: TemplateVersionId, ownerId: UserId, signal: AbortSignal): DynamicParameters {
    return new DynamicParameters(this.calls, id, ownerId, signal);
  }
}
