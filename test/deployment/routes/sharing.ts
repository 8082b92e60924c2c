/** With whom a workspace is shared (contract 4.4; an experiment in v2.31.0, on in v2.36.0). */
import type { Engine } from '../engine.ts';
import { empty, invalid, isObject, json, readBody, Refusal, type Call, type Reply } from '../exchange.ts';
import type { Router } from '../router.ts';
import { must } from '../store.ts';
import { organizationParam, userParam, workspaceParam } from './params.ts';

const person = (engine: Engine, id: string) => {
  const { username, name } = must(engine.store.users, id);
  return { id, username, name };
};

function read(engine: Engine, call: Call): Reply {
  const workspace = workspaceParam(engine, call);
  if (!engine.store.age.sharesWorkspaces)
    throw new Refusal(403, 'Workspace sharing is an experiment that is not switched on here.');
  const users = [...workspace.sharedWith].map(([id, role]) => ({ ...person(engine, id), role }));
  return json(200, { users, group: [] });
}

function change(engine: Engine, call: Call): Reply {
  const workspace = workspaceParam(engine, call);
  if (!engine.store.age.sharesWorkspaces)
    throw new Refusal(403, 'Workspace sharing is an experiment that is not switched on here.');
  const roles = readBody(call).user_roles;
  for (const [id, role] of Object.entries(isObject(roles) ? roles : {})) {
    if (!engine.store.users.has(id)) throw invalid('Invalid request.', 'user_roles', `no user ${id}`);
    if (role === '') workspace.sharedWith.delete(id);
    else if (role === 'use' || role === 'admin') workspace.sharedWith.set(id, role);
    else throw invalid('Invalid request.', 'user_roles', `invalid role "${String(role)}"`);
  }
  engine.hub.workspaces.publish(workspace.id, 'changed');
  return empty(204);
}

/** Those for whom the caller may make a workspace. */
function availableUsers(engine: Engine, call: Call): Reply {
  organizationParam(engine, call);
  userParam(engine, call);
  if (!engine.store.age.sharesWorkspaces) throw new Refusal(404, 'Route not found.');
  const seen = call.user.siteOwner ? [...engine.store.users.values()] : [call.user];
  const byName = seen.sort((a, b) => (a.username < b.username ? -1 : 1));
  return json(
    200,
    byName.map(({ id }) => person(engine, id)),
  );
}

export function addSharingRoutes(router: Router): void {
  const v2 = { age: 'v2' } as const;
  router.on('GET', '/workspaces/:workspace/acl', read, v2);
  router.on('PATCH', '/workspaces/:workspace/acl', change, v2);
  router.on('GET', '/organizations/:organization/members/:user/workspaces/available-users', availableUsers, v2);
}
