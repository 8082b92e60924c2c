import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import * as agentsApi from '../../src/api/agents.ts';
import { followAgentLog, watchAgentMetadata } from '../../src/api/agentStreams.ts';
import * as builds from '../../src/api/builds.ts';
import { DynamicParameters } from '../../src/api/dynamicParameters.ts';
import { ApiError } from '../../src/api/errors.ts';
import * as general from '../../src/api/general.ts';
import * as instanceIdentity from '../../src/api/instanceIdentity.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import * as portShares from '../../src/api/portShares.ts';
import { Secret } from '../../src/api/secret.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import * as tokens from '../../src/api/tokens.ts';
import { hours, later, minutes, type EpochMs, type Nanoseconds } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
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

const names = (error: unknown, field: string): error is ApiError =>
  error instanceof ApiError && error.validations.some((each) => each.field === field);

const DAY_NS = 86_400_000_000_000 as Nanoseconds;

for (const age of ages) {
  describe(`the operations against a deployment of age ${age}`, async () => {
    const deployment = await deploymentFor({ age, seed: true, allowRenames: true });
    const client = clientOf(deployment);
    const created = await createWorkspace(client, 'dev', 'operations');
    const built = await collect(
      followBuildLog(client.calls, created.latest_build.id, { signal: soon(), pace: quickPace }),
      () => false,
    );

    test('resources, state and number of a build that has ended', async () => {
      assert.equal(built.at(-1)?.kind, 'ended');
      const build = await builds.getByNumber(client.calls, 'me', 'operations', 1, soon());
      assert.equal(build.id, created.latest_build.id);
      const resources = await builds.resources(client.calls, build.id, soon());
      assert.deepEqual(
        resources.map(({ name }) => name),
        build.resources.map(({ name }) => name),
      );
      const state = await builds.state(client.calls, build.id, soon());
      assert.ok(state instanceof Uint8Array);
    });

    test('autostart and TTL are set, read back and switched off', async () => {
      // One that does not run: in V2 a TTL that is switched off takes the deadline of the running build with it.
      const [stopped] = (await workspaces.list(client.calls, { q: 'status:stopped owner:me' }, soon())).workspaces;
      assert.ok(stopped);
      const schedule = 'CRON_TZ=Europe/Paris 30 9 * * 1-5';
      await workspaceSettings.updateAutostart(client.calls, stopped.id, schedule, soon());
      await workspaceSettings.updateTtl(client.calls, stopped.id, hours(4), soon());
      const set = await workspaces.get(client.calls, stopped.id, {}, soon());
      assert.deepEqual([set.autostart_schedule, set.ttl_ms], [schedule, hours(4)]);
      await workspaceSettings.updateAutostart(client.calls, stopped.id, undefined, soon());
      await workspaceSettings.updateTtl(client.calls, stopped.id, undefined, soon());
      const unset = await workspaces.get(client.calls, stopped.id, {}, soon());
      assert.deepEqual([unset.autostart_schedule, unset.ttl_ms], [undefined, undefined]);
      await assert.rejects(workspaceSettings.updateAutostart(client.calls, stopped.id, '61 * * * *', soon()), (error) =>
        names(error, 'schedule'),
      );
    });

    test('extend is refused in each of its ways with a sentence of its own', async () => {
      const now = client.clock.now();
      const tooSoon = workspaceSettings.extend(client.calls, created.id, later(now, minutes(10)), soon());
      await assert.rejects(tooSoon, { kind: 'invalid' });
      const stopped = await workspaces.list(client.calls, { q: 'status:stopped owner:me' }, soon());
      const [first] = stopped.workspaces;
      assert.ok(first);
      await assert.rejects(workspaceSettings.extend(client.calls, first.id, later(now, hours(2)), soon()), {
        kind: 'conflict',
      });
    });

    test('a name that is taken is refused at its field, a free one is taken over', async () => {
      const [other] = (await workspaces.list(client.calls, { q: 'owner:me' }, soon())).workspaces.filter(
        ({ id }) => id !== created.id,
      );
      assert.ok(other);
      await assert.rejects(
        workspaceSettings.rename(client.calls, created.id, other.name, soon()),
        (error) => names(error, 'name') && error.kind === 'conflict',
      );
      await workspaceSettings.rename(client.calls, created.id, 'operations-2', soon());
      assert.equal((await workspaces.get(client.calls, created.id, {}, soon())).name, 'operations-2');
      await workspaceSettings.rename(client.calls, created.id, 'operations', soon());
    });

    test('a second build while one runs is a conflict, in the words for it', async () => {
      const busy = await createWorkspace(client, 'hang', 'busy-operations');
      await assert.rejects(
        workspaces.createBuild(client.calls, busy.id, { transition: 'stop' }, soon()),
        (error) => error instanceof ApiError && error.kind === 'conflict' && error.message.startsWith('Another build'),
      );
      await assert.rejects(builds.resources(client.calls, busy.latest_build.id, soon()), { kind: 'notNow' });
      await builds.cancel(client.calls, busy.latest_build.id, {}, soon());
    });

    test('cancel where the template forbids it says that the template does', async () => {
      const dana = clientOf(deployment, deployment.users.dana.token);
      const guarded = await createWorkspace(dana, 'no-cancel', 'guarded');
      await assert.rejects(
        builds.cancel(dana.calls, guarded.latest_build.id, {}, soon()),
        (error) => error instanceof ApiError && error.kind === 'forbidden' && error.message.startsWith('This template'),
      );
    });

    test("another member's workspace is not there", async () => {
      const dana = clientOf(deployment, deployment.users.dana.token);
      for (const ask of [
        workspaces.get(dana.calls, created.id, {}, soon()),
        workspaces.createBuild(dana.calls, created.id, { transition: 'stop' }, soon()),
        builds.get(dana.calls, created.latest_build.id, soon()),
      ]) {
        await assert.rejects(ask, { kind: 'notFound' });
      }
    });

    test('tokens are made, listed, revoked, and over after logging out', async () => {
      const made = await tokens.make(client.calls, 'me', { lifetime: DAY_NS, name: 'editor' }, soon());
      assert.ok(made instanceof Secret);
      assert.doesNotMatch(inspect(made) + JSON.stringify(made), new RegExp(made.reveal()));
      const [id = ''] = made.reveal().split('-');
      const listed = await tokens.list(client.calls, 'me', soon());
      assert.ok(listed.some((token) => token.id === id && token.lifetime_seconds === 86_400));
      const other = clientOf(deployment, made.reveal());
      assert.equal((await users.me(other.calls, soon())).username, 'owner');
      await tokens.revoke(client.calls, 'me', id, soon());
      await assert.rejects(users.me(other.calls, soon()), { kind: 'unauthorized' });

      const { email, password } = deployment.users.owner;
      const session = clientOf(deployment, (await tokens.logIn(client.calls, email, password, soon())).reveal());
      await tokens.logOut(session.calls, soon());
      await assert.rejects(users.me(session.calls, soon()), { kind: 'unauthorized' });
      await assert.rejects(tokens.logIn(client.calls, email, 'wrong', soon()), /email address and password/);
    });

    test('a machine that proves its instance gets the token of its agent, as a secret', async () => {
      const document = JSON.stringify({ instanceId: 'i-unknown' });
      deployment.acceptInstance(document, 'i-unknown');
      const proof = { document, signature: 'bm9wZQ==' };
      await assert.rejects(instanceIdentity.exchange(client.calls, { cloud: 'aws', ...proof }, undefined, soon()), {
        kind: 'notFound',
      });
      await assert.rejects(
        instanceIdentity.exchange(
          client.calls,
          { cloud: 'aws', document: '{}', signature: 'bm9wZQ==' },
          undefined,
          soon(),
        ),
        (error) =>
          error instanceof ApiError && error.kind === 'unauthorized' && error.message.includes('identity document'),
      );
      // The session has nothing to do with it.
      assert.equal((await users.me(client.calls, soon())).username, 'owner');
    });

    test('what one may do, where apps live and who there is', async () => {
      const allowed = await general.authCheck(
        client.calls,
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
      assert.equal(typeof (await general.applicationHost(client.calls, soon())), 'string');
      assert.ok((await users.list(client.calls, {}, soon())).some(({ username }) => username === 'dana'));
      const template = await templateNamed(client, 'dev');
      assert.ok(template.organization_id);
      assert.equal(await users.quota(client.calls, template.organization_id, 'me', soon()), undefined);
      const before = deployment.requests.length;
      assert.equal(await users.quota(client.calls, template.organization_id, 'me', soon()), undefined);
      assert.equal(deployment.requests.length, before);
    });

    test('the ports of an agent, or that it is not connected', async () => {
      const { latest_build: build } = await workspaces.get(client.calls, created.id, {}, soon());
      const agents = build.resources.flatMap((resource) => resource.agents);
      const [agent] = agents;
      assert.ok(agent);
      assert.equal((await agentsApi.get(client.calls, agent.id, soon())).name, agent.name);
      const away = agents.find(({ status }) => status !== 'connected');
      if (away !== undefined)
        await assert.rejects(agentsApi.listeningPorts(client.calls, away.id, soon()), { kind: 'notNow' });
    });

    test('a skewed clock of the server is found, and deadlines are judged by it', async () => {
      await deployment.misbehave('skewed-clock', { byMs: 2 * 3_600_000 });
      const skewed = clientOf(deployment);
      await users.me(skewed.calls, soon());
      const off = skewed.clock.now() - Date.now();
      assert.ok(Math.abs(off - 2 * 3_600_000) < 2000, `${off} ms`);
      await workspaceSettings.extend(skewed.calls, created.id, later(skewed.clock.now(), minutes(31)), soon());
      await assert.rejects(
        workspaceSettings.extend(skewed.calls, created.id, (Date.now() + 3_600_000) as EpochMs, soon()),
        {
          kind: 'invalid',
        },
      );
      await deployment.heal();
    });
  });
}

describe('what only V2 offers', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const client = clientOf(deployment);
  const created = await createWorkspace(client, 'dev', 'extras');
  await collect(
    followBuildLog(client.calls, created.latest_build.id, { signal: soon(), pace: quickPace }),
    () => false,
  );

  test('favorite, dormant and automatic updates are set and read back', async () => {
    const { calls } = client;
    await workspaceSettings.setFavorite(calls, created.id, true, soon());
    await workspaceSettings.setAutomaticUpdates(calls, created.id, 'always', soon());
    const read = await workspaces.get(client.calls, created.id, {}, soon());
    assert.deepEqual([read.favorite, read.automatic_updates], [true, 'always']);
    await workspaceSettings.setFavorite(calls, created.id, false, soon());
    await workspaceSettings.setDormant(calls, created.id, true, soon());
    // It is so already: 304.
    await workspaceSettings.setDormant(calls, created.id, true, soon());
    assert.notEqual((await workspaces.get(client.calls, created.id, {}, soon())).dormant_at, undefined);
    await workspaceSettings.setDormant(calls, created.id, false, soon());
    assert.equal(await workspaces.autostartNeedsInput(calls, created.id, soon()), false);
  });

  test('port shares, timings, presets, sign-ins and the values of a build', async () => {
    assert.deepEqual(await portShares.list(client.calls, created.id, soon()), []);
    assert.ok(await workspaces.timings(client.calls, created.id, soon()));
    const template = await templateNamed(client, 'dev');
    assert.ok(template.active_version_id);
    assert.ok((await templateVersions.presets(client.calls, template.active_version_id, soon())).length > 0);
    assert.deepEqual([...(await templateVersions.externalAuth(client.calls, template.active_version_id, soon()))], []);
    const values = await builds.parameters(client.calls, created.latest_build.id, soon());
    assert.ok(values.some(({ name }) => name === 'repo'));
    assert.ok(await general.sshSettings(client.calls, soon()));
  });

  test('the classic refusal of a value keeps the reason, the dynamic one its field', async () => {
    const template = await templateNamed(client, 'dev');
    assert.ok(template.organization_id);
    const request = { organizationId: template.organization_id, templateId: template.id, name: 'no-repo' };
    await assert.rejects(
      workspaces.create(client.calls, { ...request, parameters: { kind: 'rich', values: [] } }, soon()),
      (error) => error instanceof ApiError && error.kind === 'invalid' && (error.detail ?? '') !== '',
    );
    const dynamic = await templateNamed(client, 'dynamic');
    await assert.rejects(
      workspaces.create(
        client.calls,
        {
          organizationId: template.organization_id,
          templateId: dynamic.id,
          name: 'bad-size',
          parameters: { kind: 'rich', values: [{ name: 'size', value: 'enormous' }] },
        },
        soon(),
      ),
      (error) => names(error, 'size'),
    );
  });

  test('a dynamic form answers each change, by socket and at once', async () => {
    const { id: ownerId } = await users.me(client.calls, soon());
    const template = await templateNamed(client, 'dynamic');
    assert.ok(template.active_version_id);
    const dynamic = await DynamicParameters.open(client.calls, template.active_version_id, ownerId, soon());
    let changed = false;
    const forms = await collect(dynamic.forms(), (form) => {
      if (!changed) void dynamic.change({ size: 'l' });
      const isAnswer = changed && form.id > 0;
      changed = true;
      return isAnswer;
    });
    const size = forms.at(-1)?.parameters.find(({ name }) => name === 'size');
    assert.equal(size?.value?.value, 'l');
    const evaluated = await templateVersions.evaluate(
      client.calls,
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
    const { latest_build: build } = await workspaces.get(client.calls, created.id, {}, soon());
    const agent = build.resources.flatMap(({ agents }) => agents).find(({ name }) => name === 'main');
    assert.ok(agent);
    const [entries] = await collect(followAgentLog(client.calls, agent.id, {}, soon()), () => true);
    const plain = await agentsApi.logs(client.calls, agent.id, {}, soon());
    assert.equal(entries?.[0]?.id, plain[0]?.id);
    const [event] = await collect(
      watchAgentMetadata(client.calls, agent.id, soon()),
      ({ kind }) => kind === 'metadata',
    );
    assert.ok(event?.kind === 'metadata' && event.metadata.length > 0);
  });
});
