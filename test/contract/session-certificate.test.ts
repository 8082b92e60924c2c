import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, request, type RequestListener } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import { ages, deploymentFor } from './client-fixture.ts';
import { outageOf } from './proxied-session.ts';
import { passUntil, readyState, sessionFor, until, untilQuiet } from './session-fixture.ts';

const file = (name: string): string => readFileSync(new URL(`certificates/${name}`, import.meta.url), 'utf8');
const key = file('loopback.key');

/** Hands each request on to `url`. */
const forwardTo = (url: string): RequestListener => {
  const { hostname, port } = new URL(url);
  return (incoming, response) => {
    const { method, url: path, headers } = incoming;
    const asked = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    incoming.pipe(asked);
  };
};

for (const age of ages) {
  test(`a certificate that expires while somebody is signed in is an outage with its reason, which ends with a new one, on ${age}`, async () => {
    const deployment = await deploymentFor({ age, seed: true });
    const front = https.createServer({ cert: file('loopback.pem'), key }, forwardTo(deployment.url));
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    after(() => front.close());
    const client = new CoderClient({
      url: `https://127.0.0.1:${(front.address() as AddressInfo).port}`,
      token: deployment.token,
      tls: { ca: file('authority.pem') },
    });
    const fixture = sessionFor(deployment, { client });
    const { session, timing, log } = fixture;
    const { workspaces } = await readyState(session);
    await until('streams are open', () => session.activity.openStreams >= 5);
    await timing.advance(6_000);
    // What is answered later would tell that it isn't away.
    await untilQuiet(deployment);

    front.setSecureContext({ cert: file('expired.pem'), key });
    front.closeAllConnections();
    await session.refresh();
    await passUntil(timing, 'it is away', () => outageOf(fixture) !== undefined);
    assert.match(outageOf(fixture)?.error.message ?? '', /certificate.*has expired/);
    assert.equal((await readyState(session)).workspaces.size, workspaces.size, 'the rows stay');
    assert.equal(log.length, 1, log.join('\n'));

    front.setSecureContext({ cert: file('loopback.pem'), key });
    await passUntil(timing, 'it is back by itself', () => outageOf(fixture) === undefined, 32);
    await passUntil(timing, 'its streams are back', () => session.activity.openStreams >= 5, 40);
    assert.equal(log.length, 1, log.join('\n'));
  });
}

test('a deployment that listens on IPv6 alone is reached by name and by address', async (t) => {
  const deployment = await deploymentFor({ age: 'v2', workspaces: 2 });
  const front = createServer(forwardTo(deployment.url));
  const isThere = await new Promise<boolean>((resolve) => {
    front.on('error', () => resolve(false));
    front.listen(0, '::1', () => resolve(true));
  });
  if (!isThere) {
    t.skip('this machine has no IPv6');
    return;
  }
  after(() => front.close());
  const { port: own } = front.address() as AddressInfo;
  const client = new CoderClient({ url: `http://[::1]:${own}`, token: deployment.token });
  const { session } = sessionFor(deployment, { client });
  assert.equal((await readyState(session)).workspaces.size, 2);
  await until('streams are open', () => session.activity.openStreams === 2);
});
