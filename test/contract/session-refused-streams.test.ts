import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import * as workspaces from '../../src/api/workspaces.ts';
import { ages, clientOf, soon } from './client-fixture.ts';
import { hasItsStreams, outageOf, through, untilItHasItsStreams } from './proxied-session.ts';
import { ALL_STREAMS, activityOf, asked, idOf, passUntil, readyState, statusOf, until } from './session-fixture.ts';

const EVENTS = /\/watch(?:\?|$)/;
const SOCKET = /\/watch-ws/;
const page = (status: number) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Blocked by the company</h1>');

/** How a firewall refuses event streams, and nothing else. */
const refusals: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'a page under 403': page(403),
  'a page under 200': page(200),
  'a page under 451': page(451),
  'a page under 502': page(502),
  'a redirect': (response) => void response.writeHead(302, { location: 'https://sso.example.com/login' }).end(),
  'a reset': (response) => void response.socket?.resetAndDestroy(),
};

for (const age of ages) {
  describe(`a firewall that answers event streams on ${age}`, () => {
    for (const [name, refuse] of Object.entries(refusals))
      test(`with ${name} is passed by a socket where there is one, which is remembered, else the workspaces are read`, async () => {
        const proxied = await through(age, { fault: 'down', ...ALL_STREAMS });
        const { session, timing, deployment, proxy, log } = proxied;
        let refused = 0;
        proxy.answering = ({ url = '' }, response) => {
          if (!EVENTS.test(url)) return false;
          refused += 1;
          refuse(response);
          return true;
        };
        await proxy.begin(undefined);
        await passUntil(timing, 'it has its rows', () => session.state.value.kind === 'ready', 120);
        await readyState(session);
        log.length = 0;
        if (age === 'v2') {
          await passUntil(timing, 'sockets are open', () => hasItsStreams(proxied), 120);
          assert.deepEqual(log, []);
        } else {
          await passUntil(timing, 'that is known', () => log.some((line) => line.startsWith('watch:')));
          assert.match(activityOf(proxied), /Live streams are blocked\. Next attempt in \d+ min/);
        }
        await deployment.whenQuiet();
        const before = refused;
        if (age === 'v2') {
          deployment.cutStreams();
          await until('the cut is noticed', () => session.activity.openStreams === 0);
          await passUntil(timing, 'they are back', () => hasItsStreams(proxied), 120);
        }
        await workspaces.createBuild(
          clientOf(deployment).calls,
          idOf(session, 'archive'),
          { transition: 'start' },
          soon(),
        );
        await passUntil(timing, 'it runs', () => statusOf(session, 'archive') === 'running', 30);
        assert.equal(refused, before, 'event streams are not tried again');
        assert.equal(outageOf(proxied), undefined);
      });

    test('while the whole deployment is away asks for no sockets', async () => {
      const proxied = await through(age);
      const { session, timing, deployment, proxy } = proxied;
      await untilItHasItsStreams(proxied);
      // Handshakes pass, so that each is counted.
      proxy.answering = (_request, response) => {
        page(502)(response);
        return true;
      };
      proxy.endStreams();
      await passUntil(timing, 'it is away', () => outageOf(proxied) !== undefined);
      await timing.advance(120_000);
      assert.equal(asked(deployment, SOCKET), 0);
      proxy.answering = undefined;
      await passUntil(timing, 'it is back', () => outageOf(proxied) === undefined, 31);
      await passUntil(timing, 'its streams are back', () => (deployment.openSockets().byKind.watch ?? 0) >= 5, 40);
      assert.equal(asked(deployment, SOCKET), 0, 'nor afterwards');
      assert.ok(!session.signal.aborted, 'the session goes on');
    });
  });
}

test('a proxy that lets no more streams through than a few leaves those open, whatever it does with the others', async () => {
  const proxied = await through('v2', { fault: 'down', ...ALL_STREAMS });
  const { session, timing, deployment, proxy } = proxied;
  let passed = 0;
  proxy.answering = ({ url = '' }, response) => {
    if (!EVENTS.test(url) || (passed += 1) <= 3) return false;
    page(503)(response);
    return true;
  };
  await deployment.misbehave('no-websockets', { answer: 502 });
  await proxy.begin(undefined);
  await passUntil(timing, 'three are open', () => session.activity.openStreams === 3, 120);
  await timing.advance(60_000);
  await deployment.whenQuiet();
  assert.equal(session.activity.openStreams, 3);
  assert.equal(session.activity.blockedForMs, 0, 'the others are tried again');
});
