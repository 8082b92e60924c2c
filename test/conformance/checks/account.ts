import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { ApiError } from '../../../src/api/errors.ts';
import * as general from '../../../src/api/general.ts';
import type { Secret } from '../../../src/api/secret.ts';
import * as tokens from '../../../src/api/tokens.ts';
import type { Nanoseconds } from '../../../src/api/units.ts';
import * as users from '../../../src/api/users.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const deployment = 'Deployment, users and permissions';
const session = 'Session and tokens';
const HOUR = 3_600_000_000_000 as Nanoseconds;

const unauthorized = { status: 401, kind: 'unauthorized' } as const;

const assertHidden = (secret: Secret): void => {
  const value = secret.reveal();
  for (const shown of [String(secret), JSON.stringify({ secret }), inspect({ secret }, { depth: 5 })]) {
    assert.ok(!shown.includes(value), 'the token shows itself');
  }
};

/** The public half of a token (contract 1.1). */
const keyId = (token: Secret): string => token.reveal().split('-')[0] ?? '';

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.kind === 'routeNotFound';

/** Makes a token for an hour, and takes it back whatever happens. */
const withToken = async (
  context: CheckContext,
  use: (token: Secret) => Promise<void>,
  name?: string,
): Promise<void> => {
  const { client, signal } = context;
  const token = await tokens.make(
    client.calls,
    'me',
    { lifetime: HOUR, ...(name === undefined ? {} : { name }) },
    signal,
  );
  try {
    await use(token);
  } finally {
    // Not with the check's own signal: a token must not be left behind when it is stopped.
    await tokens
      .revoke(client.calls, 'me', keyId(token), AbortSignal.timeout(context.limits.soonMs))
      .catch(() => undefined);
  }
};

export const account: readonly Check[] = [
  {
    operation: deployment,
    name: 'The deployment tells its version without a token, and with every answer',
    async run({ client, signal }) {
      const info = await general.buildInfo(client.calls, signal);
      assert.notEqual(info.version, '');
      assert.equal(client.features.buildVersion, info.version);
      assert.notEqual((await general.updateCheck(client.calls, signal)).version, '');
    },
  },
  {
    operation: deployment,
    name: 'One is the same user as “me”, by name and by id',
    async run({ client, facts, signal }) {
      for (const user of ['me', facts.me.username, facts.me.id]) {
        assert.equal((await users.get(client.calls, user, signal)).id, facts.me.id, user);
      }
    },
  },
  {
    operation: deployment,
    name: 'A user who does not exist is refused',
    async run(context) {
      const error = await users.get(context.client.calls, 'conformance-nobody', context.signal).then(
        () => assert.fail('it was accepted'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof ApiError && (error.status === 400 || error.status === 404), String(error));
    },
  },
  {
    operation: deployment,
    name: 'One belongs to an organization, which is found by its name',
    async run({ client, facts, signal }) {
      const organizations = await users.organizations(client.calls, 'me', signal);
      const [first] = organizations;
      if (first === undefined) return assert.fail('there is none');
      assert.ok(facts.me.organization_ids.includes(first.id), 'the user does not know of it');
      assert.equal((await users.organization(client.calls, 'me', first.name, signal)).id, first.id);
    },
  },
  {
    operation: deployment,
    name: 'One may read one’s own workspace, and nothing that does not exist',
    needs: [need.template('dev')],
    async run({ client, workspaces, signal }) {
      const { id } = await workspaces.running();
      const about = (resource_id: string) => ({ action: 'read', object: { resource_type: 'workspace', resource_id } });
      const answers = await general.authCheck(client.calls, { own: about(id), none: about(UNKNOWN_ID) }, signal);
      assert.deepEqual({ ...answers }, { own: true, none: false });
    },
  },
  {
    operation: deployment,
    name: 'Where apps live, how one may sign in and what one may use is told, or not offered',
    async run({ client, facts, signal }) {
      assert.equal(typeof (await general.applicationHost(client.calls, signal)), 'string');
      assert.equal(typeof (await users.authMethods(client.calls, signal)).password, 'boolean');
      const [organization] = await users.organizations(client.calls, 'me', signal);
      if (organization === undefined) return skip('there is no organization');
      const quota = await users.quota(client.calls, organization.id, 'me', signal);
      if (quota !== undefined) assert.ok(quota.budget >= -1, String(quota.budget));
      const ssh = general.sshSettings(client.calls, signal);
      if (facts.age === 'today') await ssh;
      else await ssh.catch((error: unknown) => assert.ok(isMissing(error), String(error)));
    },
  },
  {
    operation: session,
    name: 'Without a token, with one of the wrong shape and with one that nobody has there is no session',
    async run(context) {
      for (const token of [undefined, 'nonsense', 'abcdefghij-0123456789abcdefghijkl']) {
        await refused(context, users.me(context.as(token).calls, context.signal), unauthorized);
      }
    },
  },
  {
    operation: session,
    name: 'A wrong password is refused',
    async run(context) {
      const { password } = await users.authMethods(context.client.calls, context.signal);
      if (!password) skip('nobody signs in with a password here');
      const attempt = tokens.logIn(
        context.client.calls,
        'conformance@invalid.example',
        'not-the-password',
        context.signal,
      );
      const error = await refused(context, attempt, unauthorized);
      assert.equal(error.operation.name, 'login', 'it could be taken for the session’s end');
    },
  },
  {
    operation: session,
    name: 'A key works until it logs out, and only its own session ends',
    async run(context) {
      const key = await tokens.makeKey(context.client.calls, 'me', context.signal);
      const other = context.as(key);
      try {
        assertHidden(key);
        assert.equal((await users.me(other.calls, context.signal)).id, context.facts.me.id);
      } finally {
        // Not with the check's own signal: a key must not be left behind when it is stopped.
        await tokens.logOut(other.calls, AbortSignal.timeout(context.limits.soonMs));
      }
      await refused(context, users.me(other.calls, context.signal), unauthorized);
      assert.equal((await users.me(context.client.calls, context.signal)).id, context.facts.me.id);
    },
  },
  {
    operation: session,
    name: 'A token works, is listed without its secret, and works no longer once it is revoked',
    async run(context) {
      const { client, signal, facts } = context;
      await withToken(context, async (token) => {
        assertHidden(token);
        const other = context.as(token);
        assert.equal((await users.me(other.calls, signal)).id, facts.me.id);
        const listed = (await tokens.list(client.calls, 'me', signal)).find((each) => each.id === keyId(token));
        assert.equal(listed?.user_id, facts.me.id, 'it is not listed');
        assert.ok(!JSON.stringify(listed).includes(token.reveal().split('-')[1] ?? '-'), 'its secret is listed');
        await tokens.revoke(client.calls, 'me', keyId(token), signal);
        await refused(context, users.me(other.calls, signal), unauthorized);
      });
    },
  },
  {
    operation: session,
    name: 'A name that a token has already is refused',
    needs: [need.newer('names of tokens')],
    async run(context) {
      if (context.facts.age !== 'today') skip('they came at some time in between');
      const name = context.workspaces.nameFor('token');
      await withToken(
        context,
        async () => {
          const again = tokens.make(context.client.calls, 'me', { lifetime: HOUR, name }, context.signal);
          await refused(context, again, { status: 409, kind: 'conflict' });
        },
        name,
      );
    },
  },
  {
    operation: session,
    name: 'A token for longer than allowed is refused',
    async run(context) {
      // Some deployments allow 100 years (876,600 h); what a server can count in nanoseconds ends after 292.
      const lifetime = (250 * 365 * 24 * HOUR) as Nanoseconds;
      const { calls } = context.client;
      const attempt = tokens.make(calls, 'me', { lifetime }, context.signal);
      await refused(context, attempt, { status: 400, kind: 'invalid' }).catch(async (error: unknown) => {
        const token = await attempt.catch(() => undefined);
        if (token !== undefined)
          await tokens.revoke(calls, 'me', keyId(token), AbortSignal.timeout(context.limits.soonMs));
        throw error;
      });
    },
  },
];
