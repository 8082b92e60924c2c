import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Variable } from '../../src/model/observable.ts';

test('a replaced value is told together with the one before', () => {
  const variable = new Variable('a');
  const heard: string[][] = [];
  variable.subscribe((value, previous) => heard.push([previous, value]));
  variable.set('b');
  variable.set('c');
  assert.deepEqual(heard, [
    ['a', 'b'],
    ['b', 'c'],
  ]);
});

test('setting what is there already tells nobody', () => {
  const variable = new Variable(Number.NaN);
  variable.subscribe(() => assert.fail('told'));
  variable.set(Number.NaN);
});

test('a listener that sets again does not make the others hear the newer value first', () => {
  const variable = new Variable(0);
  variable.subscribe((value) => {
    if (value === 1) variable.set(2);
  });
  const heard: number[] = [];
  variable.subscribe((value) => heard.push(value));
  variable.set(1);
  assert.deepEqual(heard, [1, 2]);
});

test('whoever left hears nothing more, also when leaving while being told', () => {
  const variable = new Variable(0);
  const heard: string[] = [];
  variable.subscribe(() => second.dispose());
  const second = variable.subscribe(() => heard.push('second'));
  variable.set(1);
  assert.deepEqual(heard, []);
});

test('the same function may listen twice and leave once', () => {
  const variable = new Variable(0);
  let count = 0;
  const listener = (): void => void (count += 1);
  variable.subscribe(listener);
  variable.subscribe(listener).dispose();
  variable.set(1);
  assert.equal(count, 1);
});

test("one listener's failure does not keep the others from hearing, and surfaces later", (t) => {
  const later: (() => void)[] = [];
  t.mock.method(globalThis, 'queueMicrotask', (work: () => void) => later.push(work));
  const variable = new Variable(0);
  const failure = new Error('broken listener');
  variable.subscribe(() => {
    throw failure;
  });
  let heard = 0;
  variable.subscribe((value) => (heard = value));
  variable.set(1);
  assert.equal(heard, 1);
  assert.equal(later.length, 1);
  assert.throws(() => later[0]?.(), failure);
});
