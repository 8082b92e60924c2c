/** Signing in and out, and the keys that this makes (contract 1.2). */
import { authenticate } from '../auth.ts';
import type { Engine } from '../engine.ts';
import {
  empty,
  invalid,
  json,
  notFound,
  optionalNumber,
  optionalText,
  readBody,
  Refusal,
  requireFields,
  type Call,
} from '../exchange.ts';
import type { Key, User } from '../model.ts';
import type { Router } from '../router.ts';
import { createKey } from '../store.ts';
import { userParam } from './params.ts';

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const NS_PER_SECOND = 1_000_000_000;
/** V0's default maximum is 30 days; the recorded V2 gives site owners 7. */
const maxTokenSeconds = (engine: Engine): number => (engine.store.age.name === 'v0' ? 30 * DAY_SECONDS : WEEK_SECONDS);

/** Only one's own keys, unless one owns the site. */
function owner(engine: Engine, call: Call): User {
  const user = userParam(engine, call);
  if (user !== call.user && !call.user.siteOwner) throw notFound();
  return user;
}

function keyParam(engine: Engine, call: Call): Key {
  const user = owner(engine, call);
  const key = engine.store.keys.get(call.params.key ?? '');
  if (key?.userId !== user.id) throw notFound();
  return key;
}

function createLongToken(engine: Engine, call: Call) {
  const { store } = engine;
  const v2 = store.age.name === 'v2';
  const user = owner(engine, call);
  const body = call.raw.length === 0 ? {} : readBody(call);
  const seconds = (optionalNumber(body, 'lifetime') ?? 0) / NS_PER_SECOND || maxTokenSeconds(engine);
  if (seconds > maxTokenSeconds(engine))
    throw new Refusal(400, 'Failed to validate create API key request.', {
      detail: `lifetime must be less than ${maxTokenSeconds(engine) / 3600}h`,
    });
  const tokenName = v2 ? (optionalText(body, 'token_name') ?? '') : '';
  const taken = [...store.keys.values()].some((key) => key.userId === user.id && key.tokenName === tokenName);
  if (v2 && tokenName !== '' && taken)
    throw new Refusal(409, `A token with name "${tokenName}" already exists.`, {
      validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
    });
  const { token } = createKey(store, user, {
    loginType: 'token',
    lifetimeSeconds: seconds,
    tokenName,
    scope: optionalText(body, 'scope') ?? 'all',
  });
  return json(201, { key: token });
}

export function addKeyRoutes(router: Router): void {
  router.on(
    'POST',
    '/users/login',
    ({ store }, call) => {
      const body = readBody(call);
      requireFields(body, ['email', 'password']);
      const user = [...store.users.values()].find((known) => known.email === body.email);
      if (user === undefined || user.password !== body.password) throw new Refusal(401, 'Incorrect email or password.');
      user.lastSeenAt = store.clock.now();
      user.updatedAt = user.lastSeenAt;
      const { token } = createKey(store, user, { loginType: 'password', lifetimeSeconds: DAY_SECONDS });
      return json(201, { session_token: token });
    },
    { open: true },
  );
  router.on('POST', '/users/logout', ({ store }, call) => {
    store.keys.delete(authenticate(store, call.request, call.query).key.id);
    return json(200, { message: 'Logged out!' });
  });

  router.on('POST', '/users/:user/keys', (engine, call) => {
    const { token } = createKey(engine.store, owner(engine, call), {
      loginType: 'password',
      lifetimeSeconds: WEEK_SECONDS,
    });
    return json(201, { key: token });
  });
  router.on('POST', '/users/:user/keys/tokens', createLongToken);
  router.on('GET', '/users/:user/keys/tokens', (engine, call) => {
    const user = owner(engine, call);
    const everyones = engine.store.age.name === 'v0' || call.query.get('include_all') === 'true';
    const tokens = [...engine.store.keys.values()].filter(
      (key) => key.loginType === 'token' && (key.userId === user.id || (everyones && call.user.siteOwner)),
    );
    return json(200, tokens.length === 0 ? null : tokens.map((key) => engine.wire.key(key)));
  });
  router.on(
    'GET',
    '/users/:user/keys/tokens/tokenconfig',
    (engine) => json(200, { max_token_lifetime: maxTokenSeconds(engine) * NS_PER_SECOND }),
    { age: 'v2' },
  );
  router.on(
    'GET',
    '/users/:user/keys/tokens/:name',
    (engine, call) => {
      const user = owner(engine, call);
      const key = [...engine.store.keys.values()].find(
        (known) => known.userId === user.id && known.tokenName === call.params.name,
      );
      if (key === undefined) throw notFound();
      return json(200, engine.wire.key(key));
    },
    { age: 'v2' },
  );
  router.on('GET', '/users/:user/keys/:key', (engine, call) => json(200, engine.wire.key(keyParam(engine, call))));
  router.on('DELETE', '/users/:user/keys/:key', (engine, call) => {
    engine.store.keys.delete(keyParam(engine, call).id);
    return empty(204);
  });
  router.on(
    'PUT',
    '/users/:user/keys/:key/expire',
    (engine, call) => {
      const key = keyParam(engine, call);
      if (key.expiresAt <= engine.clock.now()) throw invalid('The key has expired already.', 'key');
      key.expiresAt = engine.clock.now();
      return empty(204);
    },
    { age: 'v2' },
  );
}
