// The parameters of a version: read once, or live where they depend on the answers (contract 4.2).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CoderClient } from '../../src/api/client.ts';
import * as users from '../../src/api/users.ts';
import { parameterSource, type ParametersOf } from '../../src/commands/create/parameterSource.ts';
import type { AgeName, Deployment } from '../deployment/index.ts';
import { clientOf, deploymentFor, soon, templateNamed } from './client-fixture.ts';
import { until } from './session-fixture.ts';

const SOCKET = /\/dynamic-parameters$/;
const names = ({ fields }: { readonly fields: readonly { readonly name: string }[] }) => fields.map(({ name }) => name);
const asked = ({ requests }: Deployment, path: RegExp) => requests.filter((each) => path.test(each.path)).length;
const LARGE = new Map([['size', 'l']]);

async function versionOf(client: CoderClient, name: string): Promise<ParametersOf> {
  const template = await templateNamed(client, name);
  assert.ok(template.active_version_id, `${name} has no version`);
  const { id: ownerId } = await users.me(client.calls, soon());
  const isDynamic = template.use_classic_parameter_flow === false;
  return { versionId: template.active_version_id, ownerId, isOwn: true, isDynamic };
}

async function stage(template: string, age: AgeName = 'v2') {
  const deployment = await deploymentFor({ age });
  const client = clientOf(deployment);
  const of = await versionOf(client, template);
  return { deployment, client, of };
}

describe('a form that depends on its answers', () => {
  test('one socket serves it; parameters appear and vanish as the answers change', async () => {
    const { deployment, client, of } = await stage('dynamic');
    const source = parameterSource(client, of, soon());
    assert.deepEqual(names(await source.after(new Map(), soon())), ['size', 'secret']);
    assert.deepEqual(names(await source.after(LARGE, soon())), ['size', 'gpus', 'secret']);
    const tooMany = await source.after(new Map([...LARGE, ['gpus', '9']]), soon());
    assert.match(tooMany.problems.get('gpus') ?? '', /9 is more than the maximum 4/);
    assert.deepEqual(names(await source.after(new Map([['size', 's']]), soon())), ['size', 'secret']);
    assert.equal(asked(deployment, SOCKET), 1);
    assert.equal(asked(deployment, /evaluate$/), 0);
    source.close();
    await until('the socket is gone', () => deployment.openSockets().total === 0);
  });

  test('its end after 30 minutes is not noticed: the next answers open another socket', async () => {
    const { deployment, client, of } = await stage('dynamic');
    const source = parameterSource(client, of, soon());
    await source.after(new Map(), soon());
    deployment.cutStreams({ code: 1001 });
    assert.deepEqual(names(await source.after(LARGE, soon())), ['size', 'gpus', 'secret']);
    deployment.cutStreams();
    assert.deepEqual(names(await source.after(new Map(), soon())), ['size', 'secret']);
    assert.equal(asked(deployment, SOCKET), 3);
    source.close();
  });

  test('where sockets are refused, each form is asked for by itself, and no socket is tried again', async () => {
    const { deployment, client, of } = await stage('dynamic');
    await deployment.misbehave('503', { path: SOCKET });
    const source = parameterSource(client, of, soon());
    assert.deepEqual(names(await source.after(new Map(), soon())), ['size', 'secret']);
    assert.deepEqual(names(await source.after(LARGE, soon())), ['size', 'gpus', 'secret']);
    assert.equal(asked(deployment, SOCKET), 1);
    assert.equal(asked(deployment, /evaluate$/), 2);
  });

  test('a proxy that answers no socket at all holds the form up for three seconds, once', async () => {
    const { deployment, client, of } = await stage('dynamic');
    await deployment.misbehave('half-open', { path: SOCKET });
    const source = parameterSource(client, of, soon());
    const begunAt = performance.now();
    assert.deepEqual(names(await source.after(new Map(), soon())), ['size', 'secret']);
    assert.ok(performance.now() - begunAt < 5000, 'it took too long');
    assert.deepEqual(names(await source.after(LARGE, soon())), ['size', 'gpus', 'secret']);
    assert.equal(asked(deployment, /evaluate$/), 2);
  });

  test('the answer to an older question is dropped, whether it was called off or not', async () => {
    const { client, of } = await stage('dynamic');
    const source = parameterSource(client, of, soon());
    await source.after(new Map(), soon());
    const stop = new AbortController();
    const calledOff = source.after(LARGE, stop.signal);
    stop.abort(new Error('called off'));
    await assert.rejects(calledOff, /called off/);
    assert.deepEqual(names(await source.after(new Map([['size', 's']]), soon())), ['size', 'secret']);
    source.close();
  });
});
