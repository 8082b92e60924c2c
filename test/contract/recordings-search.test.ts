// What the search of v2.36.0 was recorded to answer, read by the session's own finder.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '../../src/api/errors.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import { CoderClient } from '../../src/api/client.ts';
import type { User } from '../../src/api/schemas/users.ts';
import type { EpochMs, UserId } from '../../src/api/units.ts';
import { FIND_MINE, type Filter, type Finding } from '../../src/model/finding.ts';
import { FindingReader } from '../../src/model/findingReader.ts';
import { foundIn, matching, nameFor } from '../../src/model/found.ts';
import { listed, LOADING } from '../../src/model/state.ts';
import { soon } from './client-fixture.ts';
import { exchange } from '../recorded.ts';
import { replying, startReplay } from './replay.ts';

const OWNER: User = {
  id: '76c19762-d027-4e21-bb68-15c6d64f2bd2' as UserId,
  username: 'owner',
  name: undefined,
  organization_ids: [],
  roles: [],
};
const DANA: User = { ...OWNER, id: 'aaaaaaaa-0000-4000-8000-000000000001' as UserId, username: 'dana' };
const NO_ROWS = { workspaces: [], skippedRows: 0 };

describe('the recorded searches', async () => {
  const replay = await startReplay();

  const rowsIn = async (name: string): Promise<readonly Workspace[]> => {
    const recorded = exchange('v2.36', name);
    replay.answer(replying(recorded));
    const q = new URL(recorded.request.path, 'http://x').searchParams.get('q') ?? '';
    const { calls } = new CoderClient({ url: replay.url, token: 'key-secret' });
    return (await workspacesApi.list(calls, { q }, soon())).workspaces;
  };

  for (const [name, field] of [
    ['q-bad-bool', 'outdated'],
    ['q-two-status', 'status'],
  ] as const) {
    test(`${name} says which part of the query is refused`, async () => {
      const error = await rowsIn(name).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof ApiError, 'it is refused');
      assert.equal(error.kind, 'invalid');
      assert.match(error.message, new RegExp(`understand this search\\..*${field}: Details of`));
    });
  }

  /** The search of `name` as it was recorded, and what the finder makes of its answer for `wanted`. */
  const found = async (name: string, wanted: Partial<Finding>) => {
    const user = name === 'q-shared-with-user' ? DANA : OWNER;
    const recorded = exchange('v2.36', name);
    const body = recorded.response.body as { workspaces?: unknown[] };
    // Three rows at most were asked for: the rest of a long list is not what this is about.
    const response = { ...recorded.response, body: { ...body, count: body.workspaces?.length ?? 0 } };
    replay.answer(replying(recorded.response.status === 200 ? { ...recorded, response } : recorded));
    replay.asked.length = 0;
    const client = new CoderClient({ url: replay.url, token: 'key-secret' });
    client.calls.features.streamsBeginWithSnapshot = true;
    const finder = new FindingReader(client.calls, FIND_MINE, () => undefined);
    await finder.read(NO_ROWS, user, soon());
    finder.want({ ...FIND_MINE, ...wanted }, user);
    const state = listed(LOADING, { ...(await finder.read(NO_ROWS, user, soon())), user, readAt: 0 as EpochMs });
    const [, q] = / \S*[?&]q=([^&]*)/.exec(replay.asked[0] ?? '') ?? [];
    const sent = decodeURIComponent((q ?? '').replaceAll('+', ' '));
    const expected = new URL(recorded.request.path, 'http://x').searchParams.get('q');
    const rows = [...state.workspaces.values()].filter(foundIn(state)).map((each) => nameFor(each, user));
    return { sent, expected, rows, refusal: finder.takeRefusal()?.message, finding: state.finding };
  };

  const query = (text: string, scope: Finding['scope'] = 'mine'): Partial<Finding> => ({
    scope,
    filter: { query: text },
  });
  const bench = ['bench-1000/changing', 'bench-1000/ws-0001', 'bench-1000/ws-0003'];
  for (const [name, wanted, rows] of [
    ['q-dormant', { scope: 'all', filter: { dormant: 'true' } }, []],
    ['q-free-text', query('rest', 'all'), ['restart-4027']],
    ['q-healthy', query('healthy:true'), []],
    ['q-unhealthy', query('healthy:false'), ['api-server', 'p4']],
    ['q-id', query('id:364cfa7e-1c72-4952-b1a3-189f93bd8da8', 'all'), ['restart-4027']],
    ['q-last-used', query('last_used_after:"2026-01-01T00:00:00Z"', 'all'), bench],
    ['q-organization', { scope: 'all', filter: { organization: 'coder' } }, bench],
    ['q-outdated', query('outdated:true'), []],
    ['q-owner-slash-name', query('owner/restart-4027'), ['restart-4027']],
    ['q-param', query('param:region', 'all'), ['api-server', 'p4']],
    ['q-shared-none', { scope: 'shared' }, []],
    ['q-shared-with-user', { scope: 'shared' }, ['owner/shared-2762']],
    ['q-shared-true-owner', query('shared:true', 'all'), ['shared-2762']],
  ] as const) {
    test(`${name} is asked for as it was recorded, and its rows are shown`, async () => {
      const { sent, expected, ...result } = await found(name, wanted);
      assert.equal(sent, expected);
      assert.deepEqual(result.rows, rows);
      assert.equal(result.refusal, undefined);
    });
  }

  for (const [name, wanted] of [
    ['q-bad-bool', query('outdated:maybe', 'all')],
    ['q-two-status', query('status:running status:stopped', 'all')],
  ] as const) {
    test(`${name} is refused, and what was shown before still is`, async () => {
      const { sent, expected, refusal, finding } = await found(name, wanted);
      assert.equal(sent, expected);
      assert.match(refusal ?? '', /: Details of/);
      assert.deepEqual(finding, FIND_MINE);
    });
  }

  for (const [name, filter] of Object.entries({
    'q-free-text': { text: 'rest' },
    'q-owner-slash-name': { text: 'owner/restart-4027' },
    'q-organization': { organization: 'coder' },
  } satisfies Record<string, Filter>)) {
    test(`${name} found what the same filter finds here`, async () => {
      const workspaces = await rowsIn(name);
      assert.ok(workspaces.length > 0, 'something was found');
      for (const each of workspaces) assert.ok(matching(filter)(each), `${each.owner_name}/${each.name}`);
    });
  }
});
