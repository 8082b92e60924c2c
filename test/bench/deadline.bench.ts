// An hour of countdown and warnings: how often something wakes, what is drawn, and the processor's time. The hour passes
// by a clock that is advanced by hand. Where there is nothing to show, nothing may wake at all.
import type { EpochMs, Milliseconds } from '../../src/api/units.ts';
import { listed, LOADING, type State } from '../../src/model/state.ts';
import type { Timing } from '../../src/model/timing.ts';
import { DeadlineItem } from '../../src/views/deadlineItem.ts';
import { DeadlineWarnings } from '../../src/views/deadlineWarnings.ts';
import { ManualTiming } from '../manualTiming.ts';
import { MEMBER, NOW, PLACE, stopping, workspace } from '../unit/model-fixture.ts';
import { report } from './measure.ts';

/** Counts what wakes. */
class CountingTiming extends ManualTiming implements Timing {
  fired = 0;

  override async sleep(length: Milliseconds, signal: AbortSignal): Promise<void> {
    await super.sleep(length, signal);
    this.fired += 1;
  }
}

interface Scene {
  readonly what: string;
  readonly state: State;
  readonly show?: 'always' | 'withinHour' | 'never';
  readonly leadsMinutes?: readonly number[];
  readonly allowed: readonly [timers: string, draws: string];
}

const hour = async ({ what, state, show = 'always', leadsMinutes = [30, 5], allowed }: Scene): Promise<void> => {
  const timing = new CountingTiming();
  const startMs = timing.now();
  const now = (): EpochMs => (NOW + timing.now() - startMs) as EpochMs;
  let draws = 0;
  let warned = 0;
  const logError = (error: unknown): void => {
    throw error;
  };
  const item = new DeadlineItem({
    timing,
    source: () => ({ state, now: now(), preference: {} }),
    show: () => show,
    displayLocale: () => PLACE,
    draw: () => (draws += 1),
    logError,
  });
  const claims = new Set<string>();
  const warnings = new DeadlineWarnings({
    timing,
    claims: {
      has: (key) => Promise.resolve(claims.has(key)),
      take: (key) => {
        claims.add(key);
        return Promise.resolve(true);
      },
    },
    standing: () => ({ isFocused: true, isConnected: false }),
    source: () => ({
      workspaces: state.kind === 'ready' ? [...state.workspaces.values()] : [],
      now: now(),
      leadsMinutes,
      reread: (subject) => Promise.resolve(subject),
    }),
    displayLocale: () => PLACE,
    warn: () => {
      warned += 1;
      return Promise.resolve();
    },
    run: () => undefined,
    showSoon: () => undefined,
    logError,
  });
  const before = process.cpuUsage();
  item.redraw();
  warnings.check();
  for (let second = 0; second < 3600; second += 10) await timing.advance(10_000);
  const { user, system } = process.cpuUsage(before);
  console.log(what);
  report('  timers that fired', String(timing.fired), allowed[0]);
  report('  drawn in the status bar', String(draws), allowed[1]);
  report('  warnings', String(warned));
  report('  processor, the clock of this measurement included', `${((user + system) / 1000).toFixed(0)} ms`);
  item.dispose();
  warnings.dispose();
};

const ready = (...workspaces: Parameters<typeof listed>[1]['workspaces'][number][]): State =>
  listed(LOADING, { user: MEMBER, workspaces, skippedRows: 0, readAt: NOW });

const many = Array.from({ length: 200 }, (_, index) =>
  stopping(60 + index, { workspace: { id: `w-${index}`, name: `w${index}` } }),
);

await hour({ what: 'the last hour of a workspace', state: ready(stopping(60)), allowed: ['75', '75'] });
await hour({ what: 'an hour of one that stops in ten', state: ready(stopping(600)), allowed: ['62', '62'] });
await hour({ what: 'an hour of 200 that run', state: ready(...many), allowed: ['500', '75'] });
await hour({ what: 'nothing runs', state: ready(workspace('stopped')), allowed: ['0', '1'] });
await hour({ what: 'what runs stops by hand', state: ready(workspace('running')), allowed: ['0', '1'] });
await hour({
  what: 'neither countdown nor warnings wanted',
  state: ready(stopping(60)),
  show: 'never',
  leadsMinutes: [],
  allowed: ['0', '1'],
});
process.exit(0);
