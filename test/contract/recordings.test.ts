import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { CoderClient } from '../../src/api/client.ts';
import { ApiError, type ApiErrorKind } from '../../src/api/errors.ts';
import { Secret } from '../../src/api/secret.ts';
import { soon } from './client-fixture.ts';
import { callFor, unused } from './recordings-calls.ts';
import { bodyBytes, exchange, exchangeNames, type Age, type Exchange } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const isUnused = (name: string): boolean =>
  unused.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** What a status means, where the operation or the body does not say otherwise. */
const kinds: Readonly<Record<number, ApiErrorKind>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'notNow',
  406: 'notNow',
  409: 'conflict',
  410: 'gone',
  412: 'notNow',
  425: 'notNow',
  426: 'invalid',
  428: 'notNow',
  429: 'rateLimited',
  500: 'server',
};
const otherwise: Readonly<Record<string, ApiErrorKind>> = {
  'v2 cancel-again': 'notNow',
  'v2 cancel-completed': 'notNow',
  'v2 cancel-expect-bad': 'notNow',
  'v2 resources-while-running': 'notNow',
  'v2 listening-ports-not-connected': 'notNow',
  'v0 rich-parameters-v0': 'routeNotFound',
};

/** Recordings of which the client sends the very address, with its query. */
const inBothAges = ['workspace', 'workspaces-page-2', 'extend', 'rename', 'build-stop', 'cancel', 'logs-after', 'ttl'];
const routeSamples: Readonly<Record<Age, readonly string[]>> = {
  v0: inBothAges,
  v2: inBothAges,
  'v2.36': ['shared-use-get', 'shared-admin-extend', 'shared-use-favorite', 'restart-on-success', 'restart-builds'],
};

/** Where the client makes a fact of a refusal. */
const noError = new Set(['v0 quota-agpl', 'v2 quota-agpl', 'v2 quota', 'v2 dormant-unchanged']);

for (const age of ['v0', 'v2', 'v2.36'] as const) {
  describe(`every recorded exchange of ${age} goes through the client`, async () => {
    const replay = await startReplay();
    const ask = async (recorded: Exchange): Promise<unknown> => {
      const call = callFor(recorded);
      assert.ok(call, `no method of the client asks ${recorded.request.method} ${recorded.request.path}`);
      replay.answer(replying(recorded));
      return call(new CoderClient({ url: replay.url, token: 'key-secret' }), soon());
    };

    for (const name of exchangeNames(age).filter((each) => !isUnused(each))) {
      const recorded = exchange(age, name);
      const { status } = recorded.response;
      if (status < 300 || noError.has(`${age} ${name}`)) {
        test(`${name} is read`, async () => assertRead(recorded, await ask(recorded)));
      } else {
        test(`${name} is refused in words`, async () => {
          const error = await ask(recorded).then(
            () => assert.fail('nothing was refused'),
            (thrown: unknown) => thrown,
          );
          assertRefused(age, recorded, error);
        });
      }
    }

    test('every method that a recording asks for sends the recorded route', async () => {
      for (const name of routeSamples[age]) {
        const recorded = exchange(age, name);
        await ask(recorded).catch(() => undefined);
        const [asked] = replay.asked.splice(0).slice(-1);
        assert.equal(asked, `${recorded.request.method} ${recorded.request.path}`);
      }
    });
  });
}

/** Of some answers the client gives one value. */
const oneValue: Readonly<Record<string, string>> = {
  'applications-host': 'host',
  'resolve-autostart': 'parameter_mismatch',
};

/** Each thing that the server sent is there again, and nothing was left out. */
const assertRead = (recorded: Exchange, read: unknown): void => {
  const { name, request } = recorded;
  const { body, status } = recorded.response;
  const rows = isRecord(body) ? (body.workspaces ?? body.users ?? body.ports ?? body.shares) : body;
  if (name === 'state') {
    assert.deepEqual(read, bodyBytes(recorded));
  } else if (read instanceof Secret) {
    assert.match(read.reveal(), /^<.*>$/);
    assert.doesNotMatch(JSON.stringify({ read }) + String(read), /</);
  } else if (read === undefined) {
    // Of a write it is enough that it was done; of what is not offered there is nothing to read.
    assert.ok(request.method !== 'GET' || status === 404, 'nothing was read');
  } else if (Array.isArray(rows) || body === null) {
    const list = isRecord(read) ? (read.workspaces ?? read) : read;
    assertRows(Array.isArray(rows) ? rows : [], list);
    if (isRecord(read) && isRecord(body) && 'count' in read) assert.equal(read.count, body.count);
    if (typeof read === 'object' && read !== null && 'skippedRows' in read) assert.equal(read.skippedRows, 0);
  } else if (isRecord(body) && isRecord(read)) {
    assert.equal(read.id, body.id);
    assert.equal(read.name, body.name);
    for (const [key, value] of Object.entries(read)) assertSame(key, value, body[key]);
  } else {
    const key = oneValue[name];
    assert.ok(key !== undefined && isRecord(body), `nothing was compared of ${name}: ${inspect(read)}`);
    assert.equal(read, body[key]);
  }
};

const assertRows = (sent: readonly unknown[], read: unknown): void => {
  assert.ok(Array.isArray(read));
  assert.equal(read.length, sent.length);
  sent.forEach((row, index) => {
    const one: unknown = read[index];
    if (isRecord(row) && isRecord(one) && 'id' in row && 'id' in one) assert.equal(one.id, row.id);
  });
};

/** Scalars come through as they were; times become numbers of the same moment. */
const assertSame = (key: string, read: unknown, sent: unknown): void => {
  if (typeof read === 'number' && typeof sent === 'string') assert.equal(read, Date.parse(sent), key);
  else if (typeof read === 'string' && typeof sent === 'string') assert.equal(read, sent, key);
  else if (typeof read === 'boolean' && typeof sent === 'boolean') assert.equal(read, sent, key);
  else if (isRecord(read) && isRecord(sent)) {
    for (const [inner, value] of Object.entries(read)) assertSame(`${key}.${inner}`, value, sent[inner]);
  } else if (Array.isArray(read) && Array.isArray(sent)) assert.equal(read.length, sent.length, key);
};

const assertRefused = (age: Age, { name, response }: Exchange, error: unknown): void => {
  assert.ok(error instanceof ApiError, String(error));
  assert.equal(error.kind, otherwise[`${age} ${name}`] ?? kinds[response.status]);
  assert.equal(error.status, response.status);
  const body = isRecord(response.body) ? response.body : {};
  if (typeof body.message === 'string' && error.kind !== 'routeNotFound') {
    assert.equal(error.serverMessage, body.message);
    assert.ok(error.message.includes(body.message), error.message);
  }
  assert.deepEqual(error.validations, body.validations ?? []);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
