import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Deployments } from '../../src/model/deployments.ts';
import { once } from '../../src/model/once.ts';
import { OpenDeployment } from '../../src/model/openDeployment.ts';

describe('What is done once', () => {
  test('is one work for all who ask, also at the same time', async () => {
    let calls = 0;
    const load = once(() => Promise.resolve((calls += 1)));

    assert.deepEqual(await Promise.all([load(), load()]), [1, 1]);
    assert.equal(await load(), 1);
  });

  test('is tried again after it has failed', async () => {
    let calls = 0;
    const load = once(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('no file')) : Promise.resolve(calls);
    });

    await assert.rejects(load(), /no file/);
    assert.equal(await load(), 2);
  });

  test('is, for one, the loading of the session’s code', async () => {
    let loads = 0;
    const open = new OpenDeployment(
      {
        loadSession: () => {
          loads += 1;
          return Promise.resolve(() => assert.fail('nobody signs in'));
        },
        signal: new AbortController().signal,
      },
      () => undefined,
    );

    await Promise.all([open.load(), open.load()]);
    await open.load();
    assert.equal(loads, 1);
  });

  test('is not done where nobody is signed in', async () => {
    const end = new AbortController();
    const nothing = () => Promise.resolve();
    const deployments = new Deployments({
      loadSession: () => assert.fail('the session’s code was loaded'),
      signal: end.signal,
      store: {
        known: () => [],
        remember: nothing,
        read: () => Promise.resolve({ kind: 'absent' }),
        keep: nothing,
        expire: nothing,
        forget: nothing,
        onDidChange: () => ({ dispose: () => undefined }),
      },
    });
    await deployments.restore({ url: undefined, token: undefined });
    assert.equal(deployments.state.value.kind, 'signedOut');
    end.abort();
  });
});
