import assert from 'node:assert/strict';
import * as http from 'node:http';
import * as net from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { CoderClient } from '../../src/api/client.ts';
import type { DeploymentStore, KnownDeployment, Stored } from '../../src/model/deploymentStore.ts';
import { Deployments } from '../../src/model/deployments.ts';
import type { Ending } from '../../src/model/endingSentence.ts';
import { Session } from '../../src/model/session.ts';
import { ManualTiming } from '../manualTiming.ts';
import { propertyRuns } from '../propertyRuns.ts';

/** Whatever waits is let go one at a time, in an order that the property chooses. */
class Waits {
  readonly #waiting: (() => void)[] = [];
  readonly #choose: () => number;

  constructor(choose: () => number) {
    this.#choose = choose;
  }

  pass(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** One of those that wait goes on; whether there was one. */
  async step(): Promise<boolean> {
    for (let turn = 0; turn < 6; turn += 1) await nextTurn();
    if (this.#waiting.length === 0) return false;
    const [chosen] = this.#waiting.splice(this.#choose() % this.#waiting.length, 1);
    chosen?.();
    return true;
  }

  async all(): Promise<void> {
    while (await this.step());
  }
}

/** One storage for two windows: each call and each event takes as long as `waits` likes; reading may fail. */
class SlowStore {
  readonly stored = new Map<string, Stored>();
  readonly #listeners = new Set<(key: string) => void>();
  readonly #waits: Waits;
  readonly #fails: () => boolean;

  constructor(waits: Waits, fails: () => boolean) {
    this.#waits = waits;
    this.#fails = fails;
  }

  window(): DeploymentStore {
    let known: readonly KnownDeployment[] = [];
    return {
      known: () => known,
      remember: (next) => {
        known = next;
        return this.#waits.pass();
      },
      read: async (key) => {
        await this.#waits.pass();
        const stored = this.#read(key);
        await this.#waits.pass();
        return stored;
      },
      keep: (signIn) => this.#write(signIn.key, { kind: 'signedIn', signIn }),
      expire: async (key, note) => {
        if (this.#fails()) throw new Error('the keyring is locked');
        await this.#write(key, { kind: 'expired', note });
      },
      forget: (key) => this.#write(key, { kind: 'absent' }),
      onDidChange: (listener) => {
        this.#listeners.add(listener);
        return { dispose: () => this.#listeners.delete(listener) };
      },
    };
  }

  #read(key: string): Stored {
    if (this.#fails()) return { kind: 'unreadable', error: new Error('the keyring is locked') };
    return this.stored.get(key) ?? { kind: 'absent' };
  }

  async #write(key: string, stored: Stored): Promise<void> {
    await this.#waits.pass();
    this.stored.set(key, stored);
    for (const listener of this.#listeners) void this.#waits.pass().then(() => listener(key));
    await this.#waits.pass();
  }
}

const opened = (status: number, value: unknown) => {
  const body = new http.IncomingMessage(new net.Socket());
  body.complete = true;
  body.push(JSON.stringify(value));
  body.push(null);
  return { status, headers: { 'content-type': 'application/json' }, body, sentAt: 0, receivedAt: 0 };
};

const USER = { id: '00000000-0000-4000-8000-000000000001', username: 'dana', roles: [], organization_ids: [] };
const URLS = ['https://one.example.com', 'https://two.example.com'].map((url) => parseDeploymentUrl(url));

type Act =
  | { readonly kind: 'signIn'; readonly window: 0 | 1; readonly deployment: number; readonly token: number }
  | { readonly kind: 'signOut' | 'read' | 'reread'; readonly window: 0 | 1 }
  | { readonly kind: 'revoke'; readonly token: number };

const anyWindow = fc.constantFrom<0 | 1>(0, 1);
const anyToken = fc.nat({ max: 2 });
const acts = (deployments: number): fc.Arbitrary<{ readonly act: Act; readonly steps: number }[]> =>
  fc.array(
    fc.record({
      act: fc.oneof<fc.Arbitrary<Act>[]>(
        fc.record({
          kind: fc.constant('signIn'),
          window: anyWindow,
          deployment: fc.nat({ max: deployments - 1 }),
          token: anyToken,
        }),
        fc.record({ kind: fc.constantFrom('signOut', 'read', 'reread'), window: anyWindow }),
        fc.record({ kind: fc.constant('revoke'), token: anyToken }),
      ),
      /** How many waits end before the next act. */
      steps: fc.nat({ max: 12 }),
    }),
    { maxLength: 8 },
  );

/** Two windows do `script` on one store, wait for each other in the order of `choices`, and come to rest. */
const play = async (script: readonly { act: Act; steps: number }[], choices: readonly number[], faults: boolean[]) => {
  let choice = 0;
  let fault = 0;
  let isHealthy = false;
  const waits = new Waits(() => choices[choice++ % choices.length] ?? 0);
  const store = new SlowStore(waits, () => !isHealthy && (faults[fault++ % faults.length] ?? false));
  const revoked = new Set<string>();
  const signedOut: (0 | 1)[] = [];
  const end = new AbortController();
  const tokens = new WeakMap<object, string>();
  const windows = [0, 1].map(() => {
    const endings: Ending[] = [];
    const deployments = new Deployments({
      store: store.window(),
      loadSession: () =>
        Promise.resolve((url, token, options) => {
          const client = new CoderClient({ url, token });
          tokens.set(client.calls, token);
          client.calls.transport.open = ({ path }) => {
            // Its version a deployment tells everybody (contract 1.8).
            if (revoked.has(token) && path !== '/buildinfo')
              return Promise.resolve(opened(401, { message: 'You are signed out.' }));
            return Promise.resolve(opened(200, path === '/users/me' ? USER : { workspaces: [], count: 0 }));
          };
          return new Session({ client, ...options });
        }),
      signal: end.signal,
      timing: new ManualTiming(),
    });
    deployments.ended.subscribe((ended) => ended && endings.push(ended.ending));
    return { deployments, endings };
  });
  const windowOf = (act: { readonly window: 0 | 1 }) => windows[act.window] ?? assert.fail();
  const perform = (act: Act) => {
    switch (act.kind) {
      case 'signIn':
        // The command has checked the token.
        if (revoked.has(`token-${act.token}`)) return;
        signedOut.push(act.window);
        void windowOf(act).deployments.signIn(URLS[act.deployment] ?? assert.fail(), `token-${act.token}`);
        break;
      case 'signOut':
        signedOut.push(act.window);
        void windowOf(act).deployments.signOut();
        break;
      case 'read':
        void windowOf(act).deployments.current.value?.session.refresh();
        break;
      case 'reread':
        void windowOf(act).deployments.reread();
        break;
      case 'revoke':
        revoked.add(`token-${act.token}`);
    }
  };
  for (const { deployments } of windows) void deployments.restore({});
  for (const { act, steps } of script) {
    perform(act);
    for (let step = 0; step < steps; step += 1) await waits.step();
  }
  await waits.all();
  // The keyring is unlocked, somebody comes back to each window, and the server is asked once more.
  isHealthy = true;
  for (let round = 0; round < 2; round += 1) {
    for (const { deployments } of windows) {
      void deployments.reread();
      void deployments.current.value?.session.refresh();
    }
    await waits.all();
  }
  const shown = windows.map(({ deployments }) => {
    const current = deployments.current.value;
    return current && { key: current.deployment.url.key, token: tokens.get(current.session.calls) };
  });
  end.abort();
  return { shown, endings: windows.map(({ endings }) => endings), stored: store.stored, revoked, signedOut };
};

const choices = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 60 });
const faults = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
const RUNS = propertyRuns(60);

describe('two windows on one store, with delays and failures in any order', () => {
  test('in the end both show what is stored: the same token, or nobody', async () => {
    await fc.assert(
      fc.asyncProperty(acts(1), choices, faults, async (script, order, broken) => {
        const { shown, stored, revoked } = await play(script, order, broken);
        const kept = stored.get(URLS[0]?.key ?? '');
        const token = kept?.kind === 'signedIn' && !revoked.has(kept.signIn.token) ? kept.signIn.token : undefined;
        assert.deepEqual(
          shown.map((each) => each?.token),
          [token, token],
        );
      }),
      RUNS,
    );
  });

  test('whichever deployment a window shows is stored with the token that it uses', async () => {
    await fc.assert(
      fc.asyncProperty(acts(2), choices, faults, async (script, order, broken) => {
        const { shown, stored } = await play(script, order, broken);
        for (const each of shown) {
          const kept = each && stored.get(each.key);
          if (each !== undefined) assert.equal(kept?.kind === 'signedIn' ? kept.signIn.token : kept?.kind, each.token);
        }
      }),
      RUNS,
    );
  });

  test('nothing is told that is not so', async () => {
    await fc.assert(
      fc.asyncProperty(acts(1), choices, faults, async (script, order, broken) => {
        const { endings, revoked, signedOut } = await play(script, order, broken);
        endings.forEach((told, window) => {
          const signOuts = script.filter(({ act }) => act.kind === 'signOut' && act.window !== window).length;
          assert.ok(
            told.filter((each) => each === 'elsewhere').length <= signOuts,
            `signed out elsewhere: ${told.join()}`,
          );
          const expiries = told.filter((each) => each === 'expired' || each === 'refused').length;
          assert.ok(expiries <= revoked.size * Math.max(1, signedOut.length), `expired: ${told.join()}`);
          if (revoked.size === 0) assert.equal(expiries, 0);
        });
      }),
      RUNS,
    );
  });
});
