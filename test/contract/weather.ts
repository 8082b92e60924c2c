/** All that can go wrong between a session and its deployment, each with its begin and its end. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Session } from '../../src/model/session.ts';
import type { Deployment } from '../deployment/index.ts';
import type { Fault, FaultProxy } from '../faultProxy.ts';
import type { ManualTiming } from '../manualTiming.ts';

interface Place {
  readonly timing: ManualTiming;
  readonly deployment: Deployment;
  readonly proxy: FaultProxy;
  readonly session: Session;
}

export interface Weather {
  readonly name: string;
  readonly begin: (place: Place) => Promise<void> | void;
  readonly end?: (place: Place) => Promise<void> | void;
  /** Real time within which it is known as an outage, or in which streams are given up; 0: that is not waited for. */
  readonly takesMs: number;
  readonly isOutage: boolean;
}

const HOUR_MS = 3_600_000;
/** A request that failed in passing is repeated twice, and a time-out lasts, before anybody hears of it. */
const OUTAGE_MS = 2_500;

const betweenThem = (fault: Fault, takesMs = 0, how: Partial<FaultProxy> = {}): Weather => ({
  name: fault,
  begin: ({ proxy }) => {
    Object.assign(proxy, how);
    return proxy.begin(fault);
  },
  end: ({ proxy }) => proxy.begin(undefined),
  takesMs,
  isOutage: takesMs === OUTAGE_MS,
});

const once = (name: string, begin: Weather['begin'], end?: Weather['end'], takesMs = 0): Weather => ({
  name,
  begin,
  ...(end && { end }),
  takesMs,
  isOutage: takesMs === OUTAGE_MS,
});

/** Somebody sets this machine's clock; the deployment's stays. */
const setClock = (byMs: number) =>
  once(`the clock is set by ${byMs / HOUR_MS} h`, ({ timing, deployment }) => {
    timing.setClock(byMs);
    deployment.advance(-byMs);
  });

/** After a night all that was open is dead, and nobody was told. */
const sleep = (how: 'sleepMachine' | 'stall') =>
  once(
    `a night's sleep (${how})`,
    async ({ timing, deployment, proxy }) => {
      await proxy.begin('silent-streams');
      timing[how](9 * HOUR_MS);
      deployment.advance(0);
    },
    ({ proxy }) => proxy.begin(undefined),
  );

const skew = (hours: number) =>
  once(
    `the server's clock is off by ${hours} h`,
    ({ proxy }) => void (proxy.skewMs = hours * HOUR_MS),
    ({ proxy }) => void (proxy.skewMs = 0),
  );

export const weather: readonly Weather[] = [
  betweenThem('502', OUTAGE_MS),
  betweenThem('503', OUTAGE_MS),
  betweenThem('html', OUTAGE_MS),
  betweenThem('redirect', OUTAGE_MS),
  betweenThem('gateway-401', OUTAGE_MS),
  betweenThem('gateway-403', OUTAGE_MS),
  betweenThem('gateway-407', OUTAGE_MS),
  betweenThem('429', OUTAGE_MS),
  betweenThem('429-5s', OUTAGE_MS),
  betweenThem('reset', OUTAGE_MS),
  betweenThem('down', OUTAGE_MS),
  betweenThem('half-open', OUTAGE_MS),
  betweenThem('truncated', OUTAGE_MS),
  betweenThem('slow', OUTAGE_MS, { slowMs: 1_000 }),
  // What a list alone is given time for.
  betweenThem('slow-list', 0, { slowMs: 450 }),
  betweenThem('silent-streams', 4_000),
  betweenThem('held-back', 500),
  betweenThem('buffered', 500),
  betweenThem('bulk', 500, { bulkMs: 250 }),
  once('streams end', ({ proxy }) => proxy.endStreams()),
  once(
    'the server restarts behind its proxy',
    ({ deployment }) => deployment.stop(),
    ({ deployment }) => deployment.start(),
    OUTAGE_MS,
  ),
  // Coder's own 401, for one thing and not for the person.
  once(
    'one route answers 401',
    ({ deployment }) => deployment.misbehave('401', { path: /\/workspaces/ }),
    ({ deployment }) => deployment.heal('401'),
  ),
  once(
    'another network',
    ({ proxy }) => proxy.begin('down'),
    async ({ proxy, timing }) => {
      await proxy.begin(undefined);
      proxy.roundTripMs = 1 - proxy.roundTripMs;
      await timing.advance(5_000);
      await pause(20);
    },
    OUTAGE_MS,
  ),
  skew(2),
  skew(-2),
  setClock(9 * HOUR_MS),
  setClock(-9 * HOUR_MS),
  sleep('sleepMachine'),
  sleep('stall'),
];
