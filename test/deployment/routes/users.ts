/** Users, organizations, permission checks. */
import type { Engine } from '../engine.ts';
import { isObject, json, notFound, optionalText, readBody, Refusal, requireFields, type Call } from '../exchange.ts';
import type { Router } from '../router.ts';
import { mayRead } from '../sharing.ts';
import { createUser, latestBuild, organizationOf } from '../store.ts';
import { organizationParam, userParam } from './params.ts';

function authcheck(engine: Engine, call: Call) {
  const checks = readBody(call).checks;
  if (!isObject(checks))
    throw new Refusal(400, 'Validation failed.', { validations: [{ field: 'checks', detail: 'required' }] });
  const entries = Object.entries(checks).filter((entry): entry is [string, Record<string, unknown>] =>
    isObject(entry[1]),
  );
  const may = ({ object }: Record<string, unknown>): boolean => {
    if (!isObject(object)) return false;
    const id = optionalText(object, 'resource_id');
    const ownerId = optionalText(object, 'owner_id');
    if (id === undefined) return call.user.siteOwner || ownerId === 'me' || ownerId === call.user.id;
    if (object.resource_type === 'workspace') {
      const workspace = engine.store.workspaces.get(id);
      return workspace !== undefined && mayRead(call.user, workspace);
    }
    const known = engine.store.templates.has(id) || engine.store.users.has(id);
    return known && call.user.siteOwner;
  };
  return json(
    200,
    Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, check]) => [name, may(check)])),
  );
}

export function addUserRoutes(router: Router): void {
  const open = { open: true };

  router.on(
    'GET',
    '/users/first',
    ({ store }) => {
      if (store.users.size === 0) throw new Refusal(404, 'The initial user has not been created!');
      return json(200, { message: 'The initial user has already been created!' });
    },
    open,
  );
  router.on(
    'POST',
    '/users/first',
    ({ store }, call) => {
      const body = readBody(call);
      requireFields(body, ['email', 'username', 'password']);
      if (store.users.size > 0) throw new Refusal(409, 'The initial user has already been created.');
      const user = createUser(store, wantedUser(call), true);
      return json(201, { user_id: user.id, organization_id: organizationOf(store).id });
    },
    open,
  );
  router.on('GET', '/users/:user/quiet-hours', ({ store }) => {
    if (store.quietHours === undefined) throw new Refusal(404, 'Route not found.');
    const { time, timezone } = store.quietHours;
    return json(200, { raw_schedule: '', user_set: false, user_can_set: true, time, timezone });
  });
  router.on('GET', '/users/authmethods', ({ wire }) => json(200, wire.authMethods()), open);

  router.on('GET', '/users', ({ store, wire }, call) => {
    const everyone = [...store.users.values()];
    const seen = store.age.name === 'v0' || call.user.siteOwner ? everyone : [call.user];
    if (store.age.name === 'v2') seen.sort((a, b) => (a.username < b.username ? -1 : 1));
    const q = (call.query.get('q') ?? '').toLowerCase();
    const found = seen.filter((user) => q.includes(':') || `${user.username} ${user.email}`.toLowerCase().includes(q));
    const offset = Number(call.query.get('offset') ?? 0);
    const limit = Number(call.query.get('limit') ?? 0) || found.length;
    return json(200, {
      users: found.slice(offset, offset + limit).map((user) => wire.user(user)),
      count: found.length,
    });
  });
  router.on('POST', '/users', ({ store, wire }, call) => {
    if (!call.user.siteOwner) throw new Refusal(403, 'Forbidden.');
    requireFields(readBody(call), ['email', 'username']);
    const wanted = wantedUser(call);
    const taken = [...store.users.values()].some((user) => user.username === wanted.username);
    if (taken) throw new Refusal(409, 'User already exists.');
    return json(201, wire.user(createUser(store, wanted, false)));
  });
  router.on('GET', '/users/:user', (engine, call) => json(200, engine.wire.user(userParam(engine, call))));

  router.on('GET', '/users/:user/organizations', (engine, call) => {
    userParam(engine, call);
    const all = [organizationOf(engine.store), ...engine.store.otherOrganizations];
    return json(
      200,
      all.map((organization, n) => ({
        ...engine.wire.organization(organization),
        ...(n > 0 ? { is_default: false } : {}),
      })),
    );
  });
  router.on('GET', '/users/:user/organizations/:name', (engine, call) => {
    userParam(engine, call);
    if (call.params.name !== organizationOf(engine.store).name) throw notFound();
    return json(200, engine.wire.organization(organizationOf(engine.store)));
  });
  router.on('GET', '/organizations', ({ store, wire }) => json(200, [wire.organization(organizationOf(store))]), {
    age: 'v2',
  });
  router.on('GET', '/organizations/:organization', (engine, call) =>
    json(200, engine.wire.organization(organizationParam(engine, call))),
  );
  router.on('POST', '/authcheck', authcheck);
  router.on('GET', '/organizations/:organization/members/:user/workspace-quota', quota, { age: 'v2' });
  router.on('GET', '/workspace-quota/:user', quota);
  router.on(
    'GET',
    '/organizations/:organization/members/:user/workspaces/available-users',
    ({ store }, call) => {
      if (!store.age.tellsMore) throw new Refusal(404, 'Route not found.');
      const q = call.query.get('q') ?? '';
      const seen = [...store.users.values()].filter(
        (user) => (call.user.siteOwner || user === call.user) && user.username.includes(q),
      );
      seen.sort((a, b) => (a.username < b.username ? -1 : 1));
      const limit = Number(call.query.get('limit') ?? 0) || seen.length;
      return json(
        200,
        seen.slice(0, limit).map(({ id, username, name }) => ({ id, username, name })),
      );
    },
    { age: 'v2' },
  );
}

/** What the owner's workspaces cost that are on, of what they may (contract 4.4). */
function quota(engine: Engine, call: Call) {
  const { store } = engine;
  if (store.quota === undefined) throw new Refusal(404, 'Route not found.');
  const owner = userParam(engine, call);
  const costs = [...store.workspaces.values()]
    .filter((workspace) => workspace.ownerId === owner.id && !workspace.deleted)
    .flatMap((workspace) => latestBuild(workspace).resources.map(({ spec }) => spec.dailyCost));
  return json(200, { credits_consumed: costs.reduce((sum, cost) => sum + cost, 0), budget: store.quota });
}

function wantedUser(call: Call) {
  const body = readBody(call);
  const get = (field: string): string => optionalText(body, field) ?? '';
  return { username: get('username'), name: get('name'), email: get('email'), password: get('password') };
}
