import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { TemplateVersionId } from '../api/units.ts';
import { mayChangeTemplates } from './access.ts';

/** Why a start uses the active version instead of the last one. The server leaves this to its clients (contract 5.4). */
export type VersionPolicy = 'automatic' | 'required';

export const policyOf = (workspace: Workspace, user: User): VersionPolicy | undefined => {
  if (!workspace.outdated) return undefined;
  if (workspace.template_require_active_version && !mayChangeTemplates(user)) return 'required';
  return workspace.automatic_updates === 'always' ? 'automatic' : undefined;
};

/** The version that a start or a restart builds. */
export const versionToStart = (workspace: Workspace, user: User): TemplateVersionId | undefined =>
  (policyOf(workspace, user) && workspace.template_active_version_id) ?? workspace.latest_build.template_version_id;
