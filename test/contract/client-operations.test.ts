import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { ApiError } from '../../src/api/errors.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import { Secret } from '../../src/api/secret.ts';
import { hours, later, minutes, type EpochMs, type Nanoseconds } from '../../src/api/units.ts';
import {
  ages,
  clientOf,
  collect,
  createWorkspace,
  deploymentFor,
  quickPace,
  soon,
  templateNamed,
} from './client-fixture.ts';

const DAY_NS = 86_400_000_000_000 as Nanoseconds;

for (const age of ages) {
  describe(`the operations against a deployment of age ${age}`, async () => {
    const deployment = await deploymentFor({ age, seed: true, allowRenames: true });
    const client = clientOf(deployment);
    const created = await createWorkspace(client, 'dev', 'operations');
    const built = await collect(
      followBuildLog(client, created.latest_build.id, { signal: soon(), pace: quickPace }),
      () => false,
    );

    test('resources, state and number of a build that has ended', async () => {
      assert.equal(built.at(-1)?.kind, 'ended');
      const build = await client.builds.getByNumber('me', 'operations', 1, soon());
      assert.equal(build.id, created.latest_build.id);
      const resources = await client.builds.resources(build.id, soon());
      assert.deepEqual(
        resources.map(({ name }) => name),
        build.resources.map(({ name }) => name),
      );
      const state = await client.builds.state(build.id, soon());
      assert.ok(state instanceof Uint8Array);
    });

    test('autostart and TTL are set, read back and switched off', async () => {
      // One that does not run: in V2 a TTL that is switched off takes the deadline of the running build with it.
      const [stopped] = (await client.workspaces.list({ q: 'status:stopped owner:me' }, soon())).workspaces;
      assert.ok(stopped);
      const schedule = 'CRON_TZ=Europe/Paris 30 9 * * 1-5';
      await client.workspaces.updateAutostart(stopped.id, schedule, soon());
      await client.workspaces.updateTtl(stopped.id, hours(4), soon());
      const set = await client.workspaces.get(stopped.id, {}, soon());
      assert.deepEqual([set.autostart_schedule, set.ttl_ms], [schedule, hours(4)]);
      await client.workspaces.updateAutostart(stopped.id, undefined, soon());
      await client.workspaces.updateTtl(stopped.id, undefined, soon());
      const unset = await client.workspaces.get(stopped.id, {}, soon());
      assert.deepEqual([unset.autostart_schedule, unset.ttl_ms], [undefined, undefined]);
      await assert.rejects(
        client.workspaces.updateAutostart(stopped.id, '61 * * * *', soon()),
        (error) => error instanceof ApiError && error.about('schedule') !== undefined,
      );
    });

    test('extend is refused in each of its ways with a sentence of its own', async () => {
      const now = client.clock.now();
      const tooSoon = client.workspaces.extend(created.id, later(now, minutes(10)), soon());
      await assert.rejects(tooSoon, { kind: 'invalid' });
      const stopped = await client.workspaces.list({ q: 'status:stopped owner:me' }, soon());
      const [first] = stopped.workspaces;
      assert.ok(first);
      await assert.rejects(client.workspaces.extend(first.id, later(now, hours(2)), soon()), { kind: 'conflict' });
    });

    test('a name that is taken is refused at its field, a free one is taken over', async () => {
      const [other] = (await client.workspaces.list({ q: 'owner:me' }, soon())).workspaces.filter(
        ({ id }) => id !== created.id,
      );
      assert.ok(other);
      await assert.rejects(
        client.workspaces.rename(created.id, other.name, soon()),
        (error) => error instanceof ApiError && error.kind === 'conflict' && error.about('name') !== undefined,
      );
      await client.workspaces.rename(created.id, 'operations-2', soon());
      assert.equal((await client.workspaces.get(created.id, {}, soon())).name, 'operations-2');
      await client.workspaces.rename(created.id, 'operations', soon());
    });

    test('a second build while one runs is a conflict, in the words for it', async () => {
      const busy = await createWorkspace(client, 'hang', 'busy-operations');
      await assert.rejects(
        client.workspaces.createBuild(busy.id, { transition: 'stop' }, soon()),
        (error) => error instanceof ApiError && error.kind === 'conflict' && error.message.startsWith('Another build'),
      );
      await assert.rejects(client.builds.resources(busy.latest_build.id, soon()), { kind: 'notNow' });
      await client.builds.cancel(busy.latest_build.id, {}, soon());
    });

    test('cancel where the template forbids it says that the template does', async () => {
      const dana = clientOf(deployment, deployment.users.dana.token);
      const guarded = await createWorkspace(dana, 'no-cancel', 'guarded');
      await assert.rejects(
        dana.builds.cancel(guarded.latest_build.id, {}, soon()),
        (error) => error instanceof ApiError && error.kind === 'forbidden' && error.message.startsWith('The template'),
      );
    });

    test("another member's workspace is not there", async () => {
      const dana = clientOf(deployment, deployment.users.dana.token);
      for (const ask of [
        dana.workspaces.get(created.id, {}, soon()),
        dana.workspaces.createBuild(created.id, { transition: 'stop' }, soon()),
        dana.builds.get(created.latest_build.id, soon()),
      ]) {
        await assert.rejects(ask, { kind: 'notFound' });
      }
    });

    test('tokens are made, listed, revoked, and over after logging out', async () => {
      const made = await client.tokens.make('me', { lifetime: DAY_NS, name: 'editor' }, soon());
      assert.ok(made instanceof Secret);
      assert.doesNotMatch(inspect(made) + JSON.stringify(made), new RegExp(made.reveal()));
      const [id = ''] = made.reveal().split('-');
      const listed = await client.tokens.list('me', soon());
      assert.ok(listed.some((token) => token.id === id && token.lifetime_seconds === 86_400));
      const other = clientOf(deployment, made.reveal());
      assert.equal((await other.users.me(soon())).username, 'owner');
      await client.tokens.revoke('me', id, soon());
      await assert.rejects(other.users.me(soon()), { kind: 'unauthorized' });

      const { email, password } = deployment.users.owner;
      const session = clientOf(deployment, (await client.tokens.logIn(email, password, soon())).reveal());
      await session.tokens.logOut(soon());
      await assert.rejects(session.users.me(soon()), { kind: 'unauthorized' });
      await assert.rejects(client.tokens.logIn(email, 'wrong', soon()), /e-mail address and password/);
    });

    test('a machine that proves its instance gets the token of its agent, as a secret', async () => {
      const document = JSON.stringify({ instanceId: 'i-unknown' });
      deployment.acceptInstance(document, 'i-unknown');
      const proof = { document, signature: 'bm9wZQ==' };
      await assert.rejects(client.instanceIdentity.aws(proof, {}, soon()), { kind: 'notFound' });
      await assert.rejects(
        client.instanceIdentity.aws({ document: '{}', signature: 'bm9wZQ==' }, {}, soon()),
        (error) =>
          error instanceof ApiError && error.kind === 'unauthorized' && error.message.includes('identity document'),
      );
      // The session has nothing to do with it.
      assert.equal((await client.users.me(soon())).username, 'owner');
    });

    test('what one may do, where apps live and who there is', async () => {
      const allowed = await client.general.authCheck(
        {
          update: { action: 'update', object: { resource_type: 'workspace', resource_id: created.id } },
          none: {
            action: 'read',
            object: { resource_type: 'workspace', resource_id: '99999999-9999-4999-8999-999999999999' },
          },
        },
        soon(),
      );
      assert.deepEqual(allowed, { update: true, none: false });
      assert.equal(typeof (await client.general.applicationHost(soon())), 'string');
      assert.ok((await client.users.list({}, soon())).some(({ username }) => username === 'dana'));
      const template = await templateNamed(client, 'dev');
      assert.ok(template.organization_id);
      assert.equal(await client.users.quota(template.organization_id, 'me', soon()), undefined);
      const before = deployment.requests.length;
      assert.equal(await client.users.quota(template.organization_id, 'me', soon()), undefined);
      assert.equal(deployment.requests.length, before);
    });

    test('the ports of an agent, or that it is not connected', async () => {
      const { latest_build: build } = await client.workspaces.get(created.id, {}, soon());
      const agents = build.resources.flatMap((resource) => resource.agents);
      const [agent] = agents;
      assert.ok(agent);
      assert.equal((await client.agents.get(agent.id, soon())).name, agent.name);
      const away = agents.find(({ status }) => status !== 'connected');
      if (away !== undefined) await assert.rejects(client.agents.listeningPorts(away.id, soon()), { kind: 'notNow' });
    });

    test('a skewed clock of the server is found, and deadlines are judged by it', async () => {
      await deployment.misbehave('skewed-clock', { byMs: 2 * 3_600_000 });
      const skewed = clientOf(deployment);
      await skewed.users.me(soon());
      const off = skewed.clock.now() - Date.now();
      assert.ok(Math.abs(off - 2 * 3_600_000) < 2000, `${off} ms`);
      await skewed.workspaces.extend(created.id, later(skewed.clock.now(), minutes(31)), soon());
      await assert.rejects(skewed.workspaces.extend(created.id, (Date.now() + 3_600_000) as EpochMs, soon()), {
        kind: 'invalid',
      });
      await deployment.heal();
    });
  });
}

describe('what only V2 offers', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const client = clientOf(deployment);
  const created = await createWorkspace(client, 'dev', 'extras');
  await collect(followBuildLog(client, created.latest_build.id, { signal: soon(), pace: quickPace }), () => false);

  test('favorite, dormant and automatic updates are set and read back', async () => {
    const { workspaceExtras: extras } = client;
    await extras.setFavorite(created.id, true, soon());
    await extras.setAutomaticUpdates(created.id, 'always', soon());
    const read = await client.workspaces.get(created.id, {}, soon());
    assert.deepEqual([read.favorite, read.automatic_updates], [true, 'always']);
    await extras.setFavorite(created.id, false, soon());
    await extras.setDormant(created.id, true, soon());
    // It is so already: 304.
    await extras.setDormant(created.id, true, soon());
    assert.notEqual((await client.workspaces.get(created.id, {}, soon())).dormant_at, undefined);
    await extras.setDormant(created.id, false, soon());
    assert.equal(await extras.autostartNeedsInput(created.id, soon()), false);
  });

  test('port shares, timings, presets, sign-ins and the values of a build', async () => {
    assert.deepEqual(await client.workspaceExtras.portShares(created.id, soon()), []);
    assert.ok(await client.workspaceExtras.timings(created.id, soon()));
    const template = await templateNamed(client, 'dev');
    assert.ok(template.active_version_id);
    assert.ok((await client.templateVersions.presets(template.active_version_id, soon())).length > 0);
    assert.deepEqual([...(await client.templateVersions.externalAuth(template.active_version_id, soon()))], []);
    const values = await client.builds.parameters(created.latest_build.id, soon());
    assert.ok(values.some(({ name }) => name === 'repo'));
    assert.ok(await client.general.sshSettings(soon()));
  });

  test('the classic refusal of a value keeps the reason, the dynamic one its field', async () => {
    const template = await templateNamed(client, 'dev');
    assert.ok(template.organization_id);
    const request = { organizationId: template.organization_id, templateId: template.id, name: 'no-repo' };
    await assert.rejects(
      client.workspaces.create({ ...request, parameters: { kind: 'rich', values: [] } }, soon()),
      (error) => error instanceof ApiError && error.kind === 'invalid' && (error.detail ?? '') !== '',
    );
    const dynamic = await templateNamed(client, 'dynamic');
    await assert.rejects(
      client.workspaces.create(
        {
          organizationId: template.organization_id,
          templateId: dynamic.id,
          name: 'bad-size',
          parameters: { kind: 'rich', values: [{ name: 'size', value: 'enormous' }] },
        },
        soon(),
      ),
      (error) => error instanceof ApiError && error.about('size') !== undefined,
    );
  });

  test('a dynamic form answers each change, by socket and at once', async () => {
    const { id: ownerId } = await client.users.me(soon());
    const template = await templateNamed(client, 'dynamic');
    assert.ok(template.active_version_id);
    const dynamic = client.dynamicParameters(template.active_version_id, ownerId, soon());
    let changed = false;
    const forms = await collect(dynamic.forms(), (form) => {
      if (!changed) void dynamic.change({ size: 'l' });
      const isAnswer = changed && form.id > 0;
      changed = true;
      return isAnswer;
    });
    const size = forms.at(-1)?.parameters.find(({ name }) => name === 'size');
    assert.equal(size?.value?.value, 'l');
    const evaluated = await client.templateVersions.evaluate(
      template.active_version_id,
      { inputs: { size: 'l' }, ownerId },
      soon(),
    );
    assert.deepEqual(
      evaluated.parameters.map(({ name }) => name),
      forms.at(-1)?.parameters.map(({ name }) => name),
    );
  });

  test('the log and the measured values of an agent stream', async () => {
    const { latest_build: build } = await client.workspaces.get(created.id, {}, soon());
    const agent = build.resources.flatMap(({ agents }) => agents).find(({ name }) => name === 'main');
    assert.ok(agent);
    const [entries] = await collect(client.agents.followLogs(agent.id, {}, soon()), () => true);
    const plain = await client.agents.logs(agent.id, {}, soon());
    assert.equal(entries?.[0]?.id, plain[0]?.id);
    const [event] = await collect(client.agents.watchMetadata(agent.id, soon()), ({ kind }) => kind === 'metadata');
    assert.ok(event?.kind === 'metadata' && event.metadata.length > 0);
  });
});
