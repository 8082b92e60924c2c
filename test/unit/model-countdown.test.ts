import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from '../../src/api/units.ts';
import { countdown, runningWorkspaces, type CountdownBasis } from '../../src/model/countdown.ts';
import { listed, LOADING, SIGNED_OUT } from '../../src/model/state.ts';
import { fromNow, MEMBER, NOW, PLACE, stopping, workspace } from './model-fixture.ts';

const MINUTE = 60_000;
const after = (minutes: number): EpochMs => (NOW + minutes * MINUTE) as EpochMs;

const ready = (workspaces: readonly Workspace[]) =>
  listed(LOADING, { user: MEMBER, workspaces, skippedRows: 0, readAt: NOW });

const of = (workspaces: readonly Workspace[], changes: Partial<CountdownBasis> = {}) =>
  countdown(
    {
      state: ready(workspaces),
      now: NOW,
      preference: {},
      show: 'always',
      ...changes,
    },
    PLACE,
  );

test('the item counts down to the next stop, is urgent in its last quarter of an hour, and knows when it changes', () => {
  assert.deepEqual(of([stopping(110)]), {
    kind: 'stops',
    workspaceId: 'w-1',
    text: '1 h 50 min',
    sentence: 'api-server stops at 17:30, in 1 h 50 min.',
    isUrgent: false,
    changesAt: NOW + 1,
  });
  const soon = of([stopping(14)]);
  assert.ok(soon.kind === 'stops' && soon.isUrgent);
});

test('nothing is shown when nothing stops, when nobody wants it, and before anything is known', () => {
  assert.deepEqual(of([workspace('running'), workspace('stopped')]), { kind: 'hidden' });
  assert.deepEqual(of([stopping(5)], { show: 'never' }), { kind: 'hidden' });
  assert.deepEqual(of([], { state: LOADING }), { kind: 'hidden' });
  assert.deepEqual(of([], { state: undefined }), { kind: 'hidden' });
  assert.deepEqual(of([], { state: SIGNED_OUT }), { kind: 'hidden' });
});

test('who wants only the last hour sees the item from an hour before the stop', () => {
  assert.deepEqual(of([stopping(110)], { show: 'withinHour' }), { kind: 'hidden', changesAt: after(50) });
  assert.equal(of([stopping(110)], { show: 'withinHour', now: after(50) }).kind, 'stops');
});

test('a session that has ended asks for a sign-in, whatever the setting', () => {
  for (const show of ['always', 'never'] as const) {
    assert.equal(of([], { state: { kind: 'signedOut', reason: 'expired' }, show }).kind, 'signedOut');
  }
});

test('for five minutes it is told who stopped the workspace of this window', () => {
  const connected = 'w-1' as WorkspaceId;
  const stopped = (build: Readonly<Record<string, unknown>>) =>
    workspace('stopped', { build, job: { completed_at: fromNow(-1) } });
  const note = (build: Readonly<Record<string, unknown>>, changes: Partial<CountdownBasis> = {}) =>
    of([stopped(build)], { preference: { connected }, ...changes });
  assert.deepEqual(note({ reason: 'autostop' }), {
    kind: 'stopped',
    workspaceId: 'w-1',
    text: 'stopped by autostop',
    sentence: 'api-server was stopped by autostop.',
    changesAt: after(4),
  });
  const textOf = (build: Readonly<Record<string, unknown>>) => {
    const shown = note(build);
    return shown.kind === 'stopped' ? shown.text : shown.kind;
  };
  assert.equal(textOf({ initiator_id: 'u-olga', initiator_name: 'olga' }), 'stopped by olga');
  assert.equal(textOf({ initiator_id: 'u-dana', initiator_name: 'dana' }), 'stopped');
  assert.equal(note({}, { preference: { pinned: connected } }).kind, 'stopped');
  assert.equal(note({}, { preference: {} }).kind, 'hidden', 'another window is not about it');
  assert.equal(note({}, { now: after(4) }).kind, 'hidden');
  assert.equal(note({}, { show: 'never' }).kind, 'hidden');
});

test('the workspace of this window is named when others run, and counted down again when it runs', () => {
  const preference = { connected: 'w-1' as WorkspaceId };
  const other = stopping(30, { workspace: { id: 'w-2', name: 'other' } });
  const stopped = workspace('stopped', { build: { reason: 'autostop' }, job: { completed_at: fromNow(-1) } });
  const shown = of([stopped, other], { preference });
  assert.equal(shown.kind === 'stopped' && shown.text, 'api-server stopped by autostop');
  const running = of([stopping(60), other], { preference });
  assert.equal(running.kind === 'stops' && running.text, 'api-server 1 h');
});

test('the running workspaces stand in the order of their stops, those that stop by hand last, and the rest is counted', () => {
  const named = (name: string, inMinutes: number) => stopping(inMinutes, { workspace: { id: `w-${name}`, name } });
  const all = [
    workspace('running'),
    named('late', 90),
    workspace('stopped', { workspace: { id: 'w-off' } }),
    named('early', 30),
    named('middle', 60),
  ];
  const running = (workspaces: readonly Workspace[], most = 10) =>
    runningWorkspaces({ state: ready(workspaces), now: NOW, preference: {} }, PLACE, most);
  const { first, more } = running(all, 3);
  assert.deepEqual(
    first.map(({ sentence }) => sentence.split(' ')[0]),
    ['early', 'middle', 'late'],
  );
  assert.equal(more, 1);
  const [, , , last] = running(all).first;
  assert.deepEqual(last, {
    workspaceId: 'w-1',
    sentence: 'api-server has no scheduled stop.',
    moves: undefined,
  });
  const required = stopping(30, { build: { deadline: fromNow(30), max_deadline: fromNow(30) } });
  assert.equal(running([required]).first[0]?.moves, 'earlier');
  assert.equal(running([stopping(30)]).first[0]?.moves, 'anywhere');
});

test('the workspace that this window is open in comes before the pinned one, and that before what stops first', () => {
  const all = [
    stopping(10, { workspace: { id: 'w-first', name: 'first' } }),
    stopping(60, { workspace: { id: 'w-pinned', name: 'pinned' } }),
    stopping(90, { workspace: { id: 'w-open', name: 'open' } }),
  ];
  const shown = (preference: CountdownBasis['preference']) => {
    const content = of(all, { preference });
    return content.kind === 'stops' ? content.text : content.kind;
  };
  const [connected, pinned] = ['w-open', 'w-pinned'] as WorkspaceId[];
  assert.equal(shown({ connected, pinned }), 'open 1 h 30 min');
  assert.equal(shown({ pinned }), 'pinned 1 h');
  assert.equal(shown({}), 'first 10 min');
  assert.equal(shown({ pinned: 'gone' as WorkspaceId }), 'first 10 min', 'a pin of what is gone hides nothing');
});

test('the stop of somebody else’s workspace is not counted down, unless this window is about it', () => {
  const theirs = stopping(10, { workspace: { id: 'w-theirs', owner_id: 'u-olga', owner_name: 'olga' } });
  assert.equal(of([theirs]).kind, 'hidden');
  assert.equal(of([theirs], { preference: { pinned: 'w-theirs' as WorkspaceId } }).kind, 'stops');
});
