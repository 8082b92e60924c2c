import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkspaceId } from '../../src/api/units.ts';
import type { Attention } from '../../src/model/attention.ts';
import { AttentionTracker } from '../../src/model/attentionTracker.ts';
import { ManualTiming } from '../manualTiming.ts';

test('a window that tells again what it has told changes nothing: all rows would be looked at for it', () => {
  const changes: Attention[] = [];
  const { signal } = new AbortController();
  const tracker = new AttentionTracker({
    timing: new ManualTiming(),
    signal,
    onChange: (after) => changes.push(after),
    onError: (error) => assert.fail(String(error)),
  });
  const tell = (opened: string): void => {
    const opening = new Set([opened as WorkspaceId]);
    tracker.attend({ isVisible: true, isFocused: true, isTold: true, opened: opening, maxStreams: 30 });
  };
  tell('w-1');
  assert.deepEqual(
    changes.map(({ isSeen, opened }) => [isSeen, ...opened]),
    [
      [false, 'w-1'],
      [true, 'w-1'],
    ],
  );
  tell('w-1');
  assert.equal(changes.length, 2);
  tell('w-2');
  assert.deepEqual([...(changes[2]?.opened ?? [])], ['w-2']);
  assert.equal(changes.length, 3);
});
