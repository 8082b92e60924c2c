import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Milliseconds, MonotonicMs, WorkspaceId } from '../../src/api/units.ts';
import { hasComeBack, wantedReads, type Attention, type Reads } from '../../src/model/attention.ts';
import { dueRead, type ReadHistory } from '../../src/model/dueRead.ts';
import { TransitionPolls } from '../../src/model/transitionPolls.ts';
import { ManualTiming } from '../manualTiming.ts';
import { watchPlan } from '../../src/model/watchPlan.ts';
import { stopping, workspace } from './model-fixture.ts';

const attention = (changes: Partial<Attention> = {}): Attention => ({
  isSeen: false,
  isFocused: true,
  isTold: false,
  followed: new Set(),
  isAwaited: false,
  opened: new Set(),
  maxStreams: 30,
  ...changes,
});

const ids = (...names: string[]): ReadonlySet<WorkspaceId> => new Set(names as WorkspaceId[]);
const named = (status: string, id: string, usedAt?: string) =>
  workspace(status, { workspace: { id, ...(usedAt === undefined ? {} : { last_used_at: usedAt }) } });
const moment = (ms: number): MonotonicMs => ms as MonotonicMs;

const ALL = [named('running', 'on'), named('starting', 'active'), named('stopped', 'off')];
const readsOf = (
  changes: Partial<Attention>,
  watched: ReadonlySet<WorkspaceId> = ids(),
  all = ALL,
): Reads | undefined => wantedReads(attention(changes), { workspaces: all, isWatched: (id) => watched.has(id) });

test('nobody who looks, is told or follows anything wants nothing', () => {
  assert.equal(readsOf({}), undefined);
  assert.equal(readsOf({ isFocused: false }), undefined);
  assert.deepEqual(readsOf({ isAwaited: true }), { polls: [] });
});

test('with the rows in sight the list is read each minute, each five where all of it is watched', () => {
  assert.equal(readsOf({ isSeen: true })?.listEveryMs, 60_000);
  const watched = readsOf({ isSeen: true }, ids('on', 'active', 'off'));
  assert.equal(watched?.listEveryMs, 300_000);
  assert.equal(watched.search?.everyMs, 4_000, 'between, their number tells whether one was created');
  const thousands = Array.from({ length: 2_500 }, (_, index) => named('stopped', `w${index}`));
  assert.equal(readsOf({ isSeen: true }, ids(), thousands)?.listEveryMs, 150_000, 'at most 1,000 rows a minute');
  assert.equal(readsOf({ isSeen: true, isFocused: false }, ids('on', 'active', 'off'))?.search, undefined);
});

test('what is in sight and not watched is searched for within five seconds, in a focused window only', () => {
  const everyMs = readsOf({ isSeen: true }, ids('on'))?.search?.everyMs ?? Infinity;
  assert.ok(everyMs < 5_000);
  assert.equal(readsOf({ isSeen: true, isFocused: false }, ids('on'))?.search, undefined);
});

test('where no stream tells whether the deployment is there it is asked each half minute', () => {
  assert.equal(readsOf({ isSeen: true, isFocused: false })?.search?.everyMs, 30_000);
  assert.equal(readsOf({ isSeen: true }, ids(), [])?.listEveryMs, 30_000);
});

test('hidden, what is to be told is searched for within a minute, or within five in a window out of focus', () => {
  const focused = readsOf({ isTold: true });
  assert.equal(focused?.listEveryMs, undefined);
  assert.ok((focused?.search?.everyMs ?? Infinity) < 60_000);
  const away = readsOf({ isTold: true, isFocused: false })?.search?.everyMs ?? Infinity;
  assert.ok(away > 60_000 && away < 300_000);
});

test('what is in transition is asked for each five seconds, each ten where a stream tells, too', () => {
  assert.deepEqual(readsOf({ isTold: true })?.polls, [{ id: 'active', everyMs: 5_000 }]);
  assert.deepEqual(readsOf({ isSeen: true }, ids('active'))?.polls, [{ id: 'active', everyMs: 10_000 }]);
  assert.deepEqual(readsOf({ followed: ids('off') })?.polls, [{ id: 'off', everyMs: 5_000 }]);
});

test('who comes back finds what is new: by looking, by focus, and by wanting to be told', () => {
  const told = attention({ isTold: true, isFocused: false });
  assert.ok(hasComeBack(told, { ...told, isFocused: true }));
  assert.ok(hasComeBack(told, { ...told, isSeen: true }));
  assert.ok(hasComeBack(attention(), attention({ isTold: true })));
  assert.ok(!hasComeBack(told, told));
  assert.ok(
    !hasComeBack(attention({ isTold: true }), attention({ isTold: true, isFocused: false })),
    'it lost the focus',
  );
  assert.ok(!hasComeBack(attention({ isFocused: false }), attention()), 'nobody waits for anything');
  const seen = attention({ isSeen: true });
  assert.ok(!hasComeBack(seen, { ...seen, isTold: true }), 'what is seen is read anyway');
});

const ALL_OWN = { isOwn: () => true, isFound: () => true };

test('in sight, streams go to transitions, what runs, what is opened, then what was used last', () => {
  const all = [
    named('stopped', 'old', '2026-01-01T00:00:00Z'),
    named('stopped', 'new', '2026-11-01T00:00:00Z'),
    named('stopped', 'opened', '2025-01-01T00:00:00Z'),
    stopping(30, { workspace: { id: 'running' } }),
    named('starting', 'starting'),
  ];
  const seen = attention({ isSeen: true, opened: ids('opened') });
  assert.deepEqual(watchPlan(all, 30, seen, ALL_OWN), ['starting', 'running', 'opened', 'new', 'old']);
  assert.deepEqual(watchPlan(all, 4, seen, ALL_OWN), ['starting', 'running', 'opened', 'new']);
  assert.deepEqual(watchPlan(all, 30, attention({ followed: ids('old') }), ALL_OWN), ['old']);
  const alike = [named('running', 'b'), named('running', 'a')];
  assert.deepEqual(watchPlan(alike, 1, seen, ALL_OWN), ['a'], 'the same ones in whichever order they come');
  assert.deepEqual(watchPlan(all, 30, attention(), ALL_OWN), []);
});

const history = (changes: Partial<ReadHistory> = {}): ReadHistory => ({
  isListed: true,
  listedAt: moment(0),
  searchRefusal: 'none',
  ...changes,
});
const search = { everyMs: 4_000 as Milliseconds, isWatched: () => false };
const both: Reads = { listEveryMs: 60_000 as Milliseconds, search, polls: [] };

test('the first list is read for nobody in particular, everything later only for somebody', () => {
  const first = { isListed: false, searchRefusal: 'none' } as const;
  assert.deepEqual(dueRead(undefined, first, moment(7)), { kind: 'list', at: 7 });
  assert.equal(dueRead(undefined, history(), moment(7)), undefined);
  assert.equal(dueRead(undefined, { ...first, retryAt: moment(9) }, moment(7)), undefined);
});

test('whichever of list and search is due first is next, and a refused search is a list', () => {
  assert.deepEqual(dueRead(both, history(), moment(0)), { kind: 'search', at: 4_000 });
  assert.deepEqual(dueRead(both, history({ searchedAt: moment(59_000) }), moment(0)), { kind: 'list', at: 60_000 });
  assert.deepEqual(dueRead(both, history({ searchRefusal: 'all' }), moment(0)), { kind: 'list', at: 30_000 });
  const some = history({ searchRefusal: 'some', searchedAt: moment(28_000) });
  assert.deepEqual(dueRead(both, some, moment(0)), { kind: 'list', at: 30_000 });
  assert.deepEqual(dueRead(both, { ...some, searchedAt: moment(8_000) }, moment(0)), { kind: 'search', at: 12_000 });
});

test('while the deployment is away one read tries again, the cheapest that brings what is wanted', () => {
  const away = history({ retryAt: moment(5) });
  assert.deepEqual(dueRead(both, away, moment(0)), { kind: 'list', at: 5 });
  assert.deepEqual(dueRead({ search, polls: [] }, away, moment(0)), { kind: 'search', at: 5 });
  assert.deepEqual(dueRead({ search, isListAwaited: true, polls: [] }, away, moment(0)), { kind: 'list', at: 5 });
});

test('each workspace in transition is asked for in its own time, the first time after one of it', async () => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const read: WorkspaceId[] = [];
  const polls = new TransitionPolls({
    timing,
    signal: end.signal,
    read: (id) => Promise.resolve(read.push(id)),
    isPaused: () => false,
    onError: assert.ifError,
  });
  const follow = (...followed: readonly WorkspaceId[]) => {
    polls.follow(followed.map((id) => ({ id, everyMs: 5_000 as Milliseconds })));
    polls.reconsider();
  };
  const running = polls.run();
  const [one, other] = [...ids('one', 'other')] as [WorkspaceId, WorkspaceId];
  follow(one);
  await timing.advance(2_000);
  follow(one, other);
  await timing.advance(2_900);
  assert.deepEqual(read, []);
  await timing.advance(100);
  assert.deepEqual(read, [one]);
  await timing.advance(2_000);
  assert.deepEqual(read, [one, other]);
  follow();
  await timing.advance(60_000);
  assert.deepEqual(read, [one, other]);
  end.abort();
  await running;
});

test('a build of which V0 hears nothing is asked for like one in transition, because no stream tells that it goes on', () => {
  const silent = workspace('failed', { workspace: { id: 'silent' }, job: { completed_at: undefined } });
  assert.deepEqual(
    readsOf({ isSeen: true }, ids(), [silent, named('failed', 'over')])?.polls.map(({ id }) => id),
    [silent.id],
  );
});
