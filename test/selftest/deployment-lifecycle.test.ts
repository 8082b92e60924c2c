import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { startDeployment, type AgeName, type Deployment, type DeploymentOptions } from '../deployment/index.ts';
import { createTestClient } from '../deployment/testClient.ts';

const ages: readonly AgeName[] = ['v0', 'v2'];
const HOUR_MS = 3_600_000;

async function start(t: TestContext, options: DeploymentOptions): Promise<Deployment> {
  const deployment = await startDeployment({ speed: 50, ...options });
  t.after(() => deployment.close());
  return deployment;
}

interface Row {
  id: string;
  name: string;
  owner_name: string;
  outdated: boolean;
  favorite?: boolean;
  dormant_at?: string | null;
  health?: { healthy: boolean };
  latest_build: {
    id: string;
    status: string;
    reason: string;
    deadline: string | null;
    max_deadline?: string | null;
    job: { error?: string; canceled_at?: string; queue_position?: number };
    resources: { agents?: { id: string; name: string; status: string; lifecycle_state?: string }[] }[];
  };
}

const rows = async (deployment: Deployment, token?: string): Promise<Row[]> =>
  ((await createTestClient(deployment, token).get('/workspaces')).body as { workspaces: Row[] }).workspaces;

for (const age of ages) {
  test(`${age}: the seed data holds a workspace in every status that is ever listed`, async (t) => {
    const deployment = await start(t, { age, seed: true, speed: 1 });
    const seen = await rows(deployment);
    const statuses = new Set(seen.map((row) => row.latest_build.status));
    const all = 'pending starting running stopping stopped failed canceling canceled deleting'.split(' ');
    assert.deepEqual([...statuses].sort(), all.sort());
    assert.ok(seen.some((row) => row.outdated && row.latest_build.status === 'running'));
    assert.ok(seen.some((row) => row.latest_build.job.error?.includes('InsufficientInstanceCapacity')));
    assert.ok(
      seen.some((row) => row.latest_build.status === 'failed' && row.latest_build.job.canceled_at !== undefined),
    );
    const soon = seen.find((row) => row.name === 'notebook');
    assert.ok(Date.parse(soon?.latest_build.deadline ?? '') - Date.now() < 30 * 60_000);
    assert.ok(seen.some((row) => row.owner_name === 'dana'));
    if (age === 'v2') {
      assert.ok(seen.some((row) => row.favorite));
      assert.ok(seen.some((row) => row.dormant_at));
      assert.ok(seen.some((row) => row.health?.healthy === false));
      assert.ok(seen.some((row) => row.latest_build.max_deadline));
    }
  });

  test(`${age}: seeded builds in transit do not keep a new one waiting`, async (t) => {
    const deployment = await start(t, { age, seed: true });
    const client = createTestClient(deployment);
    const id = await client.create('fresh', 'slow');
    await client.until('running', async () => (await client.status(id)) === 'running');
    const queued = (await rows(deployment)).find((row) => row.name === 'queued');
    assert.equal(queued?.latest_build.status, 'pending');
  });

  test(`${age}: a member sees only her own workspaces, and no others by id`, async (t) => {
    const deployment = await start(t, { age, seed: true });
    const mine = await rows(deployment, deployment.users.dana.token);
    assert.ok(mine.length > 0 && mine.every((row) => row.owner_name === 'dana'));
    const other = deployment.workspace('owner/web').id;
    const dana = createTestClient(deployment, deployment.users.dana.token);
    assert.equal((await dana.get(`/workspaces/${other}`)).status, 404);
  });

  test(`${age}: a deadline that passes stops the workspace, for the reason autostop`, async (t) => {
    const deployment = await start(t, { age, seed: true });
    const client = createTestClient(deployment);
    const id = deployment.workspace('owner/web').id;
    deployment.advance(12 * HOUR_MS);
    await client.until('stopped', async () => (await client.status(id)) === 'stopped');
    assert.equal((await rows(deployment)).find((row) => row.id === id)?.latest_build.reason, 'autostop');
  });

  test(`${age}: a schedule that comes round starts the workspace, for the reason autostart`, async (t) => {
    const deployment = await start(t, { age, seed: true });
    const client = createTestClient(deployment);
    const id = deployment.workspace('owner/archive').id;
    const { status } = await client.call('PUT', `/workspaces/${id}/autostart`, { schedule: '0 9 * * *' });
    assert.equal(status, 204);
    deployment.advance(25 * HOUR_MS);
    await client.until('running', async () => (await client.status(id)) === 'running');
    assert.equal((await rows(deployment)).find((row) => row.id === id)?.latest_build.reason, 'autostart');
  });

  test(`${age}: agents connect by themselves, one never comes and times out, one can be lost`, async (t) => {
    const deployment = await start(t, { age });
    const client = createTestClient(deployment);
    const repo = { rich_parameter_values: [{ name: 'repo', value: 'https://example.com/r.git' }] };
    await client.create('box', 'dev', repo);
    const agents = async (): Promise<Record<string, string>> => {
      const row = (await rows(deployment))[0];
      const all = row?.latest_build.resources.flatMap((resource) => resource.agents ?? []) ?? [];
      return Object.fromEntries(all.map((agent) => [agent.name, agent.status]));
    };
    await client.until('connected', async () => (await agents()).main === 'connected');
    assert.equal((await agents()).gpu, 'connecting');
    deployment.advance(121_000);
    assert.equal((await agents()).gpu, 'timeout');
    deployment.loseAgent('owner/box', 'main');
    assert.equal((await agents()).main, 'disconnected');
    deployment.connectAgent('owner/box', 'main');
    assert.equal((await agents()).main, 'connected');
  });

  test(`${age}: a document that a test vouches for is exchanged for the agent's token`, async (t) => {
    const deployment = await start(t, { age });
    const client = createTestClient(deployment);
    const id = await client.create('vm', 'slow');
    await client.until('running', async () => (await client.status(id)) === 'running');
    const body = { signature: 'c2ln', document: '{"instanceId":"i-0123456789abcdef0"}' };
    const path = '/workspaceagents/aws-instance-identity';
    assert.equal((await client.call('POST', path, body)).status, 401);
    deployment.acceptInstance(body.document, 'i-nobody');
    assert.equal((await client.call('POST', path, body)).status, 404);
    deployment.acceptInstance(body.document, 'i-0123456789abcdef0');
    const answer = await client.call('POST', path, body);
    assert.equal(answer.status, 200);
    assert.match((answer.body as { session_token: string }).session_token, /^[0-9a-f-]{36}$/);
  });

  test(`${age}: a key can be made, listed, revoked, and is then worth nothing`, async (t) => {
    const deployment = await start(t, { age });
    const client = createTestClient(deployment);
    const made = await client.call('POST', '/users/me/keys/tokens', { lifetime: 3_600_000_000_000 });
    const { key } = made.body as { key: string };
    assert.equal((await createTestClient(deployment, key).get('/users/me')).status, 200);
    const listed = (await client.get('/users/me/keys/tokens')).body as { id: string }[];
    assert.deepEqual(
      listed.map((item) => item.id),
      [key.split('-')[0]],
    );
    assert.equal((await client.call('DELETE', `/users/me/keys/${key.split('-')[0] ?? ''}`)).status, 204);
    assert.equal((await createTestClient(deployment, key).get('/users/me')).status, 401);
  });

  test(`${age}: a token is worth nothing once it has expired`, async (t) => {
    const deployment = await start(t, { age });
    deployment.advance(8 * 24 * HOUR_MS);
    assert.equal((await createTestClient(deployment).get('/users/me')).status, 401);
  });

  test(`${age}: whoever follows the log of a build that says nothing is pinged`, { timeout: 20_000 }, async (t) => {
    const deployment = await start(t, { age, speed: 1000 });
    deployment.hold('builds');
    const client = createTestClient(deployment);
    const [build] = deployment.store.workspaces.get(await client.create('silent', 'slow'))?.builds ?? [];
    const socket = client.socket(`/workspacebuilds/${build?.id ?? ''}/logs?follow`);
    t.after(() => socket.terminate());
    const [count] = (await once(socket, 'ping')) as [Buffer];
    assert.equal(count.toString(), '1');
  });

  test(`${age}: fifty thousand lines come to a follower once each, in order`, async (t) => {
    const deployment = await start(t, { age });
    deployment.addTemplate({ name: 'chatty', lines: 50_000 });
    const client = createTestClient(deployment);
    deployment.hold('queue');
    await client.create('loud', 'chatty');
    const build = (await rows(deployment))[0]?.latest_build.id ?? '';
    const socket = client.socket(`/workspacebuilds/${build}/logs?follow`);
    const ids: number[] = [];
    socket.on('message', (data: Buffer) => void ids.push((JSON.parse(data.toString()) as { id: number }).id));
    await once(socket, 'open');
    deployment.release();
    await once(socket, 'close');
    assert.ok(ids.length > 50_000);
    assert.ok(ids.every((id, n) => n === 0 || id > (ids[n - 1] ?? 0)));
  });
}

test('v2: a build that writes without a pause stays canceling until it ends', async (t) => {
  const deployment = await start(t, { age: 'v2', speed: 5 });
  const client = createTestClient(deployment);
  const id = await client.create('busy', 'slow');
  await client.until('starting', async () => (await client.status(id)) === 'starting');
  const build = (await rows(deployment))[0]?.latest_build.id ?? '';
  assert.equal((await client.call('PATCH', `/workspacebuilds/${build}/cancel`)).status, 200);
  assert.equal(await client.status(id), 'canceling');
  await client.until('the end', async () => (await client.status(id)) !== 'canceling');
  assert.equal(await client.status(id), 'canceled');
  const lines = deployment.workspace('owner/busy').builds[0]?.job.logs ?? [];
  assert.ok(lines.length > 40, `it was not left to write all its lines: ${lines.length}`);
});

test('v2: an extension past the required stop is refused', async (t) => {
  const deployment = await start(t, { age: 'v2', seed: true });
  const { id } = deployment.workspace('owner/must-stop');
  const deadline = new Date(Date.now() + 2 * HOUR_MS).toISOString();
  assert.equal((await createTestClient(deployment).call('PUT', `/workspaces/${id}/extend`, { deadline })).status, 400);
});

test('v2: signing in at an external provider shows in the answer', async (t) => {
  const deployment = await start(t, { age: 'v2' });
  const client = createTestClient(deployment);
  const templates = (await client.get('/templates')).body as { name: string; active_version_id: string }[];
  const version = templates.find((template) => template.name === 'github-dev')?.active_version_id ?? '';
  const ask = async () =>
    (await client.get(`/templateversions/${version}/external-auth`)).body as {
      authenticated: boolean;
      authenticate_url: string;
    }[];
  const [before] = await ask();
  assert.equal(before?.authenticated, false);
  await fetch(before.authenticate_url);
  assert.equal((await ask())[0]?.authenticated, true);
});

test('v2: the log of an agent ends for its readers when the workspace is built anew', async (t) => {
  const deployment = await start(t, { age: 'v2', seed: true });
  const client = createTestClient(deployment);
  const api = (await rows(deployment)).find((row) => row.name === 'api-server' && row.owner_name === 'owner');
  const agents = api?.latest_build.resources.flatMap((resource) => resource.agents ?? []) ?? [];
  const main = agents.find((agent) => agent.name === 'main')?.id ?? '';
  const socket = client.socket(`/workspaceagents/${main}/logs?follow`);
  await once(socket, 'message');
  await client.call('POST', `/workspaces/${api?.id ?? ''}/builds`, { transition: 'stop' });
  const [code] = (await once(socket, 'close')) as [number];
  assert.equal(code, 1000);
});

test('dana acts by herself when she is asked to', async (t) => {
  const deployment = await start(t, { age: 'v0', seed: true, danaActsEveryMs: 500 });
  const client = createTestClient(deployment);
  const { id, builds } = deployment.workspace('dana/mine');
  const before = builds.length;
  await client.until('a build of hers', () => deployment.workspace('dana/mine').builds.length > before);
  assert.ok(['pending', 'stopping', 'stopped'].includes(await client.status(id)));
});

for (const age of ['v0', 'v2'] as const) {
  test(`${age}: the present name is accepted where renames are off, another template’s version in v0 only`, async (t) => {
    const deployment = await start(t, { age, seed: true });
    const client = createTestClient(deployment);
    const { id } = deployment.workspace('owner/archive');
    const others = [...deployment.store.templates.values()].find(({ name }) => name === 'slow')?.activeVersionId;
    assert.equal((await client.call('PATCH', `/workspaces/${id}`, { name: 'archive' })).status, 204);
    const renamed = await client.call('PATCH', `/workspaces/${id}`, { name: 'another' });
    assert.equal(renamed.status, age === 'v0' ? 204 : 400);
    const body = { transition: 'stop', template_version_id: others };
    const built = await client.call('POST', `/workspaces/${id}/builds`, body);
    assert.equal(built.status, age === 'v0' ? 201 : 400);
  });

  test(`${age}: what is cancelled in the queue stays canceled; v0 builds it all the same`, async (t) => {
    const deployment = await start(t, { age });
    const client = createTestClient(deployment);
    deployment.hold('queue');
    const id = await client.create('queued', 'slow');
    const [build] = deployment.store.workspaces.get(id)?.builds ?? [];
    assert.ok(build);
    assert.equal((await client.call('PATCH', `/workspacebuilds/${build.id}/cancel`)).status, 200);
    assert.equal(await client.status(id), 'canceled');
    deployment.release();
    await deployment.whenQuiet();
    if (age === 'v0') await client.until('it is built', () => build.job.logs.length > 0);
    assert.equal(build.job.startedAt !== undefined, age === 'v0');
    assert.equal(await client.status(id), 'canceled');
  });
}
