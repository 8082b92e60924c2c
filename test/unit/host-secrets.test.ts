import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ExtensionContext, SecretStorage } from 'vscode';
import { createDeploymentStore } from '../../src/host/deploymentStore.ts';

const signIn = { key: 'c.test', url: 'https://c.test', username: 'dana', token: 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV' };
const note = { fingerprint: 'f00', detail: 'API key expired.' };
const renewed = { ...signIn, token: 'klmnopqrst-ABCDEFGHIJKLMNOPQRSTUV' };

/** A keyring that does as it is told, until `broken` says what it does instead. */
const keyring = () => {
  const stored = new Map<string, string>();
  const broken: Partial<Pick<SecretStorage, 'get' | 'store' | 'delete'>> = {};
  const secrets = {
    get: (key: string) => broken.get?.(key) ?? Promise.resolve(stored.get(key)),
    store: (key: string, value: string) => broken.store?.(key, value) ?? Promise.resolve(void stored.set(key, value)),
    delete: (key: string) => broken.delete?.(key) ?? Promise.resolve(void stored.delete(key)),
  };
  /** What a window of its own makes of it. */
  const window = () => {
    const told: unknown[] = [];
    const context = { globalState: new Map(), secrets } as unknown as Pick<ExtensionContext, 'globalState' | 'secrets'>;
    return { store: createDeploymentStore(context, (error) => told.push(error)), told };
  };
  return { stored, broken, window };
};

const locked = () => Promise.reject(new Error('the keyring is locked'));

describe('what a keyring holds', () => {
  test('stored, absent and unreadable are three things', async () => {
    const { broken, window } = keyring();
    const { store, told } = window();
    assert.deepEqual(await store.read('c.test'), { kind: 'absent' });
    await store.keep(signIn);
    assert.deepEqual(await store.read('c.test'), { kind: 'signedIn', signIn });
    broken.get = locked;
    assert.equal((await store.read('c.test')).kind, 'unreadable');
    assert.deepEqual(told, [], 'that a token cannot be kept is not said: it is kept');
  });

  test('what is not understood is kept apart from what cannot be read: another version may have written it', async () => {
    const { stored, window } = keyring();
    for (const text of ['not JSON', '1', 'null', '{"key":"c.test"}', '{"version":9,"secret":"…"}']) {
      stored.set('signIn:c.test', text);
      assert.equal((await window().store.read('c.test')).kind, 'notUnderstood', text);
    }
  });

  test('an expired token is replaced by a note that does not hold it', async () => {
    const { stored, window } = keyring();
    const { store } = window();
    await store.keep(signIn);
    await store.expire('c.test', note);
    assert.deepEqual(await store.read('c.test'), { kind: 'expired', note });
    assert.ok(![...stored.values()].some((text) => text.includes(signIn.token)));
  });

  test('a note that cannot be stored leaves what is stored as it is', async () => {
    const { broken, window } = keyring();
    const { store } = window();
    await store.keep(signIn);
    broken.store = locked;
    await assert.rejects(store.expire('c.test', note));
    assert.deepEqual(await store.read('c.test'), { kind: 'signedIn', signIn });
  });
});

describe('a token that must be deleted', () => {
  test('a keyring that cannot delete is told of, whether it says so or not', async () => {
    for (const fail of [locked, () => Promise.resolve()]) {
      const { broken, window } = keyring();
      const { store } = window();
      await store.keep(signIn);
      broken.delete = fail;
      await assert.rejects(store.forget('c.test'));
    }
  });

  test('a keyring that can neither delete nor be read may still hold it', async () => {
    const { broken, window } = keyring();
    const { store } = window();
    await store.keep(signIn);
    Object.assign(broken, { get: locked, delete: locked });
    await assert.rejects(store.forget('c.test'));
  });

  test('a keyring that never took it holds nothing, and nothing is told', async () => {
    const { broken, window } = keyring();
    Object.assign(broken, { get: locked, store: locked, delete: locked });
    const { store, told } = window();
    await store.keep(signIn);
    assert.deepEqual(await store.read('c.test'), { kind: 'signedIn', signIn });
    await store.forget('c.test');
    assert.equal((await store.read('c.test')).kind, 'unreadable');
    assert.equal(told.length, 1);
  });

  test('one that was accepted and could then not be read may be stored', async () => {
    const { broken, window } = keyring();
    Object.assign(broken, { get: locked, delete: locked });
    const { store } = window();
    await store.keep(signIn);
    await assert.rejects(store.forget('c.test'));
  });

  test('a keyring that fails although the token is gone is not told of', async () => {
    const { stored, broken, window } = keyring();
    const { store } = window();
    await store.keep(signIn);
    broken.delete = (key) => {
      stored.delete(key);
      return locked();
    };
    await store.forget('c.test');
  });

  test('what another window stores while it is deleted is not taken for what is left', async () => {
    const { stored, broken, window } = keyring();
    const { store } = window();
    await store.keep(signIn);
    broken.delete = (key) => Promise.resolve(void stored.set(key, JSON.stringify(renewed)));
    await store.forget('c.test');
    assert.deepEqual(await store.read('c.test'), { kind: 'signedIn', signIn: renewed });
  });
});

describe('a token that the keyring does not take', () => {
  test('it is held by its window, comes before an older one, and gives way to a newer one of another window', async () => {
    const { broken, window } = keyring();
    const [one, other] = [window(), window()];
    await one.store.keep(signIn);
    broken.store = locked;
    await one.store.keep(renewed);
    assert.deepEqual(await one.store.read('c.test'), { kind: 'signedIn', signIn: renewed });
    assert.deepEqual(await other.store.read('c.test'), { kind: 'signedIn', signIn });
    delete broken.store;
    const newest = { ...signIn, token: 'uvwxyzabcd-ABCDEFGHIJKLMNOPQRSTUV' };
    await other.store.keep(newest);
    assert.deepEqual(await one.store.read('c.test'), { kind: 'signedIn', signIn: newest });
  });

  test('once it has expired it is gone, and no note is stored about it', async () => {
    const { stored, broken, window } = keyring();
    const { store } = window();
    broken.store = locked;
    await store.keep(signIn);
    await store.expire('c.test', note);
    assert.deepEqual(await store.read('c.test'), { kind: 'absent' });
    assert.equal(stored.size, 0);
  });
});
