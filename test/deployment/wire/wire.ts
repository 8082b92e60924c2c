/** The JSON shapes that each age sends. One file per age; this one is the interface of both. */
import type {
  Build,
  Key,
  Organization,
  Resource,
  Agent,
  Template,
  TemplateVersion,
  User,
  Workspace,
} from '../model.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface BuildView {
  /** The answer of the call that made it: no version name yet, no place in the queue (contract 2.15 [ran]). */
  fresh?: boolean;
}

export interface Wire {
  user(user: User): Json;
  organization(organization: Organization): Json;
  template(template: Template): Json;
  version(version: TemplateVersion, view?: BuildView): Json;
  workspace(workspace: Workspace, viewer: User, view?: BuildView): Json;
  build(build: Build, view?: BuildView): Json;
  /** `nested` = inside a build; V2's resources endpoint leaves out the apps' `subdomain_name`. */
  resources(resources: readonly Resource[], nested: boolean): Json[];
  agent(agent: Agent): Json;
  key(key: Key): Json;
  authMethods(): Json;
  buildInfo(accessUrl: string): Json;
}
