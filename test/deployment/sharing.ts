/** Workspaces that are shared with another user: who may do what (contract 2.14 [2.36]). */
import { Refusal } from './exchange.ts';
import type { User, Workspace } from './model.ts';

export type ShareRole = 'use' | 'admin';

/** The owner and a site owner may do everything. */
export function roleIn(user: User, workspace: Workspace): ShareRole | 'owner' | undefined {
  if (user.siteOwner || workspace.ownerId === user.id) return 'owner';
  return workspace.sharedWith.get(user.id);
}

export const mayRead = (user: User, workspace: Workspace): boolean => roleIn(user, workspace) !== undefined;

/** What `use` does not allow is refused by the database, which the server reports as an internal error. */
export function mustUpdate(user: User, workspace: Workspace, detail?: string): void {
  if (roleIn(user, workspace) === 'use')
    throw new Refusal(500, 'An internal server error occurred.', detail === undefined ? {} : { detail });
}

/** Deleting is for the owner alone. */
export function mustDelete(user: User, workspace: Workspace): void {
  if (roleIn(user, workspace) !== 'owner')
    throw new Refusal(403, 'Unauthorized to delete workspace.', { detail: 'unauthorized: rbac: forbidden' });
}
