import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { CoderClient } from '../../src/api/client.ts';
import { fingerprintOf } from '../../src/api/secret.ts';
import * as users from '../../src/api/users.ts';
import type { DeploymentStore, KnownDeployment, Stored } from '../../src/model/deploymentStore.ts';
import { Deployments } from '../../src/model/deployments.ts';
import type { Ending } from '../../src/model/endingSentence.ts';
import { loadSession } from '../../src/model/loadSession.ts';
import type { Deployment } from '../deployment/index.ts';
import { deploymentFor, soon } from './client-fixture.ts';
import { until } from './session-fixture.ts';
import { SharedSecrets } from './sharedSecrets.ts';

interface Window {
  readonly deployments: Deployments;
  readonly store: DeploymentStore;
  readonly endings: Ending[];
  readonly end: AbortController;
}

const openWindow = (
  secrets: SharedSecrets,
  known: readonly KnownDeployment[] = [],
  changes: (store: DeploymentStore) => Partial<DeploymentStore> = () => ({}),
): Window => {
  const end = new AbortController();
  after(() => end.abort());
  const whole = secrets.window(known);
  const store = { ...whole, ...changes(whole) };
  const deployments = new Deployments({
    store,
    loadSession,
    signal: end.signal,
  });
  const endings: Ending[] = [];
  deployments.ended.subscribe((ended) => ended && endings.push(ended.ending));
  return { deployments, store, endings, end };
};

const UNREADABLE: Stored = { kind: 'unreadable', error: new Error('the keyring is locked') };

/** A keyring that somebody locks and unlocks. */
const lockable = () => {
  const keyring = { isLocked: false };
  const changes = (store: DeploymentStore): Partial<DeploymentStore> => ({
    read: (key) => (keyring.isLocked ? Promise.resolve(UNREADABLE) : store.read(key)),
  });
  return { keyring, changes };
};

const signInTo = (deployment: Deployment) => {
  const url = parseDeploymentUrl(deployment.url);
  return {
    url,
    known: { key: url.key, url: url.href },
    signIn: { key: url.key, url: url.href, token: deployment.token },
  };
};

const ready = ({ deployments }: Window): Promise<void> =>
  until('the rows are there', () => deployments.state.value.kind === 'ready');

const signedOut = ({ deployments }: Window): Promise<void> =>
  until('it is signed out', () => deployments.state.value.kind === 'signedOut');

const noSockets = (deployment: Deployment): Promise<void> =>
  until('no socket is open', () => deployment.openSockets().total === 0);

describe('signing in and out', () => {
  test('until it is known whether anybody is signed in nothing is claimed; then nobody is', async () => {
    const window = openWindow(new SharedSecrets());
    assert.equal(window.deployments.state.value.kind, 'loading');
    await window.deployments.restore({});
    assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
    assert.equal(window.deployments.current.value, undefined);
  });

  test('signing in shows the workspaces and is kept, with the address and without the token where addresses are', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const window = openWindow(secrets);
    const { url } = signInTo(deployment);
    const user = await users.me(new CoderClient({ url, token: deployment.token }).calls, soon());
    await window.deployments.signIn(url, deployment.token, { user });
    await ready(window);
    assert.equal(window.deployments.current.value?.deployment.url.key, url.key);
    assert.equal(secrets.signIns.get(url.key)?.token, deployment.token);
    assert.deepEqual(window.store.known(), [{ key: url.key, url: url.href, username: 'owner' }]);
    assert.doesNotMatch(JSON.stringify(window.store.known()), new RegExp(deployment.token));
  });

  test('a kept sign-in is taken up by the next window without asking anything', async () => {
    const deployment = await deploymentFor({ age: 'v0', seed: true });
    const { known, signIn } = signInTo(deployment);
    const secrets = new SharedSecrets();
    secrets.signIns.set(signIn.key, signIn);
    const window = openWindow(secrets, [known]);
    await window.deployments.restore({});
    await ready(window);
    assert.equal(window.deployments.current.value?.deployment.source, 'stored');
  });

  test('signing out forgets the token, closes every socket and keeps the address', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url, known } = signInTo(deployment);
    const secrets = new SharedSecrets();
    const window = openWindow(secrets);
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    await until('streams are open', () => deployment.openSockets().total > 0);
    await window.deployments.signOut();
    assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
    assert.equal(secrets.signIns.size, 0);
    assert.deepEqual(window.store.known(), [{ ...known, username: undefined }]);
    assert.deepEqual(window.endings, [], 'nobody is told what they did themselves');
    await noSockets(deployment);
  });

  test('signing in elsewhere replaces the deployment and leaves no token of the old one behind', async () => {
    const [one, other] = await Promise.all([
      deploymentFor({ age: 'v0', seed: true }),
      deploymentFor({ age: 'v2', seed: true }),
    ]);
    const secrets = new SharedSecrets();
    const window = openWindow(secrets);
    await window.deployments.signIn(signInTo(one).url, one.token);
    await ready(window);
    await window.deployments.signIn(signInTo(other).url, other.token);
    await ready(window);
    assert.deepEqual([...secrets.signIns.keys()], [signInTo(other).url.key]);
    assert.equal(window.store.known().length, 2);
    await noSockets(one);
  });

  test('ten switches between two deployments leave no socket behind', async () => {
    const [one, other] = await Promise.all([
      deploymentFor({ age: 'v0', seed: true }),
      deploymentFor({ age: 'v2', seed: true }),
    ]);
    const window = openWindow(new SharedSecrets());
    for (let round = 0; round < 10; round += 1) {
      const next = round % 2 === 0 ? one : other;
      await window.deployments.signIn(signInTo(next).url, next.token);
      await ready(window);
      await until('streams are open', () => next.openSockets().total > 0);
    }
    await noSockets(one);
    await window.deployments.signOut();
    await noSockets(other);
  });

  test('the same host under two ports is two deployments', async () => {
    const [one, other] = await Promise.all([deploymentFor({ age: 'v2' }), deploymentFor({ age: 'v2' })]);
    assert.notEqual(signInTo(one).url.key, signInTo(other).url.key);
    assert.equal(parseDeploymentUrl(`${one.url}/`).key, signInTo(one).url.key);
  });
});

test('a storage that tells of a change and then cannot be read does not sign out whoever just signed in', async () => {
  const deployment = await deploymentFor({ age: 'v2', seed: true });
  const secrets = new SharedSecrets();
  const end = new AbortController();
  after(() => end.abort());
  const store = secrets.window();
  const forgetful: DeploymentStore = {
    ...store,
    keep: async (signIn) => {
      await store.keep(signIn);
      await pause(20);
    },
    read: () => Promise.resolve(UNREADABLE),
  };
  const deployments = new Deployments({ store: forgetful, loadSession, signal: end.signal });
  await deployments.signIn(signInTo(deployment).url, deployment.token);
  await until('the rows are there', () => deployments.state.value.kind === 'ready');
});

test('a storage that fails at the start leaves nobody signed in instead of loading for ever, and whoever started learns why', async () => {
  const window = openWindow(new SharedSecrets(), [{ key: 'x', url: 'https://x.example.com' }], () => ({
    read: () => Promise.reject(new Error('disk failure')),
  }));
  await assert.rejects(window.deployments.restore({}), /disk failure/);
  assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
});

describe('the environment', () => {
  const environmentOf = (deployment: Deployment, token = deployment.token) => ({ url: deployment.url, token });

  test('it comes before what was kept, and nothing of it is stored', async () => {
    const [kept, given] = await Promise.all([
      deploymentFor({ age: 'v0', seed: true }),
      deploymentFor({ age: 'v2', seed: true }),
    ]);
    const { known, signIn } = signInTo(kept);
    const secrets = new SharedSecrets();
    secrets.signIns.set(signIn.key, signIn);
    const window = openWindow(secrets, [known]);
    await window.deployments.restore(environmentOf(given));
    await ready(window);
    assert.equal(window.deployments.current.value?.deployment.source, 'environment');
    assert.deepEqual([...secrets.signIns.keys()], [signIn.key]);
    assert.deepEqual(window.store.known(), [known]);
  });

  test('signing out ends it and does not bring up what was kept', async () => {
    const given = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    secrets.signIns.set('other', { key: 'other', url: 'https://other.example.com', token: 't' });
    const window = openWindow(secrets, [{ key: 'other', url: 'https://other.example.com' }]);
    await window.deployments.restore(environmentOf(given));
    await ready(window);
    await window.deployments.signOut();
    assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
    assert.equal(secrets.signIns.size, 1, 'what was kept is not touched');
    await noSockets(given);
  });

  test('a refused one shows the welcome and says that it was refused', async () => {
    const given = await deploymentFor({ age: 'v2', seed: true });
    const window = openWindow(new SharedSecrets());
    await window.deployments.restore(environmentOf(given, 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB'));
    await signedOut(window);
    const state = window.deployments.state.value;
    assert.ok(state.kind === 'signedOut');
    assert.equal(state.reason, 'refused');
    assert.match(state.detail ?? '', /API key/);
    assert.deepEqual(window.endings, ['refused']);
    assert.equal(window.deployments.current.value, undefined);
  });

  test('whoever listens for the end of a session hears the server’s own word on why', async () => {
    const given = await deploymentFor({ age: 'v2', seed: true });
    const window = openWindow(new SharedSecrets());
    const details: (string | undefined)[] = [];
    window.deployments.ended.subscribe((ended) => details.push(ended?.detail));
    await window.deployments.restore(environmentOf(given));
    await ready(window);
    await given.misbehave('401');
    await window.deployments.current.value?.session.refresh();
    await signedOut(window);
    assert.deepEqual(details, ['API key is invalid.']);
  });

  test('half of it, or an address that is none, counts as nothing', async () => {
    for (const environment of [
      { url: 'https://x.example' },
      { token: 't' },
      { url: 'ftp://x', token: 't' },
      { url: '', token: '' },
    ]) {
      const window = openWindow(new SharedSecrets());
      await window.deployments.restore(environment);
      assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
    }
  });
});

describe('two windows', () => {
  test('what one signs in to the other takes up, also if it never heard of the address', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    await Promise.all([one.deployments.restore({}), other.deployments.restore({})]);
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await Promise.all([ready(one), ready(other)]);
    assert.equal(other.deployments.current.value?.deployment.url.key, signInTo(deployment).url.key);
  });

  test('when one signs out the other is signed out, too, and tells so once', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await ready(other);
    await one.deployments.signOut();
    await signedOut(other);
    assert.deepEqual(other.endings, ['elsewhere']);
    assert.deepEqual(one.endings, []);
    await noSockets(deployment);
  });

  test('when one signs in to another deployment the other follows without a word', async () => {
    const [first, second] = await Promise.all([
      deploymentFor({ age: 'v0', seed: true }),
      deploymentFor({ age: 'v2', seed: true }),
    ]);
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    await one.deployments.signIn(signInTo(first).url, first.token);
    await ready(other);
    await one.deployments.signIn(signInTo(second).url, second.token);
    await until('it followed', () => other.deployments.current.value?.deployment.url.key === signInTo(second).url.key);
    await ready(other);
    assert.deepEqual(other.endings, []);
  });

  test('a window that the environment signed in does what it was told, whatever others do', async () => {
    const [given, kept] = await Promise.all([
      deploymentFor({ age: 'v2', seed: true }),
      deploymentFor({ age: 'v0', seed: true }),
    ]);
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    await one.deployments.restore({ url: given.url, token: given.token });
    await other.deployments.signIn(signInTo(kept).url, kept.token);
    await other.deployments.signOut();
    await ready(one);
    assert.equal(one.deployments.current.value?.deployment.source, 'environment');
  });

  test('an expired token is forgotten, unless another window has put a working one there', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url, signIn } = signInTo(deployment);
    const secrets = new SharedSecrets();
    const window = openWindow(secrets);
    await window.deployments.signIn(url, 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB');
    await signedOut(window);
    await until('it is forgotten', () => !secrets.signIns.has(url.key));
    assert.deepEqual(window.endings, ['refused']);
    const again = openWindow(secrets);
    await again.deployments.signIn(url, 'AAAAAAAAAA-CCCCCCCCCCCCCCCCCCCCCC');
    secrets.signIns.set(url.key, signIn);
    await signedOut(again);
    await deployment.whenQuiet();
    assert.equal(secrets.signIns.get(url.key)?.token, deployment.token);
  });

  test('after the extension is deactivated nothing is taken up any more', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    other.end.abort();
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await ready(one);
    assert.equal(other.deployments.current.value, undefined);
  });
});

describe('a store that fails or is slow', () => {
  test('a keyring that is locked while signed in keeps the session, and what happened meanwhile is caught up with', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const { keyring, changes } = lockable();
    const [one, other] = [openWindow(secrets), openWindow(secrets, [], changes)];
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await ready(other);
    keyring.isLocked = true;
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await pause(50);
    assert.equal(other.deployments.state.value.kind, 'ready');
    assert.deepEqual(other.endings, []);
    await one.deployments.signOut();
    await pause(50);
    assert.equal(other.deployments.state.value.kind, 'ready', 'whether somebody signed out is not known');
    keyring.isLocked = false;
    await other.deployments.reread();
    assert.equal(other.deployments.state.value.kind, 'signedOut');
    assert.deepEqual(other.endings, ['elsewhere']);
  });

  test('a keyring that is locked at the start is named, and read again when it is unlocked', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { known, signIn } = signInTo(deployment);
    const secrets = new SharedSecrets();
    secrets.signIns.set(signIn.key, signIn);
    const older = { key: 'older', url: 'https://older.example.com' };
    secrets.signIns.set('older', { ...older, token: 't' });
    const { keyring, changes } = lockable();
    keyring.isLocked = true;
    const window = openWindow(secrets, [known, older], changes);
    await window.deployments.restore({});
    assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
    assert.deepEqual(window.endings, ['unreadable']);
    await window.deployments.reread();
    assert.deepEqual(window.endings, ['unreadable'], 'told once');
    keyring.isLocked = false;
    await window.deployments.reread();
    await ready(window);
    assert.equal(window.deployments.current.value?.deployment.url.key, signIn.key);
  });

  test('a sign-in that another version wrote neither signs in nor stands in the way of an older one, and ends no session', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { known, signIn } = signInTo(deployment);
    const secrets = new SharedSecrets();
    secrets.signIns.set(signIn.key, signIn);
    const odd: Stored = { kind: 'notUnderstood' };
    let isOdd = false;
    const window = openWindow(secrets, [{ key: 'newer', url: 'https://newer.example.com' }, known], (store) => ({
      read: async (key) => (key === 'newer' || isOdd ? odd : store.read(key)),
    }));
    await window.deployments.restore({});
    await ready(window);
    assert.deepEqual(window.endings, []);
    isOdd = true;
    await secrets.tell(signIn.key);
    await window.deployments.reread();
    assert.equal(window.deployments.state.value.kind, 'ready');
  });

  test('what could not be read does not sign in again whoever has signed out since', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url, signIn } = signInTo(deployment);
    const secrets = new SharedSecrets();
    const { keyring, changes } = lockable();
    const window = openWindow(secrets, [], (store) => ({
      ...changes(store),
      forget: () => Promise.reject(new Error('the keyring is locked')),
    }));
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    keyring.isLocked = true;
    await secrets.window().keep(signIn);
    await pause(20);
    const left = await window.deployments.signOut();
    assert.equal(left?.url.key, url.key, 'it is told that the token may still be stored');
    keyring.isLocked = false;
    await window.deployments.reread();
    assert.equal(window.deployments.state.value.kind, 'signedOut');
  });

  test('signing out while the sign-in is still being kept leaves no token behind', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const window = openWindow(secrets, [], (store) => ({
      keep: async (signIn) => {
        await pause(50);
        await store.keep(signIn);
      },
    }));
    const kept = window.deployments.signIn(signInTo(deployment).url, deployment.token);
    const left = await window.deployments.signOut();
    await kept;
    assert.equal(left, undefined);
    assert.equal(secrets.signIns.size, 0);
    assert.deepEqual(window.deployments.state.value, { kind: 'signedOut' });
  });

  test('a deployment whose token cannot be deleted when another one replaces it is named', async () => {
    const [one, other] = await Promise.all([
      deploymentFor({ age: 'v0', seed: true }),
      deploymentFor({ age: 'v2', seed: true }),
    ]);
    const window = openWindow(new SharedSecrets(), [], () => ({ forget: () => Promise.reject(new Error('no')) }));
    assert.equal(await window.deployments.signIn(signInTo(one).url, one.token), undefined);
    const left = await window.deployments.signIn(signInTo(other).url, other.token);
    assert.equal(left?.url.key, signInTo(one).url.key);
    await ready(window);
  });

  test('addresses that cannot be remembered do not keep anybody from signing in', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const window = openWindow(secrets, [], () => ({ remember: () => Promise.reject(new Error('disk full')) }));
    await window.deployments.signIn(signInTo(deployment).url, deployment.token);
    assert.equal(secrets.signIns.size, 1);
    await ready(window);
  });
});

describe('a token that expires with two windows open', () => {
  test('each window says that it has expired, none that somebody signed out', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await Promise.all([ready(one), ready(other)]);
    await deployment.misbehave('401');
    await one.deployments.current.value?.session.refresh();
    await Promise.all([signedOut(one), signedOut(other)]);
    await pause(50);
    assert.deepEqual([one.endings, other.endings], [['expired'], ['expired']]);
    assert.deepEqual(other.deployments.state.value, one.deployments.state.value, 'both know the server’s reason');
    assert.equal(secrets.signIns.size, 0, 'the token is not stored any more');
    assert.doesNotMatch(JSON.stringify([...secrets.expired]), new RegExp(deployment.token));
  });

  test('a token that expires while the store is being read is not taken up from there again', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url, signIn } = signInTo(deployment);
    const secrets = new SharedSecrets();
    let isHeld = false;
    let isRead = false;
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const window = openWindow(secrets, [], (store) => ({
      read: async (key) => {
        const stored = await store.read(key);
        if (!isHeld) return stored;
        isRead = true;
        await held;
        return stored;
      },
    }));
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    await deployment.misbehave('401');
    isHeld = true;
    await secrets.window().keep(signIn);
    await until('it is being read', () => isRead);
    await window.deployments.current.value?.session.refresh();
    assert.deepEqual(window.endings, ['expired']);
    goOn();
    await until('it is forgotten', () => !secrets.signIns.has(url.key));
    assert.deepEqual(window.endings, ['expired']);
    assert.equal(window.deployments.current.value, undefined);
  });

  test('a token that expires while the keyring is locked is replaced by a note once it is unlocked, and told once', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url } = signInTo(deployment);
    const secrets = new SharedSecrets();
    const { keyring, changes } = lockable();
    const window = openWindow(secrets, [], changes);
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    keyring.isLocked = true;
    await deployment.misbehave('401');
    await window.deployments.current.value?.session.refresh();
    await signedOut(window);
    await pause(20);
    assert.equal(secrets.signIns.get(url.key)?.token, deployment.token, 'it could not be replaced');
    keyring.isLocked = false;
    await secrets.tell(url.key);
    await window.deployments.reread();
    assert.equal(secrets.signIns.get(url.key), undefined);
    assert.equal(window.deployments.state.value.kind, 'signedOut');
    assert.deepEqual(window.endings, ['expired']);
  });

  test('a note about an older token does not sign out whoever has a newer one', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url } = signInTo(deployment);
    const secrets = new SharedSecrets();
    const window = openWindow(secrets);
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    await secrets.window().expire(url.key, { fingerprint: fingerprintOf('AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB') });
    await until('it is stored again', () => secrets.signIns.get(url.key)?.token === deployment.token);
    assert.equal(window.deployments.state.value.kind, 'ready');
    assert.deepEqual(window.endings, []);
  });
});

describe('whom what is shown belongs to', () => {
  const owners = (window: Window): (string | undefined)[] => {
    const seen: (string | undefined)[] = [];
    window.deployments.owner.subscribe((owner) => seen.push(owner));
    return seen;
  };

  test('it outlasts an expiry and a new sign-in of the same user, and ends with a sign-out', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url } = signInTo(deployment);
    const window = openWindow(new SharedSecrets());
    const seen = owners(window);
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    await deployment.misbehave('401');
    await window.deployments.current.value?.session.refresh();
    await signedOut(window);
    await deployment.heal();
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    assert.equal(seen.length, 1);
    await window.deployments.signOut();
    assert.deepEqual(seen.slice(1), [undefined]);
  });

  test('another user of the same deployment is another owner', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const { url } = signInTo(deployment);
    const window = openWindow(new SharedSecrets());
    await window.deployments.signIn(url, deployment.token);
    await ready(window);
    const user = await users.me(new CoderClient({ url, token: deployment.token }).calls, soon());
    const seen = owners(window);
    await window.deployments.signIn(url, deployment.token, { user: { ...user, id: 'dana' as typeof user.id } });
    assert.equal(seen.length, 1);
  });

  test('a sign-out in another window ends it, too', async () => {
    const deployment = await deploymentFor({ age: 'v2', seed: true });
    const secrets = new SharedSecrets();
    const [one, other] = [openWindow(secrets), openWindow(secrets)];
    await one.deployments.signIn(signInTo(deployment).url, deployment.token);
    await ready(other);
    const seen = owners(other);
    await one.deployments.signOut();
    await signedOut(other);
    assert.deepEqual(seen, [undefined]);
  });
});
