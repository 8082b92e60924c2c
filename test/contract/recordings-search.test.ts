// What the search of v2.36.0 was recorded to answer, read by the session's own finder.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApiError } from '../../src/api/errors.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import * as workspacesApi from '../../src/api/workspaces.ts';
import { matching } from '../../src/model/found.ts';
import type { Filter } from '../../src/model/finding.ts';
import { CoderClient } from '../../src/api/client.ts';
import { soon } from './client-fixture.ts';
import { exchange, replying, startReplay } from './replay.ts';

describe('the recorded searches', async () => {
  const replay = await startReplay();

  const listed = async (name: string): Promise<readonly Workspace[]> => {
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
      const error = await listed(name).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof ApiError, 'it is refused');
      assert.equal(error.kind, 'invalid');
      assert.match(error.message, new RegExp(`understand this search\\..*${field}: Details of`));
    });
  }

  for (const [name, filter] of Object.entries({
    'q-free-text': { text: 'rest' },
    'q-owner-slash-name': { text: 'owner/restart-4027' },
    'q-organization': { organization: 'coder' },
  } satisfies Record<string, Filter>)) {
    test(`${name} found what the same filter finds here`, async () => {
      const workspaces = await listed(name);
      assert.ok(workspaces.length > 0, 'something was found');
      for (const each of workspaces) assert.ok(matching(filter)(each), `${each.owner_name}/${each.name}`);
    });
  }
});
