import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEach, decodeRows } from '../../src/api/decode.ts';
import { Unreadable } from '../../src/api/schemas/schema.ts';
import { AgentMetadata } from '../../src/api/schemas/agents.ts';
import { AuthMethods } from '../../src/api/schemas/general.ts';
import { Preset } from '../../src/api/schemas/templateVersions.ts';
import { Build, LogEntry, ResourceMetadata, Workspace } from '../../src/api/schemas/workspaces.ts';
import { exchange } from '../recorded.ts';

const workspace = (changes: Readonly<Record<string, unknown>>): Workspace =>
  Workspace.parse({ ...(exchange('v2', 'workspace').response.body as object), ...changes });

test('nothing may be a missing key, null, a zero time or a nil id', () => {
  const nothing = { ttl_ms: null, dormant_at: null, task_id: null, last_used_at: '0001-01-01T00:00:00Z' };
  const read = workspace({ ...nothing, template_active_version_id: '00000000-0000-0000-0000-000000000000' });
  assert.deepEqual(
    [read.ttl_ms, read.dormant_at, read.task_id, read.last_used_at, read.template_active_version_id],
    [undefined, undefined, undefined, undefined, undefined],
  );
});

test('a time is a time with 0 to 9 digits of a fraction and with any offset, and nothing else is', () => {
  const read = (text: unknown) => workspace({ last_used_at: text }).last_used_at;
  assert.equal(read('2026-11-25T06:38:17Z'), Date.UTC(2026, 10, 25, 6, 38, 17));
  assert.equal(read('2026-11-25T06:38:17.123456789Z'), Date.UTC(2026, 10, 25, 6, 38, 17, 123));
  assert.equal(read('2026-11-25T08:38:17.5+02:00'), Date.UTC(2026, 10, 25, 6, 38, 17, 500));
  for (const none of ['', '1', 'yesterday', '2026-11-25', '1969-12-31T23:59:59Z', 1, null, {}])
    assert.equal(read(none), undefined);
});

test('an unknown word comes through, and what is no word is unknown', () => {
  const build = exchange('v2', 'build').response.body as object;
  assert.equal(Build.parse({ ...build, reason: 'reason_of_next_year' }).reason, 'reason_of_next_year');
  assert.equal(Build.parse({ ...build, status: 7 }).status, 'unknown');
});

test('a value whose sensitivity is not plainly denied is taken for a secret', () => {
  const sensitive = (value: unknown) => ResourceMetadata.parse({ key: 'k', value: 'v', sensitive: value }).sensitive;
  assert.deepEqual([true, undefined, null, 'false', 0].map(sensitive), [true, true, true, true, true]);
  assert.equal(sensitive(false), false);
});

test('a list keeps its good rows, says how many it left out, and is empty for null', async () => {
  const good = { id: 1, stage: 's', output: 'o' };
  const rows = await decodeEach(LogEntry, [good, null, { id: 'x' }, { ...good, id: 2 }, []]);
  assert.deepEqual(
    rows.map(({ id }) => id),
    [1, 2],
  );
  assert.equal(rows.skippedRows, 3);
  assert.equal((await decodeRows(LogEntry)(null)).length, 0);
  for (const none of ['[]', 1, {}, true]) assert.throws(() => decodeRows(LogEntry)(none), Unreadable);
});

test('what cannot be read is told without what it was', () => {
  assert.throws(
    () => Workspace.parse({ name: 'hunter2' }),
    (error) => error instanceof Unreadable && !error.stack?.includes('hunter2'),
  );
});

test("presets are read from the server's PascalCase, with no parameters as none", () => {
  const preset = Preset.parse({
    ID: 'p',
    Name: 'Small',
    Parameters: null,
    Default: true,
    DesiredPrebuildInstances: null,
  });
  assert.deepEqual([preset.id, preset.name, preset.isDefault, preset.parameters], ['p', 'Small', true, []]);
});

test('ways to sign in read alike in both ages', () => {
  const v0 = AuthMethods.parse(exchange('v0', 'authmethods').response.body);
  const v2 = AuthMethods.parse(exchange('v2', 'authmethods').response.body);
  assert.deepEqual(
    [v0, v2],
    [
      { password: true, github: false, oidc: false },
      { password: true, github: true, oidc: false },
    ],
  );
});

test('a measured value keeps its error beside it', () => {
  const read = AgentMetadata.parse({ result: { value: '95%', error: 'exit 1', age: 3 }, description: { key: 'cpu' } });
  assert.deepEqual([read.result.value, read.result.error, read.result.age], ['95%', 'exit 1', 3]);
});
