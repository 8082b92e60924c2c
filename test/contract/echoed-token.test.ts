import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { refusal } from '../../src/api/answer.ts';
import { CoderClient } from '../../src/api/client.ts';
import { ApiError, messageOf } from '../../src/api/errors.ts';
import { firstLine, plainLines } from '../../src/api/plainText.ts';
import type { WorkspaceId } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import { type as enter, escape, type Answer } from '../scriptedUi.ts';
import { deploymentFor, soon } from './client-fixture.ts';
import { startReplay } from './replay.ts';
import { IN_UTC, readyState, sessionFor } from './session-fixture.ts';
import { verbsOn } from './verb-fixture.ts';

const TOKEN = 'abcDEF1234-abcdefghijklmnopqrstuv';
const AGENT_TOKEN = '9fee0b36-91dd-4a1c-8a8e-3e6b1f5f8a10';
const BUILD = '11111111-2222-3333-4444-555555555555';
const echo = `API key "${TOKEN}" and agent token "${AGENT_TOKEN}" are not valid for build ${BUILD}`;

/** All that anything can show of a failure. */
const shown = (error: ApiError): string =>
  JSON.stringify([error.message, error.serverMessage, error.detail, error.reason, error.location, error.validations]);

const assertNoToken = (text: string): void => {
  assert.ok(!text.includes(TOKEN), text);
  assert.ok(!text.includes(AGENT_TOKEN), text);
};

const failureOf = async (work: Promise<unknown>): Promise<ApiError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ApiError, messageOf(error));
  return error;
};

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'the message, the detail and a validation of a refusal': (response) =>
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end(JSON.stringify({ message: echo, detail: echo, validations: [{ field: TOKEN, detail: echo }] })),
  'a 401': (response) =>
    response
      .writeHead(401, { 'content-type': 'application/json' })
      .end(JSON.stringify({ message: echo, detail: echo })),
  'a plain text of Coder’s': (response) =>
    response.writeHead(403, { 'content-type': 'text/plain', 'x-coder-build-version': 'v2.36.0' }).end(echo),
  'a page of a gateway': (response) =>
    response.writeHead(403, { 'content-type': 'text/html' }).end(`<title>${echo}</title>`),
  'where a redirect leads': (response) =>
    response.writeHead(302, { location: `https://sso.example.com/login/${TOKEN}` }).end(),
};

for (const [where, answer] of Object.entries(answers))
  test(`a token that the server repeats in ${where} is masked in everything that is shown of it`, async () => {
    const replay = await startReplay();
    replay.answer((_request, response) => answer(response));
    const { calls } = new CoderClient({ url: replay.url, token: TOKEN });
    const error = await failureOf(users.me(calls, soon()));
    assertNoToken(shown(error));
    assertNoToken(error.with({ status: 500 }).message);
    if (error.serverMessage !== undefined) assert.match(shown(error), new RegExp(BUILD), 'and nothing else is');
  });

test('a token that the server repeats in an error frame of a stream is masked', async () => {
  const replay = await startReplay();
  replay.answer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: ping\n\nevent: error\ndata: ${JSON.stringify({ message: echo, detail: echo })}\n\n`);
  });
  const { calls } = new CoderClient({ url: replay.url, token: TOKEN });
  for await (const event of watchWorkspace(calls, 'x' as WorkspaceId, soon())) {
    if (event.kind !== 'error') continue;
    assertNoToken(shown(event.error));
    break;
  }
});

test('a token that a template prints is masked in the error and in the log of its build', () => {
  for (const text of [
    echo,
    `\u001b[31m${TOKEN}\u001b[0m`,
    `CODER_AGENT_TOKEN=${AGENT_TOKEN}`,
    `${'x'.repeat(400)}\n${TOKEN}`,
  ]) {
    assertNoToken(firstLine(text, 300));
    assertNoToken(plainLines(text).join('\n'));
  }
  assert.deepEqual(plainLines(`image kubernetes-0a1b2c, build ${BUILD}`), [`image kubernetes-0a1b2c, build ${BUILD}`]);
});

test('neither the row above the workspaces nor the log of a session has a token that the server repeats', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const { session, timing, log } = sessionFor(deployment);
  await readyState(session);
  const { calls } = session;
  const where = { operation: { name: 'listWorkspaces' }, host: 'coder.example.com' };
  const body = Buffer.from(JSON.stringify({ message: `no ${deployment.token}` }));
  const headers = { 'content-type': 'application/json' };
  const refuse = () => Promise.reject(refusal({ ...where, status: 409, headers, body }));
  Object.assign(calls, { readPart: refuse, read: refuse });
  await session.refresh();
  const message = treeMessage(session.state.value, timing.now(), IN_UTC) ?? '';
  assert.match(message, /Coder says: no •••/);
  assert.ok(log.length > 0 && !log.join().includes(deployment.token), log.join('\n'));
});

test('the sign-in repeats no token that the server repeats', async () => {
  const verbs = await verbsOn({ age: 'v2' });
  const replay = await startReplay();
  replay.answer((request, response) => {
    const isInfo = request.url?.endsWith('/buildinfo') === true;
    response.writeHead(isInfo ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isInfo ? { version: 'v2.36.0' } : { message: 'No.', detail: `${TOKEN} is unknown` }));
  });
  const problems: (string | undefined)[] = [];
  const read: Answer = (question) => {
    problems.push('problem' in question ? question.problem : undefined);
    return escape(question);
  };
  verbs.ui.answers(enter(replay.url), enter(TOKEN), read);
  await verbs.run('signIn');
  assert.equal(problems[0], 'Coder rejected this token: ••• is unknown. Copy it again from the page in your browser.');
});
