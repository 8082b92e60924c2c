// Odd answers to a list, from real sockets: rows stay, one line is logged, nothing leaks, and it heals by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Milliseconds } from '../../src/api/units.ts';
import { hasItsStreams, outageOf, through, untilItHasItsStreams } from './proxied-session.ts';
import { asked, LIST as LISTS, passUntil, readyState } from './session-fixture.ts';

/** How a list is answered: by bytes of its own, or by headers and a body. */
type Answer = string | Answering;

const JSON_TYPE = 'content-type: application/json\r\n';
const head = (status: string, headers = ''): string => `HTTP/1.1 ${status}\r\n${headers}`;
const withBody = (status: string, body: string, headers = JSON_TYPE): string =>
  `${head(status, headers)}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
type Answering = (request: IncomingMessage, response: ServerResponse) => void;
const ending =
  (bytes: string): Answering =>
  (_request, response) =>
    void response.socket?.end(bytes);
const every =
  (ms: number, piece: string): Answering =>
  (_request, response) => {
    const timer = setInterval(() => response.socket?.write(piece), ms);
    response.on('close', () => clearInterval(timer));
  };
const LIST = '{"workspaces":[],"count":0}';

/** What each is known as. */
const BAD: readonly (readonly [name: string, kind: string, how: Answer])[] = [
  ['204', 'notCoder', head('204 No Content', '\r\n')],
  ['205', 'notCoder', head('205 Reset Content', 'content-length: 0\r\n\r\n')],
  ['half of a 206', 'unreadable', withBody('206 Partial Content', LIST.slice(0, 12))],
  ['304', 'notCoder', head('304 Not Modified', '\r\n')],
  ['200 without a body', 'unreadable', withBody('200 OK', '')],
  ['200 without a body or a type', 'notCoder', withBody('200 OK', '', '')],
  ['200 null', 'unreadable', withBody('200 OK', 'null')],
  ['200 {}', 'unreadable', withBody('200 OK', '{}')],
  ['200 []', 'unreadable', withBody('200 OK', '[]')],
  ['a list as plain text', 'notCoder', withBody('200 OK', LIST, 'content-type: text/plain\r\n')],
  ['a length that is too short', 'unreadable', head('200 OK', `${JSON_TYPE}content-length: 9\r\n\r\n${LIST}`)],
  [
    'a length that is too long',
    'timeout',
    (_request, response) =>
      void response.socket?.write(head('200 OK', `${JSON_TYPE}content-length: 99\r\n\r\n${LIST}`)),
  ],
  [
    'a length that is too long, and an end',
    'unreachable',
    ending(head('200 OK', `${JSON_TYPE}content-length: 99\r\n\r\n${LIST}`)),
  ],
  [
    'chunks without an end',
    'unreachable',
    ending(head('200 OK', `${JSON_TYPE}transfer-encoding: chunked\r\n\r\n5\r\n{"wor\r\n`)),
  ],
  [
    'a chunk with a bad length',
    'unreachable',
    head('200 OK', `${JSON_TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n${LIST}\r\n`),
  ],
  ['an end too soon', 'unreadable', ending(`HTTP/1.0 200 OK\r\n${JSON_TYPE}\r\n${LIST.slice(0, 20)}`)],
  ['another protocol', 'unreachable', ending('SSH-2.0-OpenSSH_9.6\r\n')],
  ['an end without a word', 'unreachable', ending('')],
  ['headers without end', 'unreachable', every(20, `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(4_000)}\r\n`)],
  ['nothing but early words', 'timeout', every(50, head('102 Processing', '\r\n'))],
  [
    'a body letter by letter',
    'timeout',
    (request, response) => {
      response.socket?.write(head('200 OK', `${JSON_TYPE}content-length: 9999\r\n\r\n`));
      every(50, ' ')(request, response);
    },
  ],
  ['307 to itself', 'redirect', withBody('307 Temporary Redirect', '', 'location: /api/v2/workspaces\r\n')],
  ['401 with a challenge', 'proxy', withBody('401 Unauthorized', 'no', 'www-authenticate: Negotiate\r\n')],
  ['403 without a body', 'proxy', withBody('403 Forbidden', '', '')],
  ['413', 'tooLarge', withBody('413 Content Too Large', '<html>', 'content-type: text/html\r\n')],
  ['421', 'notCoder', withBody('421 Misdirected Request', 'no', 'content-type: text/plain\r\n')],
  ['425', 'notCoder', withBody('425 Too Early', '', '')],
  ['451', 'notCoder', withBody('451 Unavailable For Legal Reasons', '<html>', 'content-type: text/html\r\n')],
  ['511', 'notCoder', withBody('511 Network Authentication Required', '<html>', 'content-type: text/html\r\n')],
  ['520', 'server', withBody('520 Unknown Error', 'error code: 520', 'content-type: text/plain\r\n')],
  ['530', 'server', withBody('530 Origin Error', '{"message":"origin"}')],
  ['400 in Coder’s words', 'notCoder', withBody('400 Bad Request', '{"message":"Invalid.","validations":[]}')],
  // The last one, since it asks for a pause.
  ['522 with an hour to wait', 'server', withBody('522 Timed Out', '', 'retry-after: 3600\r\n')],
];

const GOOD: Readonly<Record<string, (body: string) => string>> = {
  'after early hints': (body) =>
    `${head('103 Early Hints', 'link: </x>; rel=preload\r\n\r\n')}${head('100 Continue', '\r\n')}${withBody('200 OK', body)}`,
  'in chunks with a trailer': (body) =>
    head(
      '200 OK',
      `${JSON_TYPE}transfer-encoding: chunked\r\ntrailer: x\r\n\r\n${Buffer.byteLength(body).toString(16)};a=b\r\n${body}\r\n0\r\nx: y\r\n\r\n`,
    ),
  'that ends with its connection': (body) => `HTTP/1.0 200 OK\r\n${JSON_TYPE}\r\n${body}`,
  'whole, as 206': (body) => withBody('206 Partial Content', body),
  'on a connection of its own': (body) => withBody('200 OK', body, `${JSON_TYPE}connection: close\r\n`),
  'under an odd type': (body) =>
    withBody('203 Fine', body, 'Content-Type: Application/Problem+JSON ; charset="UTF-8"\r\n'),
};

const answer =
  (how: Answer) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url?.startsWith('/api/v2/workspaces?') !== true) return false;
    if (typeof how === 'string') response.socket?.end(how);
    else how(request, response);
    return true;
  };

test('whatever a list is answered with, rows stay with their age, one line is logged, nothing leaks, and all is well again by itself', async () => {
  const proxied = await through('v2', { timeouts: { wholeMs: 1_500 as Milliseconds } });
  const { session, timing, proxy, log } = proxied;
  const { workspaces, readAt } = await readyState(session);
  await untilItHasItsStreams(proxied);
  for (const [name, kind, how] of BAD) {
    proxy.answering = answer(how);
    await session.refresh();
    assert.equal(outageOf(proxied)?.error.kind, kind, name);
    const state = await readyState(session);
    assert.equal(state.workspaces.size, workspaces.size, name);
    assert.equal(state.readAt, readAt, name);
  }
  const { retryAt = 0 } = outageOf(proxied) ?? {};
  assert.equal(retryAt - timing.now(), 600_000, 'ten minutes are waited for at most');
  proxy.answering = undefined;
  await timing.advance(600_000);
  await passUntil(timing, 'it is back', () => outageOf(proxied) === undefined);
  await passUntil(timing, 'no connection is left over', () => hasItsStreams(proxied), 40);
  assert.equal(log.length, 1, log.join('\n'));
});

test('a list is read in whatever form HTTP allows', async () => {
  const { session, proxy, log, deployment } = await through('v2');
  const { workspaces } = await readyState(session);
  const headers = { 'coder-session-token': deployment.token };
  for (const [name, how] of Object.entries(GOOD)) {
    proxy.answering = answer((request, response) => {
      const sendAs = async (): Promise<void> => {
        const given = await fetch(new URL(request.url ?? '', deployment.url), { headers });
        ending(how(await given.text()))(request, response);
      };
      sendAs().catch(() => response.destroy());
    });
    const lists = asked(deployment, LISTS);
    await session.refresh();
    assert.equal(outageOf({ session }), undefined, name);
    // A connection that ends as it is used again is asked anew.
    assert.ok(asked(deployment, LISTS) > lists, name);
    assert.equal((await readyState(session)).workspaces.size, workspaces.size, name);
  }
  assert.deepEqual(log, []);
});
