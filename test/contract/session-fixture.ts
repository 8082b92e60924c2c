import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { EpochMs, Milliseconds, WorkspaceId } from '../../src/api/units.ts';
import { Session, type SessionOptions } from '../../src/model/session.ts';
import type { Ready, State } from '../../src/model/state.ts';
import type { Timing } from '../../src/model/timing.ts';
import type { Deployment } from '../deployment/index.ts';
import { clientOf } from './client-fixture.ts';

interface Sleeper {
  dueAt: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so; sockets are real meanwhile. */
export class ManualTiming implements Timing {
  #now = Date.now();
  readonly #sleepers = new Set<Sleeper>();

  now(): EpochMs {
    return this.#now as EpochMs;
  }

  random(): number {
    return 0.5;
  }

  sleep(length: Milliseconds, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { dueAt: this.#now + length, wake: resolve };
      const stop = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener('abort', stop, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets `length` pass, waking whoever is due in turn, and what they set off run as far as it gets without waiting. */
  async advance(length: number): Promise<void> {
    const end = this.#now + length;
    for (;;) {
      const next = [...this.#sleepers].sort((one, other) => one.dueAt - other.dueAt)[0];
      if (next === undefined || next.dueAt > end) break;
      this.#now = Math.max(this.#now, next.dueAt);
      this.#sleepers.delete(next);
      next.wake();
      await nextTurn();
    }
    this.#now = end;
    await nextTurn();
  }

  /** The machine sleeps: its clock goes on, its timers do not. */
  sleepMachine(length: number): void {
    this.#now += length;
    for (const sleeper of this.#sleepers) sleeper.dueAt += length;
  }
}

export interface Stage {
  readonly session: Session;
  readonly timing: ManualTiming;
  readonly end: AbortController;
  readonly log: string[];
  readonly states: State[];
}

/** A session at work on `deployment`, looked at, gone after the test. */
export const sessionFor = (deployment: Deployment, options: Partial<SessionOptions> = {}): Stage => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const log: string[] = [];
  const session = new Session({
    client: clientOf(deployment),
    signal: end.signal,
    timing,
    log: (line) => log.push(line),
    ...options,
  });
  const states: State[] = [];
  session.state.subscribe((state) => states.push(state));
  session.setVisible(true);
  after(() => end.abort());
  return { session, timing, end, log, states };
};

/** Waits until `isSo`, in real time; `what` names what was waited for. */
export const until = async (what: string, isSo: () => boolean): Promise<void> => {
  for (let waited = 0; waited < 15_000; waited += 10) {
    if (isSo()) return;
    await pause(10);
  }
  assert.fail(`waited in vain until ${what}`);
};

/** Waits until no new state has come for a moment: first snapshots are in, agents have called. */
export const untilQuiet = async (states: readonly State[]): Promise<void> => {
  for (let round = 0; round < 50; round += 1) {
    const count = states.length;
    await pause(300);
    if (states.length === count) return;
  }
  assert.fail('the state never came to rest');
};

export const readyState = async (session: Session): Promise<Ready> => {
  await until('the session is ready', () => session.state.value.kind === 'ready');
  const state = session.state.value;
  assert.ok(state.kind === 'ready');
  return state;
};

export const statusOf = (session: Session, name: string): string | undefined => {
  const state = session.state.value;
  if (state.kind !== 'ready') return undefined;
  return [...state.workspaces.values()].find((workspace) => workspace.name === name)?.latest_build.status;
};

export const idOf = (session: Session, name: string): WorkspaceId => {
  const state = session.state.value;
  assert.ok(state.kind === 'ready');
  const found = [...state.workspaces.values()].find((workspace) => workspace.name === name);
  assert.ok(found !== undefined, `there is no ${name}`);
  return found.id;
};

/** Requests whose path matches, since the `from`th. */
export const asked = (deployment: Deployment, path: RegExp, from = 0): number =>
  deployment.requests.slice(from).filter((request) => path.test(request.path)).length;

export const LIST = /\/workspaces\?/;
export const WATCH = /\/watch/;
export const ME = /\/users\/me$/;
