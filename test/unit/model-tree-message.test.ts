import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type ApiErrorFacts } from '../../src/api/errors.ts';
import { listWorkspaces } from '../../src/api/operations.ts';
import type { EpochMs } from '../../src/api/units.ts';
import { listed, LOADING, type Ready } from '../../src/model/state.ts';
import { treeMessage } from '../../src/model/treeMessage.ts';
import { UnexpectedError } from '../../src/model/unexpectedError.ts';
import { MEMBER, NOW, PLACE } from './model-fixture.ts';

const ready = (): Ready => listed(LOADING, { user: MEMBER, workspaces: [], skippedRows: 0, readAt: NOW });

const messageOf = (facts: Pick<ApiErrorFacts, 'kind'> & Partial<ApiErrorFacts>): string | undefined => {
  const error = new ApiError({ operation: listWorkspaces, host: 'coder.example.com', ...facts });
  const since = (NOW - 98 * 60_000) as EpochMs;
  return treeMessage({ ...ready(), stale: { error, since, retryAt: (NOW + 90_000) as EpochMs } }, NOW, PLACE);
};

test('a deployment that does not answer is offline, also when a proxy or a sign-on page says so for it', () => {
  for (const facts of [
    { kind: 'noHost' },
    { kind: 'refused' },
    { kind: 'unreachable' },
    { kind: 'timeout' },
    { kind: 'server', status: 502 },
    { kind: 'server', status: 503 },
    { kind: 'server', status: 504 },
  ] as const) {
    assert.equal(messageOf(facts), 'Offline since 14:02, retrying in 1 min 30 s', facts.kind);
  }
  for (const kind of ['notCoder', 'redirect', 'certificate', 'proxy'] as const) {
    assert.match(messageOf({ kind }) ?? '', /^Offline since 14:02, retrying in 1 min 30 s · ./, kind);
  }
});

test('a deployment that answers with JSON of its own is named as what it is', () => {
  const serverMessage = 'Internal error.';
  for (const status of [500, 503]) {
    assert.equal(
      messageOf({ kind: 'server', status, serverMessage }),
      'coder.example.com has had internal errors since 14:02, retrying in 1 min 30 s',
    );
  }
  assert.equal(messageOf({ kind: 'rateLimited', status: 429 }), 'coder.example.com is limiting requests until 15:41');
  assert.match(
    messageOf({ kind: 'invalid', status: 400, serverMessage: 'Invalid workspace search query.' }) ?? '',
    /^coder\.example\.com doesn't understand the search, retrying in 1 min 30 s · .*Invalid workspace search query\./,
  );
});

test('any other reason not to be up to date is given in its own words, a mistake of this extension, too', () => {
  assert.match(messageOf({ kind: 'unreadable' }) ?? '', /^Not updated since 14:02, retrying in 1 min 30 s · ./);
  const outage = { since: NOW, retryAt: (NOW + 8_000) as EpochMs };
  const unexpected = (thrown: unknown): string | undefined =>
    treeMessage({ ...ready(), stale: { error: new UnexpectedError(thrown), ...outage } }, NOW, PLACE);
  assert.equal(
    unexpected(new TypeError('x is not a function')),
    'Not updated since 15:40, retrying in 8 s · Coder Workspaces has a problem: x is not a function.',
  );
  for (const thrown of [undefined, null, {}, new Error('')]) {
    assert.equal(
      unexpected(thrown),
      'Not updated since 15:40, retrying in 8 s · Coder Workspaces has a problem: unknown error.',
    );
  }
});
