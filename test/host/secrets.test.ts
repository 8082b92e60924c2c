import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createDeploymentStore } from '../../src/host/deploymentStore.ts';

const TOKEN = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV';
const signIn = { key: 'c.test', url: 'https://c.test', username: 'dana', token: TOKEN };

/** What the extension is handed by VS Code, on a system whose keyring fails in the way of `secrets`. */
function contextWith(secrets: Partial<vscode.SecretStorage>) {
  const kept = new Map<string, unknown>();
  const changed = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  const globalState: Pick<vscode.Memento, 'get' | 'update' | 'keys'> = {
    get: <T>(key: string, fallback?: T) => (kept.has(key) ? (kept.get(key) as T) : fallback) as T,
    update: (key, value) => {
      kept.set(key, value);
      return Promise.resolve();
    },
    keys: () => [...kept.keys()],
  };
  const told: unknown[] = [];
  const context = { globalState, secrets: { onDidChange: changed.event, ...secrets } } as unknown as Pick<
    vscode.ExtensionContext,
    'globalState' | 'secrets'
  >;
  return { kept, told, store: createDeploymentStore(context, (error) => told.push(error)) };
}

const failing = () => Promise.reject(new Error('no keyring'));
const KEYRINGS: Readonly<Record<string, Partial<vscode.SecretStorage>>> = {
  'rejects what is stored': { get: () => Promise.resolve(undefined), store: failing, delete: failing },
  'throws when asked': { get: failing, store: failing, delete: failing },
  'forgets what it accepted': {
    get: () => Promise.resolve(undefined),
    store: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  },
};

suite('Secrets', () => {
  for (const [how, keyring] of Object.entries(KEYRINGS)) {
    test(`a keyring that ${how} leaves the sign-in in memory, told once`, async () => {
      const { store, told } = contextWith(keyring);
      await store.keep(signIn);
      assert.deepEqual(await store.read('c.test'), { kind: 'signedIn', signIn });
      await store.keep(signIn);
      assert.equal(told.length, 1);
      await store.forget('c.test');
      assert.notEqual((await store.read('c.test')).kind, 'signedIn');
    });
  }

  test('global state holds addresses and names, and no token', async () => {
    const stored = new Map<string, string>();
    const { store, kept } = contextWith({
      get: (key) => Promise.resolve(stored.get(key)),
      store: (key, value) => Promise.resolve(void stored.set(key, value)),
      delete: (key) => Promise.resolve(void stored.delete(key)),
    });
    await store.keep(signIn);
    await store.remember([signIn]);
    assert.deepEqual(store.known(), [{ key: 'c.test', url: 'https://c.test', username: 'dana' }]);
    assert.ok(!JSON.stringify([...kept]).includes(TOKEN));
    assert.ok(JSON.stringify([...stored]).includes(TOKEN));
  });

  test('what another version stored is read as far as it can be', async () => {
    const { store } = contextWith({ get: () => Promise.resolve('not JSON') });
    assert.equal((await store.read('c.test')).kind, 'notUnderstood');
    assert.deepEqual(store.known(), []);
  });
});
