import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds, TemplateId } from '../../src/api/units.ts';
import {
  dueWarnings,
  NO_WARNINGS,
  rereadWarning,
  silence,
  stoppingWithinLastLead,
  warningText,
  type Warning,
  type WarningMemory,
} from '../../src/model/warnings.ts';
import { fromNow, NOW, PLACE, stopping, workspace } from './model-fixture.ts';

const MINUTE = 60_000;
const LEADS = [30, 5];
const after = (minutes: number): EpochMs => (NOW + minutes * MINUTE) as EpochMs;

const due = (
  workspaces: readonly Workspace[],
  memory: WarningMemory = NO_WARNINGS,
  {
    now = NOW,
    leadsMinutes = LEADS,
    calmMs = 0,
  }: { now?: EpochMs; leadsMinutes?: readonly number[]; calmMs?: number } = {},
) => dueWarnings({ workspaces, now, leadsMinutes, calmMs: calmMs as Milliseconds }, memory);

const names = (warnings: readonly Warning[]): string[] => warnings.map(({ stop }) => stop.workspace.name);

const only = (subject: Workspace, memory = NO_WARNINGS): { warning: Warning; memory: WarningMemory } => {
  const { due: warnings, memory: next } = due([subject], memory);
  const [warning, ...others] = warnings;
  assert.ok(warning !== undefined);
  assert.deepEqual(others, []);
  return { warning, memory: next };
};

test('a warning is due once for each lead time, and the next look is at the next lead', () => {
  const early = due([stopping(31)]);
  assert.deepEqual([names(early.due), early.askAgainInMs], [[], MINUTE]);
  const first = due([stopping(31)], early.memory, { now: after(1) });
  assert.deepEqual([names(first.due), first.askAgainInMs], [['api-server'], 25 * MINUTE]);
  const again = due([stopping(31)], first.memory, { now: after(2) });
  assert.deepEqual(names(again.due), []);
  const second = due([stopping(31)], again.memory, { now: after(26) });
  assert.deepEqual([names(second.due), second.askAgainInMs], [['api-server'], undefined]);
  assert.deepEqual(names(due([stopping(31)], second.memory, { now: after(30) }).due), []);
});

test('two workspaces that stop are two warnings', () => {
  const other = stopping(4, { workspace: { id: 'w-2', name: 'other' } });
  assert.deepEqual(names(due([stopping(20), other, workspace('stopped')]).due), ['api-server', 'other']);
});

test('without lead times, without a stop, or once the deadline has passed, nothing is due', () => {
  assert.deepEqual(due([stopping(4)], NO_WARNINGS, { leadsMinutes: [] }).due, []);
  for (const subject of [
    workspace('running'),
    workspace('stopped', { build: { deadline: fromNow(4) } }),
    stopping(-1),
  ]) {
    assert.deepEqual(due([subject]).due, []);
  }
});

test('while a window has just started nothing is due, and it is looked at again when that is over', () => {
  const calm = due([stopping(20)], NO_WARNINGS, { calmMs: 15_000 });
  assert.deepEqual([names(calm.due), calm.askAgainInMs], [[], 15_000]);
  assert.deepEqual(names(due([stopping(20)], calm.memory).due), ['api-server']);
});

test('a deadline that moved is warned of anew', () => {
  const { memory } = only(stopping(20));
  const { memory: moved } = only(stopping(29), memory);
  assert.deepEqual(due([stopping(20)], moved).due, [], 'and the earlier one not again, should it come back');
});

test('a deadline that moves while the workspace is read again is not told, and the new one is due in its own time', () => {
  const { warning, memory } = only(stopping(20));
  const read = rereadWarning(warning, stopping(80), NOW, memory);
  assert.equal(read.stop, undefined);
  const { due: later, memory: kept } = due([stopping(80)], read.memory);
  assert.deepEqual(later, []);
  assert.deepEqual(names(due([stopping(80)], kept, { now: after(50) }).due), ['api-server']);
});

test('what is still true after it was read again is told', () => {
  const { warning, memory } = only(stopping(20));
  const read = rereadWarning(warning, stopping(20), NOW, memory);
  assert.equal(read.stop?.deadlineAt, after(20));
  assert.equal(read.memory, memory);
});

test('a workspace that was stopped meanwhile, or whose deadline has passed meanwhile, is not warned of', () => {
  const { warning, memory } = only(stopping(4));
  assert.equal(rereadWarning(warning, workspace('stopped'), NOW, memory).stop, undefined);
  assert.equal(rereadWarning(warning, stopping(4), after(5), memory).stop, undefined);
});

test('a workspace that cannot be read is warned of later', () => {
  const { warning, memory } = only(stopping(20));
  const read = rereadWarning(warning, undefined, NOW, memory);
  assert.equal(read.stop, undefined);
  assert.equal(read.askAgainInMs, 15_000);
  assert.deepEqual(names(due([stopping(20)], read.memory).due), ['api-server']);
});

test('a deadline that nobody wants to be warned of is not warned of, not even while it is read again', () => {
  const { warning, memory } = only(stopping(20));
  const quiet = silence(memory, warning.stop);
  assert.equal(rereadWarning(warning, stopping(20), NOW, quiet).stop, undefined);
  assert.deepEqual(due([stopping(20)], quiet, { now: after(16) }).due, [], 'nor at the next lead');
  assert.deepEqual(names(due([stopping(4)], quiet).due), ['api-server'], 'another deadline warns again');
});

test('warnings of deadlines that have passed are forgotten', () => {
  const { memory } = only(stopping(20));
  assert.equal(memory.given.size, 1);
  assert.equal(due([], memory, { now: after(21) }).memory.given.size, 0);
});

test('coder#25864: the time that a template wants to be told at is one more lead, unless nobody wants to be warned', () => {
  const notify = (notifyBefore: number) =>
    new Map([['t-1' as TemplateId, { notifyBefore: notifyBefore as Milliseconds }]]);
  const at = (minutes: number, leadsMinutes: readonly number[], usualTimes = notify(60 * MINUTE)) =>
    names(
      dueWarnings(
        { workspaces: [stopping(minutes)], now: NOW, leadsMinutes, calmMs: 0 as Milliseconds, usualTimes },
        NO_WARNINGS,
      ).due,
    );
  assert.deepEqual(at(59, LEADS), ['api-server']);
  assert.deepEqual(at(61, LEADS), []);
  assert.deepEqual(at(59, LEADS, notify(0)), []);
  assert.deepEqual(at(59, []), []);
});

test('the badge counts what stops within the last lead', () => {
  const count = (workspaces: readonly Workspace[], leadsMinutes: readonly number[] = LEADS) =>
    stoppingWithinLastLead({ workspaces, now: NOW, leadsMinutes, calmMs: 0 as Milliseconds });
  assert.equal(
    count([stopping(4), stopping(5), stopping(6), stopping(-1), workspace('running'), workspace('stopped')]),
    3,
  );
  assert.equal(count([stopping(4)], []), 0);
});

test('a warning offers an hour only where the limits allow it, and of a required stop nothing but silence', () => {
  const textOf = (subject: Workspace) => warningText(only(subject).warning.stop, { now: NOW }, PLACE);
  assert.deepEqual(textOf(stopping(20)), {
    message: 'api-server stops at 16:00, in 20 min.',
    answers: ['extendHour', 'choose', 'silence'],
  });
  const limited = stopping(20, { build: { deadline: fromNow(20), max_deadline: fromNow(60) } });
  assert.deepEqual(textOf(limited).answers, ['choose', 'silence']);
  const required = textOf(stopping(20, { build: { deadline: fromNow(20), max_deadline: fromNow(20) } }));
  assert.match(required.message, /is required to stop/);
  assert.deepEqual(required.answers, ['silence']);
});
