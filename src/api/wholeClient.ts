import { AgentsApi } from './agents.ts';
import { CoderClient, type ClientOptions } from './client.ts';
import { DynamicParameters } from './dynamicParameters.ts';
import { InstanceIdentityApi } from './instanceIdentity.ts';
import { TokensApi } from './tokens.ts';
import type { TemplateVersionId, UserId } from './units.ts';
import { WholeBuildsApi } from './whole/builds.ts';
import { WholeGeneralApi } from './whole/general.ts';
import { WholeTemplatesApi } from './whole/templates.ts';
import { WholeTemplateVersionsApi } from './whole/templateVersions.ts';
import { WholeUsersApi } from './whole/users.ts';
import { WholeWorkspacesApi } from './whole/workspaces.ts';
import { WorkspaceExtrasApi } from './workspaceExtras.ts';

/**
 * The whole API of a deployment. `CoderClient` has what the extension uses, for each method of a class is shipped; a
 * method, or a group, moves there once the extension has a use for it.
 */
export class WholeClient extends CoderClient {
  override readonly general: WholeGeneralApi;
  override readonly users: WholeUsersApi;
  override readonly workspaces: WholeWorkspacesApi;
  override readonly builds: WholeBuildsApi;
  override readonly templates: WholeTemplatesApi;
  override readonly templateVersions: WholeTemplateVersionsApi;
  readonly tokens: TokensApi;
  /** What V2 adds to workspaces. */
  readonly workspaceExtras: WorkspaceExtrasApi;
  readonly agents: AgentsApi;
  readonly instanceIdentity: InstanceIdentityApi;

  /** @throws AddressError if `url` is text that is no address */
  constructor(options: ClientOptions) {
    super(options);
    this.general = new WholeGeneralApi(this.calls);
    this.users = new WholeUsersApi(this.calls);
    this.workspaces = new WholeWorkspacesApi(this.calls);
    this.builds = new WholeBuildsApi(this.calls);
    this.templates = new WholeTemplatesApi(this.calls);
    this.templateVersions = new WholeTemplateVersionsApi(this.calls);
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
