import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onFocus } from '../../src/model/onFocus.ts';

test('a window reads again when it gets the focus; not when it loses it, and not when somebody merely begins to use it', () => {
  let reads = 0;
  const change = onFocus(true, () => (reads += 1));
  const states = [
    [{ focused: true, active: false }, 0],
    [{ focused: true, active: true }, 0],
    [{ focused: false, active: true }, 0],
    [{ focused: false, active: false }, 0],
    [{ focused: true, active: true }, 1],
    [{ focused: true, active: false }, 1],
    [{ focused: false, active: false }, 1],
    [{ focused: true, active: true }, 2],
  ] as const;
  for (const [state, expected] of states) {
    change(state);
    assert.equal(reads, expected, JSON.stringify(state));
  }
});

test('a window that opens in the background reads again with its first focus', () => {
  let reads = 0;
  onFocus(false, () => (reads += 1))({ focused: true });
  assert.equal(reads, 1);
});
