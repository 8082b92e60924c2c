import { after } from 'node:test';
import { CoderClient } from '../../src/api/client.ts';
import type { Timeouts } from '../../src/api/timeouts.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import type { Outage } from '../../src/model/state.ts';
import type { AgeName, Deployment, DeploymentOptions } from '../deployment/index.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '../faultProxy.ts';
import { deploymentFor } from './client-fixture.ts';
import {
  passUntil,
  sessionFor,
  SIX_STREAMS,
  until,
  type FixtureOptions,
  type SessionFixture,
} from './session-fixture.ts';

export interface ProxiedSession extends SessionFixture {
  readonly deployment: Deployment;
  readonly proxy: FaultProxy;
}

interface ProxiedSessionOptions extends FixtureOptions {
  readonly fault?: Fault;
  readonly slowMs?: number;
  readonly timeouts?: Partial<Timeouts>;
  readonly deploymentOptions?: Partial<DeploymentOptions>;
}

/** A session that reaches its deployment through a proxy, with short waits, so that a test sees what takes a minute. */
export const through = async (
  age: AgeName,
  { fault, slowMs, timeouts, deploymentOptions, ...options }: ProxiedSessionOptions = {},
): Promise<ProxiedSession> => {
  const deployment = await deploymentFor({ age, seed: true, ...deploymentOptions });
  const proxy = await startFaultProxy(deployment.url);
  proxy.slowMs = slowMs ?? proxy.slowMs;
  await proxy.begin(fault);
  after(() => proxy.close());
  const client = new CoderClient({
    url: proxy.url,
    token: deployment.token,
    timeouts: {
      headersMs: 1_000 as Milliseconds,
      writeHeadersMs: 1_000 as Milliseconds,
      listHeadersMs: 1_500 as Milliseconds,
      probeHeadersMs: 1_000 as Milliseconds,
      idleMs: 2_000 as Milliseconds,
      ...timeouts,
    },
  });
  const fixture = sessionFor(deployment, { client, ...SIX_STREAMS, ...options });
  if (fault === undefined) {
    // Its time-outs are short: on a busy machine a first read may run into one.
    await passUntil(fixture.timing, 'it has its rows', () => fixture.session.state.value.kind === 'ready', 120);
    fixture.log.length = 0;
  }
  return { ...fixture, deployment, proxy };
};

export const outageOf = ({ session }: Pick<SessionFixture, 'session'>): Outage | undefined => {
  const state = session.state.value;
  if (state.kind === 'unreachable') return state;
  return state.kind === 'ready' ? state.stale : undefined;
};

/** Whether all streams that are wanted are open, and no other. */
export const hasItsStreams = ({ session, deployment }: Pick<ProxiedSession, 'session' | 'deployment'>): boolean => {
  const { openStreams, wantedStreams } = session.activity;
  return openStreams >= 5 && openStreams === wantedStreams && deployment.openSockets().total === openStreams;
};

export const untilItHasItsStreams = (proxied: ProxiedSession): Promise<void> =>
  until('all streams are open', () => hasItsStreams(proxied));
