import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { createTestClient, type TestClient } from '../deployment/testClient.ts';

let deployment: Deployment;
let owner: TestClient;
let dana: TestClient;
before(async () => {
  deployment = await startDeployment({ age: 'v2', release: '2.36', seed: true, speed: 50 });
  owner = createTestClient(deployment);
  dana = createTestClient(deployment, deployment.users.dana.token);
});
after(() => deployment.close());

const share = async (name: string, role: string): Promise<string> => {
  const { id } = deployment.workspace(`owner/${name}`);
  const body = { user_roles: { [deployment.users.dana.id]: role } };
  assert.equal((await owner.call('PATCH', `/workspaces/${id}/acl`, body)).status, 204);
  return id;
};
const namesOf = async (client: TestClient, q: string): Promise<string[]> => {
  const { body } = await client.get(`/workspaces?q=${encodeURIComponent(q)}`);
  return (body as { workspaces: { name: string }[] }).workspaces.map(({ name }) => name);
};

test('a shared workspace is found by both, says with whom, and is not among one’s own', async () => {
  const id = await share('docs-site', 'use');
  assert.deepEqual(await namesOf(dana, 'shared_with_user:me'), ['docs-site']);
  assert.deepEqual(await namesOf(owner, 'owner:me shared:true'), ['docs-site']);
  assert.ok(!(await namesOf(dana, 'owner:me')).includes('docs-site'));
  const { shared_with: shared } = (await dana.get(`/workspaces/${id}`)).body as { shared_with: unknown };
  const { id: danaId } = deployment.users.dana;
  assert.deepEqual(shared, [{ id: danaId, actor_type: 'user', name: 'Dana Member', roles: ['use'] }]);
  await share('docs-site', '');
  assert.equal((await dana.get(`/workspaces/${id}`)).status, 404);
});

test('who may use it may neither extend nor delete it; who may administer it may not delete it', async () => {
  const id = await share('web', 'use');
  const deadline = new Date(Date.now() + 3 * 3_600_000).toISOString();
  const extend = async (): Promise<number> => (await dana.call('PUT', `/workspaces/${id}/extend`, { deadline })).status;
  const remove = async (): Promise<number> =>
    (await dana.call('POST', `/workspaces/${id}/builds`, { transition: 'delete' })).status;
  assert.equal(await extend(), 500);
  assert.equal(await remove(), 403);
  await share('web', 'admin');
  assert.equal(await extend(), 200);
  assert.equal(await remove(), 403);
});

test('a stop with `on_success: start` is followed by it, one that fails or is cancelled by nothing', async () => {
  const restart = { transition: 'stop', on_success: { transition: 'start' } };
  const { id } = deployment.workspace('owner/by-hand');
  assert.equal((await owner.call('POST', `/workspaces/${id}/builds`, restart)).status, 201);
  const numbers = (): number[] => deployment.workspace('owner/by-hand').builds.map(({ number }) => number);
  await owner.until('it runs again', async () => numbers().length === 3 && (await owner.status(id)) === 'running');
  assert.deepEqual(
    deployment.workspace('owner/by-hand').builds.map(({ transition }) => transition),
    ['start', 'stop', 'start'],
  );

  deployment.hold('queue');
  const { body } = await owner.call('POST', `/workspaces/${id}/builds`, restart);
  assert.equal((await owner.call('PATCH', `/workspacebuilds/${(body as { id: string }).id}/cancel`)).status, 200);
  deployment.release();
  await deployment.whenQuiet();
  assert.deepEqual(numbers(), [1, 2, 3, 4]);
});

test('a log is text where that is asked for, line by line', async () => {
  const [build] = deployment.workspace('owner/archive').builds;
  assert.ok(build);
  const { text, headers } = await owner.get(`/workspacebuilds/${build.id}/logs?format=text`);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  const lines = text.trimEnd().split('\n');
  assert.ok(lines.length >= build.job.logs.length && lines.length > 5);
  assert.match(lines[0] ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \[info\] \[provisioner\|Setting up\] $/);
});

test('a script that has ended tells how', async () => {
  const { id } = deployment.workspace('owner/api-server');
  assert.match((await owner.get(`/workspaces/${id}`)).text, /"exit_code":0,"status":"ok"/);
});

test('without the release none of it is there', async (t) => {
  const older = await startDeployment({ age: 'v2', seed: true, speed: 50 });
  t.after(() => older.close());
  const client = createTestClient(older);
  const { id } = older.workspace('owner/by-hand');
  assert.equal((await client.get(`/workspaces/${id}/acl`)).status, 403);
  assert.equal((await client.get('/users/nobody-here')).status, 400);
  assert.equal((await client.get('/workspaces?q=shared_with_user:me')).status, 400);
  const restart = { transition: 'stop', on_success: { transition: 'start' } };
  assert.equal((await client.call('POST', `/workspaces/${id}/builds`, restart)).status, 201);
  await client.until('it is stopped', async () => (await client.status(id)) === 'stopped');
  await older.whenQuiet();
  assert.equal(older.workspace('owner/by-hand').builds.length, 2);
});
