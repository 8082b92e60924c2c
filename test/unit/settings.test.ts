import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsOf } from '../../src/host/settingValues.ts';

const read = (values: Readonly<Record<string, unknown>>) => settingsOf((key) => values[key]);
const DEFAULTS = read({});

test('without a word in the settings the defaults stand', () => {
  assert.deepEqual(DEFAULTS, {
    deadlineShow: 'always',
    warnBeforeMinutes: [30, 5],
    flattenAgents: true,
    showHiddenResources: false,
    buildLogOpen: 'onFailure',
    buildLogTimestamps: false,
    buildLogLevel: 'trace',
    confirmStop: true,
    maxStreams: 30,
    timeFormat: 'auto',
    timeZone: 'auto',
  });
});

test('what the manifest does not allow counts as the default', () => {
  for (const odd of [null, {}, [], 'nonsense', -1, 2.5, 201, NaN, Infinity, '30', true]) {
    const settings = read({
      'deadline.show': odd,
      'buildLog.open': odd,
      'buildLog.level': odd,
      timeFormat: odd,
      maxStreams: odd,
    });
    assert.deepEqual(settings, DEFAULTS, JSON.stringify(odd));
  }
  for (const odd of [null, {}, 'false', 0, 1]) {
    const settings = read({ 'confirm.stop': odd, 'tree.flattenAgents': odd, 'buildLog.timestamps': odd });
    assert.deepEqual(settings, DEFAULTS, JSON.stringify(odd));
  }
  for (const odd of [null, {}, 30, true, []]) assert.equal(read({ timeZone: odd }).timeZone, 'auto');
});

test('the leads of warnings that are out of range are left out; only an empty list turns them off', () => {
  const leads = (value: unknown): readonly number[] => read({ 'deadline.warnBefore': value }).warnBeforeMinutes;
  assert.deepEqual(leads([]), []);
  assert.deepEqual(leads([60, 10]), [60, 10]);
  assert.deepEqual(leads([60, -5, 0, 1441, 2.5, '10', null, 1e9]), [60]);
  assert.deepEqual(leads([1, 1440, 1]), [1, 1440]);
  assert.deepEqual(leads([1, 2, 3, 4, 5, 6, 7]), [1, 2, 3, 4, 5]);
  for (const odd of [[-5], ['x'], 'x', null, 30, {}]) assert.deepEqual(leads(odd), [30, 5], JSON.stringify(odd));
});

test('the streams are a whole number from 0 to 200', () => {
  for (const count of [0, 1, 200]) assert.equal(read({ maxStreams: count }).maxStreams, count);
});
