import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/errors.ts';
import { listWorkspaces } from '../../src/api/operations.ts';
import { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from '../../src/api/units.ts';
import { FIND_MINE } from '../../src/model/finding.ts';
import { isOlderBuild, same } from '../../src/model/newer.ts';
import {
  adopted,
  buildAdopted,
  expired,
  failed,
  found,
  listed,
  LOADING,
  removed,
  type Listing,
  type Ready,
  type State,
} from '../../src/model/state.ts';
import { StateStore } from '../../src/model/stateStore.ts';
import { build, fromNow, MEMBER, NOW, recorded, workspace } from './model-fixture.ts';

const ID = 'w-1' as WorkspaceId;
const later = (minutes: number): EpochMs => (NOW + minutes * 60_000) as EpochMs;

const listing = (workspaces: readonly Workspace[], changes: Partial<Listing> = {}): Listing => ({
  user: MEMBER,
  workspaces,
  skippedRows: 0,
  readAt: NOW,
  ...changes,
});

const ready = (...workspaces: Workspace[]): Ready => listed(LOADING, listing(workspaces));

const held = (state: State): Workspace | undefined => (state.kind === 'ready' ? state.workspaces.get(ID) : undefined);

const error = new ApiError({ kind: 'refused', operation: listWorkspaces, host: 'coder.example.com' });

test('a list that says the same leaves the very same state', () => {
  const before = ready(workspace('running'), workspace('stopped', { workspace: { id: 'w-2' } }));
  const after = listed(
    before,
    listing([workspace('running'), workspace('stopped', { workspace: { id: 'w-2' } })], { readAt: later(1) }),
  );
  assert.equal(after, before);
});

test('a list with the same rows is another state where it is whole now, finds others of them, or is refused no more', () => {
  const rows = [workspace('running')];
  for (const [first, second] of [
    [{ isPartial: true }, {}],
    [{ matched: new Set([ID]) }, { matched: new Set<WorkspaceId>() }],
    [{ refused: 'no such key' }, {}],
    [{ skippedRows: 1 }, {}],
  ] satisfies [Partial<Listing>, Partial<Listing>][]) {
    const { isPartial, matched, refused, skippedRows } = listed(
      listed(LOADING, listing(rows, first)),
      listing(rows, second),
    );
    const { isPartial: whole, matched: found, refused: words, skippedRows: none } = listing(rows, second);
    assert.deepEqual([isPartial, matched, refused, skippedRows], [whole, found, words, none], JSON.stringify(first));
  }
});

test('a list of which one row changed keeps the objects of the others', () => {
  const other = workspace('stopped', { workspace: { id: 'w-2' } });
  const before = ready(workspace('running'), other);
  const after = listed(
    before,
    listing([
      workspace('running', { workspace: { outdated: true } }),
      workspace('stopped', { workspace: { id: 'w-2' } }),
    ]),
  );
  assert.notEqual(after, before);
  assert.equal(after.workspaces.get('w-2' as WorkspaceId), other);
});

test('a workspace that a list no longer holds is gone', () => {
  assert.equal(held(listed(ready(workspace('running')), listing([]))), undefined);
});

test('a list that was asked for before something was heard does not undo it', () => {
  const before = ready(workspace('starting', { build: { id: 'b-2', build_number: 2 } }));
  const fresher = new Set([ID]);
  assert.equal(held(listed(before, listing([workspace('stopped')], { fresher }))), held(before));
  assert.equal(held(listed(before, listing([], { fresher }))), held(before), 'created meanwhile');
  const renamed = workspace('running', { workspace: { name: 'old-name' } });
  const current = ready(workspace('running'));
  assert.equal(held(listed(current, listing([renamed], { fresher }))), held(current), 'same build');
});

test('a list with a newer build wins over what was heard meanwhile', () => {
  const before = ready(workspace('running'));
  const newer = workspace('stopping', { build: { id: 'b-2', build_number: 2 } });
  assert.equal(held(listed(before, listing([newer], { fresher: new Set([ID]) }))), newer);
});

test('a list that was asked for later wins also with a lower build number: the server’s database was restored', () => {
  const before = ready(workspace('stopped', { build: { id: 'b-2', build_number: 2 } }));
  const restored = workspace('running');
  assert.equal(held(listed(before, listing([restored]))), restored);
  assert.equal(held(found(before, [restored], new Set())), restored);
});

test('a workspace that was removed after a list was asked for does not come back with it', () => {
  const before = removed(ready(workspace('deleting')), ID);
  assert.equal(held(listed(before, listing([workspace('deleting')], { fresher: new Set([ID]) }))), undefined);
});

test('an older snapshot that arrives late changes nothing', () => {
  const before = ready(workspace('running', { build: { id: 'b-2', build_number: 2 } }));
  assert.equal(adopted(before, workspace('stopped')), before);
  const sameBuildEarlier = workspace('starting', { build: { id: 'b-2', build_number: 2 } });
  assert.equal(adopted(before, sameBuildEarlier), before);
});

test('an adopted workspace that is new is held, one that says the same changes nothing', () => {
  const created = workspace('pending');
  const state = adopted(ready(), created);
  assert.equal(held(state), created);
  assert.equal(adopted(state, workspace('pending')), state);
});

test('an answer that tells more than a frame that came while it was on its way is taken, and one that does not is not', () => {
  const store = new StateStore();
  const mark = store.mark();
  const [early, late] = [workspace('starting'), workspace('running')];
  store.list({ workspaces: [early], skippedRows: 0, finding: FIND_MINE, matched: undefined }, MEMBER, NOW, mark);
  store.adopt(early);
  assert.equal(store.answer(ID, late, mark), late);
  assert.equal(store.answer(ID, early, mark), late);
});

test('a deleted workspace vanishes', () => {
  const before = ready(workspace('deleting', { build: { build_number: 2 } }));
  assert.equal(held(adopted(before, workspace('deleted', { build: { build_number: 2 } }))), undefined);
  assert.equal(held(buildAdopted(before, build('deleted', { build: { build_number: 2 } }))), undefined);
  assert.equal(held(ready(workspace('deleted'))), undefined);
});

test('an adopted build becomes the latest build of its workspace and nothing else changes', () => {
  const before = ready(workspace('stopped'));
  const started = build('pending', { build: { id: 'b-2', build_number: 2 } });
  const after = held(buildAdopted(before, started));
  assert.equal(after?.latest_build, started);
  assert.equal(after.name, 'api-server');
  assert.equal(buildAdopted(before, build('pending', { build: { workspace_id: 'unknown' } })), before);
});

test('a build that is adopted late, after a newer one, changes nothing', () => {
  const before = ready(workspace('running', { build: { id: 'b-2', build_number: 2 } }));
  assert.equal(buildAdopted(before, build('stopped', { build: { id: 'b-1', build_number: 1 } })), before);
});

test('facts that arrive before the first list do not pretend to be one', () => {
  const store = new StateStore();
  store.adopt(workspace('running'));
  store.adopt(build('pending'));
  store.found([workspace('running')], store.mark());
  assert.equal(store.state.value, LOADING);
});

test('a failed read without data is unreachable; with data the rows stay and are marked stale', () => {
  const outage = { error, since: NOW, retryAt: later(1) };
  assert.deepEqual(failed(LOADING, outage, undefined), { kind: 'unreachable', ...outage });
  const before = ready(workspace('running'));
  const stale = failed(before, outage, later(-2));
  assert.ok(stale.kind === 'ready');
  assert.equal(stale.workspaces, before.workspaces);
  assert.equal(stale.readAt, later(-2));
  assert.deepEqual(stale.stale, outage);
});

test('the next list that is read ends the outage, also if nothing else changed', () => {
  const before = ready(workspace('running'));
  const stale = failed(before, { error, since: NOW, retryAt: later(1) }, NOW);
  const after = listed(stale, listing([workspace('running')], { readAt: later(1) }));
  assert.equal(after.stale, undefined);
  assert.equal(after.workspaces.get(ID), held(before));
});

test('a token that never worked is refused, one that did has expired', () => {
  assert.deepEqual(expired(LOADING), { kind: 'signedOut', reason: 'refused' });
  assert.deepEqual(expired(ready()), { kind: 'signedOut', reason: 'expired' });
});

test('which build is older is told by number, then by how far the job is, then by when it was touched', () => {
  const running = build('running');
  assert.ok(isOlderBuild(build('running', { build: { build_number: 0 } }), running));
  assert.ok(!isOlderBuild(build('running', { build: { build_number: 2 } }), running));
  assert.ok(isOlderBuild(build('starting'), running));
  assert.ok(isOlderBuild(build('pending'), build('starting')));
  assert.ok(isOlderBuild(build('starting'), build('canceling', { job: { canceled_at: fromNow(-59) } })));
  assert.ok(isOlderBuild(build('running', { build: { updated_at: fromNow(-70) } }), running));
  assert.ok(!isOlderBuild(build('running'), running));
});

test('V0 may call a job without a heartbeat failed and take that back', () => {
  const silent = build('failed', { job: { completed_at: undefined } });
  assert.ok(!isOlderBuild(build('starting'), silent));
});

test('equality looks into lists, maps, sets and absent keys', () => {
  assert.ok(same({ a: [1, { b: undefined }] }, { a: [1, {}] }));
  assert.ok(!same({ a: [1] }, { a: [1, 2] }));
  assert.ok(!same({ a: [] }, { a: {} }));
  assert.ok(!same({ a: 1 }, { a: 1, b: 2 }));
  assert.ok(!same({ a: null }, { a: {} }));
  assert.ok(same(new Map([['a', 1]]), new Map([['a', 1]])));
  assert.ok(!same(new Map([['a', 1]]), {}));
  assert.ok(same(new Set(['a', 'b']), new Set(['b', 'a'])));
  assert.ok(!same(new Set(['a']), new Set(['b'])));
  assert.ok(!same(new Set(['a']), new Set(['a', 'b'])));
  assert.ok(!same(new Set(), {}));
  assert.ok(!same({}, new Set()));
});

test('a recorded workspace that is read twice says the same, in both ages', () => {
  for (const name of ['v0/workspace', 'v2/workspace']) {
    const [one, other] = [Workspace.parse(recorded(name)), Workspace.parse(recorded(name))];
    assert.ok(same(one, other));
    assert.ok(!same(one, { ...other, name: 'other' }));
  }
});
