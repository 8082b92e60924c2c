import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkspaceId } from '../../src/api/units.ts';
import { createDeploymentStore } from '../../src/host/deploymentStore.ts';
import { createRemembered } from '../../src/host/remembered.ts';
import { createRestarts } from '../../src/host/restarts.ts';
import { sharedNames } from '../sharedNames.ts';

type Context = Parameters<typeof createDeploymentStore>[0];

/** Global state that holds `kept`, and secret storage where each key holds `secret`. */
function storesOf(kept: Readonly<Record<string, unknown>>, secret?: string) {
  const state = new Map(Object.entries(kept));
  const globalState = {
    get: (key: string) => state.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void state.set(key, value)),
    keys: () => [...state.keys()],
  };
  const secrets = { get: () => Promise.resolve(secret) };
  return {
    state,
    remembered: createRemembered(globalState),
    deployments: createDeploymentStore({ globalState, secrets } as unknown as Context, () => undefined),
  };
}

const ODD: readonly unknown[] = [undefined, null, 0, true, '', 'text', {}, { key: 'a' }, [[]], [null], [1], [{}]];

test('addresses of an odd shape are ignored, one by one', () => {
  for (const odd of ODD) assert.deepEqual(storesOf({ deployments: odd }).deployments.known(), [], JSON.stringify(odd));
  const mixed = [
    { key: 'a' },
    { key: 'b', url: 'https://b.test', username: 7, token: 'old' },
    { url: 'https://c.test' },
  ];
  assert.deepEqual(storesOf({ deployments: mixed }).deployments.known(), [{ key: 'b', url: 'https://b.test' }]);
});

test('no more than twenty addresses are kept, the latest', async () => {
  const many = Array.from({ length: 25 }, (_, index) => ({ key: `${index}.test`, url: `https://${index}.test` }));
  const { deployments, state } = storesOf({ deployments: many });
  assert.equal(deployments.known().length, 20);
  await deployments.remember(many);
  assert.equal((state.get('deployments') as unknown[]).length, 20);
  assert.equal(deployments.known()[0]?.key, '0.test');
});

test('a stored sign-in of an odd shape signs nobody in', async () => {
  const odd = ['', 'null', '7', '"text"', '[]', '{}', '{"token":"t"}', '{"key":"a","url":"https://a.test","token":7}'];
  for (const text of odd) {
    const stored = await storesOf({}, text).deployments.read('a');
    assert.equal(stored.kind, 'notUnderstood', text);
  }
});

test('recent templates of an odd shape are ignored, one by one, and no more than five are kept', async () => {
  for (const odd of ODD) {
    const { remembered } = storesOf({ 'recentTemplates:a': odd });
    assert.deepEqual(remembered.recentTemplates('a'), [], JSON.stringify(odd));
  }
  const { remembered, state } = storesOf({ 'recentTemplates:a': ['1', 2, '3', null, '4', '5', '6', '7'] });
  assert.deepEqual(remembered.recentTemplates('a'), ['1', '3', '4', '5', '6']);
  await remembered.rememberTemplate('a', '4');
  assert.deepEqual(state.get('recentTemplates:a'), ['4', '1', '3', '5', '6']);
});

test('what a tree of an odd shape was to show is as if nothing had been stored, and comes back as it was kept', async () => {
  for (const odd of ODD) {
    const { scope, filter, sort, group } = storesOf({ 'finding:a': odd }).remembered.finding('a');
    assert.deepEqual([scope, filter, sort, group], ['mine', {}, 'favorites', undefined], JSON.stringify(odd));
  }
  const { remembered } = storesOf({});
  const finding = { scope: 'all', filter: { text: 'x' }, sort: 'name', group: 'owner' } as const;
  await remembered.rememberFinding('a', finding);
  assert.deepEqual(remembered.finding('a'), finding);
  assert.deepEqual(remembered.finding('b').filter, {});
});

test('only a plain no turns the notice of an autostop off', () => {
  for (const odd of ODD) assert.equal(storesOf({ autostopNotice: odd }).remembered.tellsAutostop(), true);
  assert.equal(storesOf({ autostopNotice: false }).remembered.tellsAutostop(), false);
});

test('a pin of an odd shape is none, and one deployment’s is not another’s', async () => {
  for (const odd of ODD.filter((each) => typeof each !== 'string')) {
    assert.equal(storesOf({ 'pinned:a': odd }).remembered.pinned('a'), undefined, JSON.stringify(odd));
  }
  const { remembered } = storesOf({});
  await remembered.pin('a', 'w-1' as WorkspaceId);
  assert.deepEqual([remembered.pinned('a'), remembered.pinned('b')], ['w-1', undefined]);
  await remembered.pin('a', undefined);
  assert.equal(remembered.pinned('a'), undefined);
});

test('restarts: a stop that nobody went on after is known to the next window, and none that goes on here', async () => {
  const kept = sharedNames();
  const fails = (error: unknown): never => assert.fail(String(error));
  const window = createRestarts(kept, fails);
  void window.begun('a');
  void window.begun('b');
  void window.ended('a');
  window.reread();
  await kept.settled();
  assert.deepEqual(window.left.value, [], 'what goes on here is not interrupted');
  const next = createRestarts(kept, fails);
  await kept.settled();
  assert.deepEqual(next.left.value, ['b']);
  window.interrupted('b');
  assert.deepEqual(window.left.value, ['b']);
  window.reread();
  await kept.settled();
  assert.deepEqual(window.left.value, ['b'], 'and stays so');
});

test('restarts: what cannot be kept is logged, and the window goes on', async () => {
  const errors: unknown[] = [];
  const refuses = () => Promise.reject(new Error('the disk is full'));
  const window = createRestarts({ read: () => Promise.resolve([]), add: refuses, remove: refuses }, (error) =>
    errors.push(error),
  );
  void window.begun('a');
  void window.ended('a');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(errors.length, 2);
  assert.deepEqual(window.left.value, []);
});
