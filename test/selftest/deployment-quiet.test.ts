import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { startDeployment, type Deployment } from '../deployment/index.ts';
import { createTestClient, type TestClient } from '../deployment/testClient.ts';

let deployment: Deployment;
let client: TestClient;
before(async () => {
  deployment = await startDeployment({ age: 'v2', seed: true });
  client = createTestClient(deployment);
});
after(() => deployment.close());

test('a deployment that nobody asks is quiet, although builds go on and streams are open', async () => {
  const socket = client.socket(`/workspaces/${deployment.workspace('owner/web').id}/watch-ws`);
  await once(socket, 'message');
  await deployment.whenQuiet();
  assert.equal(await client.status(deployment.workspace('owner/warming-up').id), 'starting');
  socket.terminate();
});

test('a late answer is waited for, and read to its end', async () => {
  await deployment.misbehave('slow', { delayMs: 200, times: 1 });
  let answered = false;
  const asked = client.get('/users/me').then(() => (answered = true));
  await client.until('it was asked', () => deployment.requests.at(-1)?.path === '/api/v2/users/me');
  await deployment.whenQuiet();
  assert.ok(answered);
  await asked;
});

test('news is waited for until each watcher has read it', async () => {
  const workspace = deployment.workspace('owner/web');
  const socket = client.socket(`/workspaces/${workspace.id}/watch-ws`);
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  await once(socket, 'open');
  await deployment.whenQuiet();
  const before = messages.length;
  deployment.changed(workspace);
  assert.equal(messages.length, before, 'a frame comes a moment after the change');
  await deployment.whenQuiet();
  assert.equal(messages.length, before + 1);
  socket.terminate();
});

test('an answer that will never come is not waited for', async () => {
  await deployment.misbehave('half-open', { path: /users\/me$/ });
  const stop = new AbortController();
  const asked = fetch(`${deployment.url}/api/v2/users/me`, { signal: stop.signal });
  await client.until('it was asked', () => deployment.requests.at(-1)?.path === '/api/v2/users/me');
  await deployment.whenQuiet();
  stop.abort();
  await assert.rejects(asked);
  await deployment.heal();
});

test('a machine that is coming up is waited for', async () => {
  const id = await client.create('boots', 'dev', {
    rich_parameter_values: [{ name: 'repo', value: 'https://example.com/r.git' }],
  });
  await client.until('it runs', async () => (await client.status(id)) === 'running');
  await deployment.whenQuiet();
  const agents = deployment.workspace('owner/boots').builds[0]?.resources.flatMap((each) => each.agents) ?? [];
  assert.equal(agents.find(({ spec }) => spec.name === 'main')?.lifecycle, 'ready');
});
