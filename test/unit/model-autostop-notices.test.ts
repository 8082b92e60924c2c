import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import { autostopSentence, dueNotices, NO_NOTICES } from '../../src/model/autostopNotices.ts';
import { listed, LOADING, SIGNED_OUT, type State } from '../../src/model/state.ts';
import { MEMBER, NOW, workspace } from './model-fixture.ts';

const ready = (...workspaces: Workspace[]): State =>
  listed(LOADING, { user: MEMBER, workspaces, skippedRows: 0, readAt: NOW });

const running = workspace('running');
const build = (status: string, reason: string, id = 'b-2'): Workspace =>
  workspace(status, { build: { id, build_number: 2, reason, transition: 'stop' } });

/** The names of those that are told of as the states follow one another. */
const told = (...states: State[]): string[] => {
  let memory = NO_NOTICES;
  return states.slice(1).flatMap((state, index) => {
    const notices = dueNotices(state, states[index] ?? LOADING, memory);
    memory = notices.memory;
    return notices.due.map(({ name }) => name);
  });
};

test('a stop by autostop that began while somebody was there is told once, when it is over', () => {
  const [pending, stopping, stopped] = ['pending', 'stopping', 'stopped'].map((status) =>
    ready(build(status, 'autostop')),
  );
  assert.ok(pending !== undefined && stopping !== undefined && stopped !== undefined);
  assert.deepEqual(told(ready(running), pending, stopping), []);
  assert.deepEqual(told(ready(running), pending, stopping, stopped), ['api-server']);
  const touched = ready({ ...build('stopped', 'autostop'), outdated: true });
  assert.deepEqual(told(ready(running), pending, stopped, touched, stopped), ['api-server']);
});

test('a stop whose beginning was not seen is told if it was running before, and only then', () => {
  assert.deepEqual(told(ready(running), ready(build('stopped', 'autostop'))), ['api-server']);
  assert.deepEqual(told(LOADING, ready(build('stopped', 'autostop'))), []);
  assert.deepEqual(told(ready(), ready(build('stopped', 'autostop'))), []);
  assert.deepEqual(told(ready(build('stopping', 'autostop')), ready(build('stopped', 'autostop'))), []);
});

test('a stop by hand or by dormancy, and one that failed, is not told', () => {
  for (const reason of ['initiator', 'dormancy', 'dashboard']) {
    assert.deepEqual(told(ready(running), ready(build('stopping', reason)), ready(build('stopped', reason))), []);
  }
  assert.deepEqual(told(ready(running), ready(build('stopping', 'autostop')), ready(build('failed', 'autostop'))), []);
});

test('each stop is told by itself, and signing out forgets none that has begun', () => {
  const again = workspace('running', { build: { id: 'b-3', build_number: 3 } });
  const second = build('stopped', 'autostop', 'b-4');
  assert.deepEqual(told(ready(running), ready(build('stopped', 'autostop')), ready(again), ready(second)), [
    'api-server',
    'api-server',
  ]);
  const { memory } = dueNotices(ready(build('stopping', 'autostop')), ready(running), NO_NOTICES);
  assert.equal(dueNotices(SIGNED_OUT, ready(running), memory).memory, memory);
});

test('what is remembered goes with the next build', () => {
  const begun = dueNotices(ready(build('stopping', 'autostop')), ready(running), NO_NOTICES).memory;
  assert.equal(begun.begun.size, 1);
  const next = workspace('starting', { build: { id: 'b-3', build_number: 3 } });
  assert.equal(dueNotices(ready(next), ready(build('stopping', 'autostop')), begun).memory.begun.size, 0);
});

test('the sentence names the workspace in plain text', () => {
  assert.equal(autostopSentence(running), 'api-server was stopped by autostop.');
});

test('the autostop of somebody else’s workspace is not told', () => {
  const theirs = { owner_id: 'u-olga', owner_name: 'olga' };
  const before = ready(workspace('running', { workspace: theirs }));
  const stopped = workspace('stopped', {
    workspace: theirs,
    build: { id: 'b-2', build_number: 2, reason: 'autostop' },
  });
  assert.deepEqual(told(before, ready(stopped)), []);
});
