import assert from 'node:assert/strict';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { LearnedSshNames } from '../../src/model/sshNames.ts';
import { ManualTiming } from '../manualTiming.ts';
import { clientOf, deploymentFor } from './client-fixture.ts';
import { until } from './session-fixture.ts';

const DEFAULTS = { prefix: 'coder.', suffix: 'coder' };

const namesOf = (client: CoderClient, timing = new ManualTiming(), signal = new AbortController().signal) =>
  new LearnedSshNames(client.calls, { timing, signal, onError: (error) => assert.fail(String(error)) });

/** A server that answers each request with the next of `answers`, the last one again and again. */
const answering = async (...answers: readonly [status: number, body: unknown][]) => {
  let requests = 0;
  const server = http.createServer((_, response) => {
    const [status, body] = answers[Math.min(requests, answers.length - 1)] ?? [500, {}];
    requests += 1;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: new CoderClient({ url, token: 'secret' }), requests: () => requests };
};

test('nothing is asked before somebody wants to know; then once, and who follows hears the answer', async () => {
  const { client, requests } = await answering([200, { hostname_prefix: 'ws-', hostname_suffix: 'corp' }]);
  const names = namesOf(client);
  const heard: unknown[] = [];
  names.known.subscribe((known) => heard.push(known));
  assert.equal(requests(), 0);
  assert.deepEqual(names.read(), DEFAULTS);
  names.read();
  await until('the names', () => heard.length > 0);
  assert.deepEqual(heard, [{ prefix: 'ws-', suffix: 'corp' }]);
  assert.deepEqual(names.read(), { prefix: 'ws-', suffix: 'corp' });
  assert.equal(requests(), 1);
});

test('what fails is asked again after a minute, not before', async () => {
  const timing = new ManualTiming();
  const { client, requests } = await answering(
    [400, { message: 'Not now.' }],
    [200, { hostname_prefix: '', hostname_suffix: 'corp' }],
  );
  const names = namesOf(client, timing);
  names.read();
  await until('the refusal', () => requests() === 1);
  await timing.advance(59_000);
  names.read();
  assert.equal(requests(), 1);
  await timing.advance(1_000);
  names.read();
  await until('the names', () => names.read().suffix === 'corp');
  assert.equal(requests(), 2);
});

test('a V2 deployment tells its names; V0 has the usual ones and is asked once', async () => {
  for (const age of ['v0', 'v2'] as const) {
    const timing = new ManualTiming();
    const deployment = await deploymentFor({ age });
    const names = namesOf(clientOf(deployment), timing);
    for (let minute = 0; minute < 3; minute++) {
      assert.deepEqual(names.read(), DEFAULTS, age);
      await deployment.whenQuiet();
      await timing.advance(60_000);
    }
    assert.equal(deployment.requests.filter(({ path }) => path.includes('/deployment/ssh')).length, 1, age);
  }
});

test('once the session has ended nothing is asked', async () => {
  const { client, requests } = await answering([200, {}]);
  const names = namesOf(client, new ManualTiming(), AbortSignal.abort());
  assert.deepEqual(names.read(), DEFAULTS);
  assert.equal(requests(), 0);
});
