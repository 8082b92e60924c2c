import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Template } from '../../src/api/schemas/templates.ts';
import type { EpochMs, TemplateId, WorkspaceId } from '../../src/api/units.ts';
import { needsTemplate, usualTimes } from '../../src/model/buildTimes.ts';
import {
  leftText,
  nextChangeAt,
  nextStop,
  statusText,
  stopLimits,
  stopSentence,
  urgencyOf,
  type NextStop,
} from '../../src/model/deadline.ts';
import { warningDue, warningKey } from '../../src/model/warnings.ts';
import { fromNow, NOW, PLACE, stopping, workspace } from './model-fixture.ts';

const named = (name: string, inMinutes: number) => stopping(inMinutes, { workspace: { id: `w-${name}`, name } });
const id = (name: string): WorkspaceId => `w-${name}` as WorkspaceId;
const inMs = (ms: number): EpochMs => (NOW + ms) as EpochMs;

const stopOf = (inMinutes: number, changes = {}): NextStop => {
  const stop = nextStop([stopping(inMinutes, changes)], NOW);
  assert.ok(stop !== undefined);
  return stop;
};

test('the stop that comes first is shown, unless this window is connected to a workspace or one is pinned', () => {
  const all = [named('late', 90), named('early', 30), named('middle', 60)];
  assert.equal(nextStop(all, NOW)?.workspace.name, 'early');
  assert.equal(nextStop(all, NOW, { pinned: id('middle') })?.workspace.name, 'middle');
  assert.equal(nextStop(all, NOW, { pinned: id('middle'), connected: id('late') })?.workspace.name, 'late');
  assert.equal(nextStop(all, NOW, { pinned: id('gone') })?.workspace.name, 'early');
});

test('coder#1942: without a deadline that counts nothing is counted down', () => {
  for (const deadline of [null, undefined, '0001-01-01T00:00:00Z']) {
    const subject = workspace('running', { workspace: { ttl_ms: 28_800_000 }, build: { deadline } });
    assert.equal(nextStop([subject], NOW), undefined);
  }
});

test('deadlines of stop and delete builds, and of builds under way or failed, mean nothing', () => {
  for (const status of ['stopped', 'stopping', 'starting', 'failed', 'deleting', 'pending', 'canceled']) {
    const subject = workspace(status, { build: { deadline: fromNow(60) } });
    assert.equal(stopLimits(subject), undefined, status);
  }
});

test('coder#5080, #5087: a changed time to live moves nothing: the deadline is the truth', () => {
  const subject = stopping(60, { workspace: { ttl_ms: 60_000 } });
  assert.equal(stopLimits(subject)?.deadlineAt, inMs(3_600_000));
});

test('the name stands in front only where others run, too', () => {
  assert.equal(statusText(stopOf(110), NOW), '1 h 50 min');
  const [first] = [nextStop([named('api', 110), workspace('running', { workspace: { id: 'w-2' } })], NOW)];
  assert.ok(first !== undefined);
  assert.equal(statusText(first, NOW), 'api 1 h 50 min');
});

test('coder#3064: the last fifteen minutes are urgent, and a deadline that has passed is about to stop it', () => {
  assert.equal(urgencyOf(inMs(16 * 60_000), NOW), 'calm');
  assert.equal(urgencyOf(inMs(15 * 60_000), NOW), 'soon');
  assert.equal(urgencyOf(NOW, NOW), 'stopping');
  assert.equal(stopOf(-5).urgency, 'stopping');
  assert.equal(leftText(inMs(-300_000), NOW), 'stopping soon');
});

test('what is left is told by minutes and only under two minutes by ten seconds, never more than there is', () => {
  const cases: [number, string][] = [
    [110 * 60_000 + 59_999, '1 h 50 min'],
    [120_000, '2 min'],
    [119_999, '1 min 50 s'],
    [60_000, '1 min'],
    [59_999, '50 s'],
    [10_000, '10 s'],
    [9_999, 'under 10 s'],
    [0, 'stopping soon'],
  ];
  for (const [left, text] of cases) assert.equal(leftText(inMs(left), NOW), text, String(left));
});

test('a countdown redraws exactly when it says something else, and never faster than every ten seconds', () => {
  const deadline = inMs(7 * 60_000 + 13_000);
  let now: EpochMs = NOW;
  let redraws = 0;
  for (let next = nextChangeAt(deadline, now); next !== undefined; next = nextChangeAt(deadline, now)) {
    const before = leftText(deadline, now);
    assert.equal(leftText(deadline, (next - 1) as EpochMs), before, 'nothing changes before');
    assert.notEqual(leftText(deadline, next), before, 'something changes then');
    if (redraws > 0) assert.ok(next - now >= 9_999, `${next - now} ms apart`);
    now = next;
    redraws += 1;
    assert.ok(redraws < 50);
  }
  assert.equal(leftText(deadline, now), 'stopping soon');
  assert.equal(redraws, 6 + 11 + 1);
});

test('a countdown of many hours reads in days, and redraws by the hour', () => {
  const cases: [hours: number, string][] = [
    [167, '6 days 23 h'],
    [168, '7 days'],
    [48, '2 days'],
    [47, '47 h'],
  ];
  for (const [hours, text] of cases) assert.equal(leftText(inMs(hours * 3_600_000), NOW), text);
  assert.equal(nextChangeAt(inMs(167.5 * 3_600_000), NOW), inMs(1_800_000 + 1));
  assert.equal(leftText(inMs(167.5 * 3_600_000), inMs(1_800_000)), '6 days 23 h');
  assert.equal(leftText(inMs(167.5 * 3_600_000), inMs(1_800_001)), '6 days 22 h');
});

test('the urgency changes at a redraw', () => {
  const deadline = inMs(15 * 60_000 + 30_000);
  const next = nextChangeAt(deadline, NOW);
  assert.ok(next !== undefined);
  assert.equal(urgencyOf(deadline, next), 'soon');
});

test('the sentence for a screen reader names absolute and relative time, and a required stop', () => {
  assert.equal(stopSentence(stopOf(110), NOW, PLACE), 'api-server stops at 17:30, in 1 h 50 min.');
  assert.equal(stopSentence(stopOf(-1), NOW, PLACE), 'api-server is about to stop.');
  assert.equal(
    stopSentence(stopOf(50, { build: { deadline: fromNow(50), max_deadline: fromNow(50) } }), NOW, PLACE),
    "api-server is required to stop at 16:30, in 50 min. This stop can't be postponed.",
  );
});

test('a stop that activity puts off says so, where its template is known to do it, and never of a required one', () => {
  const facts = (activityPostponesStop: boolean) => new Map([['t-1' as TemplateId, { activityPostponesStop }]]);
  const sentence = (stop: NextStop, does: boolean) => stopSentence(stop, NOW, PLACE, facts(does));
  assert.equal(sentence(stopOf(110), true), 'api-server stops at 17:30, in 1 h 50 min, unless activity postpones it.');
  assert.equal(sentence(stopOf(110), false), 'api-server stops at 17:30, in 1 h 50 min.');
  assert.equal(stopSentence(stopOf(110), NOW, PLACE, new Map()), 'api-server stops at 17:30, in 1 h 50 min.');
  const required = stopOf(50, { build: { deadline: fromNow(50), max_deadline: fromNow(50) } });
  assert.match(sentence(required, true), /This stop can't be postponed\.$/);
});

test('activity puts stops off by as much as the template says, and always where it does not say, in V0', () => {
  const does = (json: object): boolean | undefined =>
    usualTimes(Template.parse({ id: 't-1', name: 'dev', ...json })).activityPostponesStop;
  assert.equal(does({ activity_bump_ms: 3_600_000 }), true);
  assert.equal(does({ activity_bump_ms: 0 }), false);
  assert.equal(does({}), true);
});

test('a template is asked for what a transition or a stop needs, and for nothing else', () => {
  assert.equal(needsTemplate(workspace('starting')), true);
  assert.equal(needsTemplate(stopping(60)), true);
  for (const subject of [workspace('stopped', { build: { deadline: fromNow(60) } }), workspace('running')]) {
    assert.equal(needsTemplate(subject), false);
  }
});

test('coder#3064: a late start moves the stop to another day, and the day is said', () => {
  assert.equal(stopSentence(stopOf(12 * 60), NOW, PLACE), 'api-server stops at Thu 03:40, in 12 h.');
});

test('coder#2231, #7360: each lead warns once per deadline, the smallest that has come first', () => {
  const given = new Set<string>();
  assert.equal(warningDue(stopOf(31), NOW, [30, 5], given), undefined);
  assert.equal(warningDue(stopOf(29), NOW, [30, 5], given), 30);
  given.add(warningKey(stopOf(29), 30));
  assert.equal(warningDue(stopOf(29), NOW, [30, 5], given), undefined);
  assert.equal(warningDue(stopOf(4), NOW, [30, 5], given), 5);
  given.add(warningKey(stopOf(4), 5));
  assert.equal(warningDue(stopOf(4), NOW, [30, 5], given), undefined, 'not the larger lead afterwards');
});

test('a moved deadline warns anew; no leads and a passed deadline never warn', () => {
  const given = new Set([warningKey(stopOf(20), 30)]);
  assert.equal(warningDue(stopOf(25), NOW, [30, 5], given), 30);
  assert.equal(warningDue(stopOf(4), NOW, [], given), undefined);
  assert.equal(warningDue(stopOf(-1), NOW, [30, 5], given), undefined);
});
