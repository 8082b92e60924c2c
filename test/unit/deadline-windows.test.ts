import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { EpochMs } from '../../src/api/units.ts';
import type { Claims } from '../../src/model/claims.ts';
import type { Button } from '../../src/model/prompt.ts';
import { AutostopNotices } from '../../src/views/autostopNotices.ts';
import { listed, LOADING } from '../../src/model/state.ts';
import { DeadlineWarnings } from '../../src/views/deadlineWarnings.ts';
import { ManualTiming } from '../manualTiming.ts';
import { propertyRuns } from '../propertyRuns.ts';
import { MEMBER, NOW, PLACE, stopping, workspace } from './model-fixture.ts';

const MINUTE = 60_000;

/** Claims as all windows share them. */
class SharedClaims implements Claims {
  readonly keys = new Set<string>();
  has(key: string): Promise<boolean> {
    return Promise.resolve(this.keys.has(key));
  }
  take(key: string): Promise<boolean> {
    if (this.keys.has(key)) return Promise.resolve(false);
    this.keys.add(key);
    return Promise.resolve(true);
  }
}

interface Shown {
  readonly window: Window;
  readonly message: string;
  readonly buttons: readonly Button[];
}

/** What all windows see, and what each of them shows. */
class Desk {
  readonly timing = new ManualTiming();
  readonly claims = new SharedClaims();
  readonly shown: Shown[] = [];
  readonly windows: Window[] = [];
  workspace = stopping(100);
  /** What the server would answer, if it is something else. */
  fresh: Workspace | undefined;
  leads: readonly number[] = [30, 5];
  readonly #startMs = this.timing.now();

  get now(): EpochMs {
    return (NOW + this.timing.now() - this.#startMs) as EpochMs;
  }

  open(options: Partial<Pick<Window, 'isFocused' | 'isConnected'>> = {}): Window {
    const window = new Window(this, options);
    this.windows.push(window);
    return window;
  }

  async pass(ms: number): Promise<void> {
    await this.timing.advance(ms);
    for (let turn = 0; turn < 8; turn += 1) await nextTurn();
  }

  /** Ever further, so that what is set off by one timer has the others' time to happen. */
  async passMinutes(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 1) {
      for (const window of this.windows) window.warnings.check();
      for (let second = 0; second < 60; second += 10) await this.pass(10_000);
    }
  }
}

class Window {
  isFocused: boolean;
  readonly isConnected: boolean;
  readonly warnings: DeadlineWarnings;

  constructor(desk: Desk, { isFocused = false, isConnected = false }: { isFocused?: boolean; isConnected?: boolean }) {
    this.isFocused = isFocused;
    this.isConnected = isConnected;
    this.warnings = new DeadlineWarnings({
      timing: desk.timing,
      claims: desk.claims,
      standing: () => this,
      source: () => ({
        workspaces: [desk.workspace],
        now: desk.now,
        leadsMinutes: desk.leads,
        reread: () => Promise.resolve(desk.fresh ?? desk.workspace),
      }),
      displayLocale: () => PLACE,
      warn: (message, buttons) => {
        desk.shown.push({ window: this, message, buttons });
        return Promise.resolve();
      },
      run: () => undefined,
      showSoon: () => undefined,
      logError: (error) => {
        throw error;
      },
    });
    this.warnings.check();
  }
}

test('gitpod PR#51: of several windows the focused one warns, at once, and no other', async () => {
  const desk = new Desk();
  desk.workspace = stopping(31);
  desk.open();
  const focused = desk.open({ isFocused: true });
  desk.open();
  await desk.pass(60_000);
  assert.deepEqual(
    desk.shown.map(({ window }) => window === focused),
    [true],
  );
  await desk.pass(25 * MINUTE);
  assert.deepEqual(
    desk.shown.map(({ window }) => window === focused),
    [true, true],
  );
  await desk.pass(10 * MINUTE);
  assert.equal(desk.shown.length, 2);
});

test('gitpod PR#51: where nobody is, the window that is open in the workspace warns', async () => {
  const desk = new Desk();
  desk.workspace = stopping(31);
  desk.open();
  const connected = desk.open({ isConnected: true });
  await desk.pass(70_000);
  assert.deepEqual(
    desk.shown.map(({ window }) => window === connected),
    [true],
  );
});

test('where no window is focused one of them warns, after three seconds', async () => {
  const desk = new Desk();
  desk.workspace = stopping(31);
  for (let count = 0; count < 10; count += 1) desk.open();
  await desk.pass(62_000);
  assert.equal(desk.shown.length, 0);
  await desk.pass(3_000);
  assert.equal(desk.shown.length, 1);
});

test('a window that is loaded again does not warn of what was warned of', async () => {
  const desk = new Desk();
  desk.workspace = stopping(20);
  desk.open({ isFocused: true });
  await desk.pass(20_000);
  desk.open({ isFocused: true });
  await desk.pass(20_000);
  assert.equal(desk.shown.length, 1);
});

test('“Not for this one” is for this deadline, in all windows and after a reload; a new one warns again', async () => {
  const desk = new Desk();
  desk.workspace = stopping(31);
  desk.open({ isFocused: true });
  desk.open();
  await desk.pass(61_000);
  await desk.shown[0]?.buttons.find(({ label }) => label === 'Not for This One')?.run();
  desk.open({ isConnected: true });
  await desk.pass(27 * MINUTE);
  assert.equal(desk.shown.length, 1);
  desk.workspace = stopping(61);
  desk.windows[0]?.warnings.check();
  await desk.pass(4 * MINUTE);
  assert.equal(desk.shown.length, 2);
});

test('coder#11652: a deadline that activity moves just before is not warned of', async () => {
  const desk = new Desk();
  desk.workspace = stopping(31);
  desk.open({ isFocused: true });
  desk.fresh = stopping(91);
  await desk.pass(65_000);
  assert.equal(desk.shown.length, 0);
});

test('vscode-coder PR#189: ten minutes before the stop at activation, and bumped five seconds later: nothing', async () => {
  const desk = new Desk();
  desk.workspace = stopping(10);
  const window = desk.open({ isFocused: true });
  await desk.pass(5_000);
  desk.workspace = stopping(70);
  window.warnings.check();
  await desk.pass(30_000);
  assert.equal(desk.shown.length, 0);
});

test('for any windows, focus, moves and reloads: one warning for a lead and a deadline, and none is missed', async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 12 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('focus' as const), index: fc.nat(9) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('move' as const), minutes: fc.integer({ min: 35, max: 90 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('open' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('sleep' as const), minutes: fc.integer({ min: 1, max: 40 }) }),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 14 }), async (count, steps) => {
      const desk = new Desk();
      for (let index = 0; index < count; index += 1) desk.open({ isFocused: index === 0 });
      await desk.pass(20_000);
      const leftOf = () => ((desk.workspace.latest_build.deadline ?? 0) - desk.now) / MINUTE;
      /** Leads that passed while somebody was awake, by deadline: each is owed one warning. */
      const owed = new Set<string>();
      const owe = (before: number): void => {
        const left = leftOf();
        for (const lead of desk.leads)
          if (before > lead && left <= lead && left > 0) owed.add(`${desk.workspace.latest_build.deadline} ${lead}`);
      };
      for (const each of steps) {
        const before = leftOf();
        if (each.kind === 'pass') {
          await desk.passMinutes(each.minutes);
          owe(before);
        } else if (each.kind === 'focus') {
          desk.windows.forEach((window, index) => (window.isFocused = index === each.index));
        } else if (each.kind === 'move') {
          desk.workspace = stopping((desk.now - NOW) / MINUTE + each.minutes);
        } else if (each.kind === 'open') desk.open();
        else desk.timing.sleepMachine(each.minutes * MINUTE);
        for (const window of desk.windows) window.warnings.check();
        await desk.pass(19_000);
      }
      const warned = desk.shown.map(({ message }) => message);
      const given = [...desk.claims.keys].filter((key) => !key.endsWith(' 0'));
      assert.equal(warned.length, given.length, 'each claim is one warning, and each warning has a claim');
      for (const message of warned) assert.doesNotMatch(message, / -|NaN|undefined|ago/);
      for (const key of owed) {
        assert.ok(
          given.some((each) => each.endsWith(` ${key}`)),
          `nobody warned of ${key}, but of ${given.join(', ')}`,
        );
      }
    }),
    propertyRuns(60),
  );
});

test('coder#3064: a stop by autostop is told once in all windows, with Start, and nothing is started by itself', async () => {
  const timing = new ManualTiming();
  const claims = new SharedClaims();
  const told: string[] = [];
  let started = 0;
  const notices = [false, true, false].map(
    (isFocused, index) =>
      new AutostopNotices({
        timing,
        claims,
        standing: () => ({ isFocused, isConnected: false }),
        remembered: { tellsAutostop: () => true, neverTellAutostop: () => Promise.resolve() },
        inform: (message, buttons) => {
          told.push(`${index}: ${message} [${buttons.map(({ label }) => label).join(', ')}]`);
          return Promise.resolve();
        },
        start: () => (started += 1),
        logError: (error) => {
          throw error;
        },
      }),
  );
  const ready = (subject: Workspace) =>
    listed(LOADING, { user: MEMBER, workspaces: [subject], skippedRows: 0, readAt: NOW });
  const stopped = workspace('stopped', { build: { id: 'b-2', build_number: 2, reason: 'autostop' } });
  for (const notice of notices) notice.changed(ready(stopped), ready(workspace('running')));
  await timing.advance(10_000);
  assert.deepEqual(told, ["1: api-server was stopped by autostop. [Start, Don't Show Again]"]);
  assert.equal(started, 0);
});
