// A day in the life of a session, with all that can go wrong in random order: `npm run soak`; each fault once with every
// `npm test`. Time passes by hand, over real sockets.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CoderClient } from '../../src/api/client.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { Session } from '../../src/model/session.ts';
import type { Outage } from '../../src/model/state.ts';
import type { Deployment } from '../deployment/index.ts';
import { startFaultProxy, type FaultProxy } from '../faultProxy.ts';
import { ManualTiming } from '../manualTiming.ts';
import { ages, clientOf, createWorkspace, deploymentFor, soon } from './client-fixture.ts';
import { heapUsed, holdings, type Holdings } from './holdings.ts';
import { outageOf } from './proxied-session.ts';
import { activityOf, SIX_STREAMS, until } from './session-fixture.ts';
import { weather, type Weather } from './weather.ts';

const SEED = Number(process.env.SOAK_SEED ?? 1);
/** 0: each fault once. */
const HOURS = Number(process.env.SOAK_HOURS ?? 0);
const STEP_S = 30;
/** How long a fault lasts, and how long nothing happens after it, at most. */
const MOST_STEPS = HOURS > 0 ? 8 : 1;

/** The same numbers for the same seed (mulberry32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const shuffled = <T>(all: readonly T[], random: () => number): T[] =>
  all
    .map((each) => ({ each, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ each }) => each);

interface Run {
  readonly session: Session;
  readonly timing: ManualTiming;
  readonly end: AbortController;
  readonly log: string[];
  /** Each time that the deployment was away: what it was known as at first. */
  readonly episodes: string[];
}

const openSession = (proxy: FaultProxy, token: string, timing: ManualTiming): Run => {
  const end = new AbortController();
  const log: string[] = [];
  const client = new CoderClient({
    url: proxy.url,
    token,
    timeouts: {
      headersMs: 300 as Milliseconds,
      listHeadersMs: 600 as Milliseconds,
      probeHeadersMs: 300 as Milliseconds,
      firstBytesMs: 600 as Milliseconds,
      nextBytesMs: 600 as Milliseconds,
      idleMs: 1_500 as Milliseconds,
    },
  });
  const addresses = (): string => String(proxy.roundTripMs);
  const session = new Session({
    client,
    signal: end.signal,
    timing,
    addresses,
    log: (line) => log.push(line),
  });
  const episodes: string[] = [];
  let before: Outage | undefined;
  session.state.subscribe(() => {
    const outage = outageOf({ session });
    if (outage !== undefined && before === undefined) episodes.push(outage.error.kind);
    if (outage !== undefined && outage !== before) {
      const most = outage.error.kind === 'rateLimited' ? 31_000 : 30_000;
      const wait = outage.retryAt - timing.now();
      assert.ok(wait >= 0 && wait <= most, `${wait} ms until the next try after ${outage.error.kind}`);
    }
    before = outage;
  });
  session.attend({ isVisible: true, ...SIX_STREAMS });
  return { session, timing, end, log, episodes };
};

/** What both sides are to agree about. */
const facts = (rows: Iterable<Workspace>): string[] =>
  [...rows]
    .map(
      ({ name, latest_build: { build_number: number, status, job } }) => `${name} #${number} ${status} ${job.status}`,
    )
    .sort();

const atServer = async (deployment: Deployment): Promise<string[]> => {
  const { workspaces: rows } = await workspaces.list(
    clientOf(deployment).calls,
    { q: 'owner:me', limit: 100, offset: 0 },
    soon(),
  );
  return facts(rows);
};

/** Lets seconds pass until the session knows what the server does and its streams are open. */
const settle = async ({ session, timing, log }: Run, deployment: Deployment, what: string): Promise<void> => {
  let [here, there]: string[][] = [[], []];
  for (let seconds = 0; seconds < 600; seconds += 1) {
    const state = session.state.value;
    const { openStreams, wantedStreams } = session.activity;
    if (
      state.kind === 'ready' &&
      state.stale === undefined &&
      openStreams === wantedStreams &&
      openStreams > 0 &&
      deployment.openSockets().total === openStreams
    ) {
      [here, there] = [facts(state.workspaces.values()), await atServer(deployment)];
      if (here.join() === there.join()) return;
    }
    await timing.advance(1_000);
    await pause(20);
  }
  assert.deepEqual(here, there, `${what}\n${log.slice(-20).join('\n')}`);
  assert.fail(`${what}: ${JSON.stringify(session.activity)}\n${log.slice(-20).join('\n')}`);
};

/** Somebody elsewhere does something. Refusals are normal: it may be under way already. */
const act = async (deployment: Deployment, random: () => number, count: number): Promise<void> => {
  const client = clientOf(deployment);
  const own = [...deployment.store.workspaces.values()].filter(
    ({ deleted, ownerId }) => !deleted && ownerId === deployment.users.owner.id,
  );
  const chosen = own[Math.floor(random() * own.length)];
  if (chosen === undefined) return;
  const choice = random();
  const transition = choice < 0.45 ? 'start' : choice < 0.9 || own.length < 8 ? 'stop' : 'delete';
  const done =
    choice < 0.95
      ? workspaces.createBuild(client.calls, chosen.id as Workspace['id'], { transition }, soon())
      : createWorkspace(client, 'dev', `soak-${count}`);
  await done.catch(() => undefined);
};

/** What a session holds alone: what goes when it ends. */
interface Held extends Holdings {
  /** How its streams come: one through a socket holds other things than one of events. */
  readonly kind: string;
  readonly sleepers: number;
  readonly ownBytes: number;
}

const measureAndEnd = async (run: Run, deployment: Deployment, proxy: FaultProxy, what: string): Promise<Held> => {
  const { session, timing } = run;
  let held: Holdings | undefined;
  let kinds: string[] = [];
  const isAtRest = (): boolean => {
    const { openStreams, wantedStreams } = session.activity;
    kinds = Object.keys(deployment.openSockets().byKind);
    return openStreams === wantedStreams && proxy.openConnections() === openStreams && kinds.length === 1;
  };
  // A busy machine makes a short time-out end a stream, or all: counted meanwhile, they would be missing.
  for (let tries = 0; tries < 20 && held === undefined; tries += 1) {
    await settle(run, deployment, what);
    await deployment.whenQuiet();
    deployment.requests.length = 0;
    const counted = await holdings(false);
    if (isAtRest() && deployment.requests.length === 0) held = counted;
    else if (kinds.length > 1) proxy.endStreams();
  }
  assert.ok(held, `no rest: ${proxy.openConnections()}, ${kinds.join()}, ${JSON.stringify(session.activity)}`);
  const { sleepers } = timing;
  run.end.abort();
  await until('no stream is open', () => deployment.openSockets().total === 0);
  await deployment.whenQuiet();
  const after = await heapUsed();
  return { ...held, kind: kinds.join(), sleepers, ownBytes: held.heapBytes - after };
};

for (const age of ages) {
  describe(`a session over time on ${age}, seed ${SEED}`, { timeout: 3_600_000 }, () => {
    test(`${HOURS > 0 ? `${HOURS} h of faults` : 'each fault once'} in random order: it knows what the server does, and holds nothing that a fresh one does not`, async () => {
      const random = randomFrom(SEED);
      const timing = new ManualTiming();
      // The clock of this machine: the client's waits that a server asks for end by it, and the deployment's moves with it.
      const { now } = Date;
      Date.now = () => timing.now();
      after(() => void (Date.now = now));
      const deployment = await deploymentFor({ age, seed: true, speed: 200, ratePerMinute: Infinity });
      const proxy = await startFaultProxy(deployment.url);
      after(() => proxy.close());
      const fresh = async (stream: 'events' | 'socket' | undefined): Promise<Held> => {
        const fresh = openSession(proxy, deployment.token, timing);
        fresh.session.calls.features.stream = stream;
        return measureAndEnd(fresh, deployment, proxy, 'a fresh one');
      };
      let run = openSession(proxy, deployment.token, timing);
      const kinds = new Set<string>();
      const trail: string[] = [];
      const step = async (): Promise<void> => {
        const chance = random();
        if (chance < 0.1) run.session.attend({ isFocused: random() < 0.5 });
        else if (chance < 0.2) run.session.attend({ isVisible: random() < 0.5 });
        else if (chance < 0.6) await act(deployment, random, trail.length);
        for (let second = 0; second < STEP_S; second += 5) await timing.advance(5_000);
        // Deadlines pass.
        deployment.advance(0);
        await pause(10);
      };
      const steps = async (): Promise<void> => {
        for (let left = Math.ceil(random() * MOST_STEPS); left > 0; left -= 1) await step();
      };
      const fail = (what: string): never =>
        assert.fail([what, ...trail.slice(-5), ...run.log.slice(-10), JSON.stringify(run.session.activity)].join('\n'));

      /** By itself, within its back-off; the requests that are under way have half a second. */
      const recover = async (name: string): Promise<void> => {
        for (let second = 0; second <= 32; second += 1) {
          for (let look = 0; look < (second < 31 ? 2 : 200); look += 1) {
            if (outageOf(run) === undefined && run.session.state.value.kind === 'ready') return;
            await pause(5);
          }
          await timing.advance(1_000);
        }
        fail(`it is not back after ${name}`);
      };
      const check = (): void => {
        const { log, episodes } = run;
        for (const kind of episodes) kinds.add(kind);
        const said = log.filter((line) => line.endsWith(' Trying again.'));
        assert.equal(said.length, episodes.length, `a line for each outage: ${episodes.join()}\n${log.join('\n')}`);
        for (const secret of [deployment.token, 'state=secret', '<html'])
          assert.ok(!log.join().includes(secret), `${secret} is in the log`);
        assert.doesNotMatch(log.join('\n'), /unexpected|TypeError/i);
      };
      const pass = async ({ name, begin, end, takesMs, isOutage }: Weather): Promise<void> => {
        trail.push(`${trail.length}: ${name}`);
        const [told, open] = [run.episodes.length, run.session.activity.openStreams];
        await begin({ timing, deployment, proxy, session: run.session });
        // What only a time-out tells takes real time.
        for (let waited = 0; waited < takesMs; waited += 50) {
          if (isOutage ? run.episodes.length > told : run.session.activity.openStreams < open) break;
          await timing.advance(5_000);
          await pause(50);
        }
        await steps();
        assert.match(activityOf(run), /Not up to date since .* Next attempt|Next read: |No read is scheduled/);
        await end?.({ timing, deployment, proxy, session: run.session });
        if (run.session.signal.aborted) fail('the session has ended');
        // What is under way may still run into its time-out.
        if (takesMs > 0) await pause(700);
        await recover(name);
        check();
      };
      await settle(run, deployment, 'at the beginning');
      const begunAt = timing.monotonicMs();
      do {
        for (const each of shuffled([...weather, 'expired' as const], random)) {
          if (each !== 'expired') {
            await pass(each);
            await steps();
            continue;
          }
          trail.push(`${trail.length}: expired`);
          // Another sign-in of the same person goes on.
          const { session } = run;
          await deployment.misbehave('401');
          session.refreshInBackground();
          await until('the session has ended', () => session.signal.aborted);
          await deployment.heal('401');
          check();
          assert.equal(session.state.value.kind, 'signedOut');
          run = openSession(proxy, deployment.token, timing);
          await recover('expired');
        }
      } while (timing.monotonicMs() - begunAt < HOURS * 3_600_000);

      run.session.attend({ isFocused: true });
      run.session.attend({ isVisible: true });
      const inTheEnd = `in the end\n${trail.slice(-5).join('\n')}`;
      await settle(run, deployment, inTheEnd);
      check();
      for (const kind of AWAY_AS) assert.ok(kinds.has(kind), `it was never known as ${kind}: ${[...kinds].join()}`);

      const old = await measureAndEnd(run, deployment, proxy, inTheEnd);
      const stream = run.session.calls.features.stream;
      let young = await fresh(stream);
      // Events that come late, on a busy machine, make it choose sockets.
      for (let tries = 0; tries < 5 && young.kind !== old.kind; tries += 1) young = await fresh(stream);
      assert.equal(young.kind, old.kind, 'both have streams of one kind');
      for (const kind of ['timers', 'abortListeners', 'subscribers', 'globalListeners', 'sleepers'] as const)
        assert.ok(old[kind] <= young[kind] + 3, `${kind}: ${old[kind]}, with a fresh session ${young[kind]}`);
      const grownMb = (old.ownBytes - young.ownBytes) / 1e6;
      console.log(`The old session holds ${old.ownBytes}, a fresh one ${young.ownBytes} bytes.`);
      assert.ok(grownMb < 1, `it holds ${grownMb.toFixed(1)} MB more than a fresh one`);
    });
  });
}

/** What a deployment that is away was known as in the course of all faults. */
const AWAY_AS = ['server', 'notCoder', 'redirect', 'proxy', 'rateLimited', 'unreachable', 'refused', 'timeout'];
