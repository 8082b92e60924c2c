import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';

/**
 * What a verb asks of a person (contract 2.14, *Shared workspaces*): to see the workspace; to start, stop and connect; to
 * change its settings and cancel; to delete it; to be its owner.
 */
export type Need = 'read' | 'use' | 'change' | 'delete' | 'own';

/**
 * What a person is to a workspace: its owner; whoever may do all; somebody it is shared with in that role; or somebody
 * whom another role lets see it: what that one may do, the server tells when it is asked.
 */
export type Access = 'own' | 'site' | 'admin' | 'use' | 'unknown';

export const GRANTS: Readonly<Record<Access, readonly Need[]>> = {
  own: ['read', 'use', 'change', 'delete', 'own'],
  site: ['read', 'use', 'change', 'delete'],
  admin: ['read', 'use', 'change'],
  use: ['read', 'use'],
  unknown: ['read', 'use', 'change', 'delete'],
};

export const isOwn = ({ owner_id: owner }: Workspace, user: User): boolean => owner === undefined || owner === user.id;

export const accessOf = (workspace: Workspace, user: User): Access => {
  if (isOwn(workspace, user)) return 'own';
  if (isSiteOwner(user)) return 'site';
  // The user's groups are unknown; a visible workspace means membership in one of them, or another role.
  const roles = workspace.shared_with
    .filter(({ id, actor_type }) => id === user.id || actor_type === 'group')
    .flatMap((each) => each.roles);
  return roles.includes('admin') ? 'admin' : roles.includes('use') ? 'use' : 'unknown';
};

/** Site owners may do everything; they may cancel regardless of the template (contract 2.10). */
export const isSiteOwner = (user: User): boolean => hasRole(user, 'owner');

/** By site roles only; the server doesn't send permissions for single templates. */
export const mayChangeTemplates = (user: User): boolean => isSiteOwner(user) || hasRole(user, 'template-admin');

const hasRole = (user: User, name: string): boolean => user.roles.some((role) => role.name === name);
