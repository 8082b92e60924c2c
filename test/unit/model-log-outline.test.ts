import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logParts } from '../../src/model/logOutline.ts';

const LOG = `──── start #4 · dev @ clever_pike9 · by owner · 2026-11-25 18:04:11 ────
▸ Setting up                                                       0.3 s
▸ Starting workspace                                              42.7 s
  kubernetes_pod.dev: Creating...
  ▸ Not a stage
  ──── nor a line of ours ────
  error Error: full
──── connection lost at 18:04:20, resumed at 18:04:31 ────
▸ Cleaning Up
──── start failed after 43 s ────
`;

test('a log folds and is outlined by its stages and our own lines, whatever a provisioner writes', () => {
  assert.deepEqual(
    logParts(LOG).map(({ line, end, title, took }) => [line, end, title, took]),
    [
      [0, 0, 'start #4 · dev @ clever_pike9 · by owner · 2026-11-25 18:04:11', ''],
      [1, 1, 'Setting up', '0.3 s'],
      [2, 6, 'Starting workspace', '42.7 s'],
      [7, 7, 'connection lost at 18:04:20, resumed at 18:04:31', ''],
      [8, 8, 'Cleaning Up', ''],
      [9, 9, 'start failed after 43 s', ''],
    ],
  );
  const timed = '18:04:11 ▸ Setting up\n18:04:11   18:04:11 ▸ no\n18:04:12 ▸ Cleaning Up\n';
  assert.deepEqual(
    logParts(timed).map(({ title }) => title),
    ['Setting up', 'Cleaning Up'],
  );
  assert.deepEqual(logParts(''), []);
});

test('a log of 50,000 lines and stages is outlined in 300 ms of computing', () => {
  for (const line of ['  kubernetes_pod.dev: Creating...\n', '▸ Setting up        0.3 s\n']) {
    const text = `▸ Starting\n${line.repeat(50_000)}`;
    const times = Array.from({ length: 5 }, () => {
      const began = process.cpuUsage();
      assert.equal(logParts(text).at(-1)?.end, 50_000);
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1_000;
    });
    assert.ok(Math.min(...times) < 300, `${times.map(Math.round).join(', ')} ms`);
  }
});
