import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Redrawing } from '../../src/views/redrawing.ts';

/** A view that counts its drawings. */
function view() {
  const counts = { drawn: 0, failed: 0 };
  const errors: unknown[] = [];
  const now = { isVisible: true, isPartial: false, fails: false };
  const redrawing = new Redrawing({
    isVisible: () => now.isVisible,
    isPartial: () => now.isPartial,
    *draw() {
      counts.drawn += 1;
      if (now.fails) throw new Error(`drawing ${counts.drawn}`);
      yield undefined;
    },
    onFailure: () => {
      counts.failed += 1;
    },
    logError: (error) => errors.push(error),
  });
  return { counts, errors, now, redrawing };
}

/** Time passes only by `tick`, and no slice is ever used up. */
function stopTime({ mock }: TestContext): void {
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(performance, 'now', () => 0);
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('while the view is hidden nothing is drawn, except for whoever asks for the rows', async () => {
  const { counts, now, redrawing } = view();
  now.isVisible = false;
  redrawing.request();
  assert.equal(counts.drawn, 0);
  redrawing.drawDue();
  redrawing.drawDue();
  assert.equal(counts.drawn, 1);
  await redrawing.settled();
  assert.equal(counts.drawn, 1);
});

test('changes soon after a drawing are drawn together, but what was drawn in part is drawn when it is complete', async (t) => {
  stopTime(t);
  const { counts, now, redrawing } = view();
  now.isPartial = true;
  redrawing.request();
  await nextTurn();
  for (let change = 0; change < 3; change += 1) redrawing.request();
  assert.equal(counts.drawn, 1);
  t.mock.timers.tick(250);
  assert.equal(counts.drawn, 2);
  await nextTurn();
  now.isPartial = false;
  redrawing.request();
  assert.equal(counts.drawn, 3);
});

test('a drawing that fails is repeated later and later; only the first error of a series is logged', async (t) => {
  stopTime(t);
  const { counts, errors, now, redrawing } = view();
  now.fails = true;
  redrawing.request();
  await nextTurn();
  assert.deepEqual(counts, { drawn: 1, failed: 1 });
  t.mock.timers.tick(5_000);
  await nextTurn();
  assert.deepEqual(counts, { drawn: 2, failed: 2 });
  t.mock.timers.tick(5_000);
  assert.equal(counts.drawn, 2);
  t.mock.timers.tick(5_000);
  await nextTurn();
  assert.deepEqual(errors.map(String), ['Error: drawing 1']);
  redrawing.rest();
});

test('a view that is hidden in the middle of a drawing is drawn again when it is shown', () => {
  const { counts, redrawing } = view();
  redrawing.request();
  redrawing.rest();
  redrawing.drawDue();
  assert.equal(counts.drawn, 2);
});
