// A day in the life of a session, with a random order of whatever can go wrong: `npm run soak`; an hour of it with each
// `npm test`. Time passes by hand, over real sockets.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CoderClient } from '../../src/api/client.ts';
import type { Milliseconds } from '../../src/api/units.ts';
import type { Workspace } from '../../src/api/schemas/workspaces.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import { Session } from '../../src/model/session.ts';
import type { Deployment } from '../deployment/index.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '../faultProxy.ts';
import { ManualTiming } from '../manualTiming.ts';
import { ages, clientOf, createWorkspace, deploymentFor, soon } from './client-fixture.ts';
import { passUntil, until } from './session-fixture.ts';

const SEED = Number(process.env.SOAK_SEED ?? 1);
const HOURS = Number(process.env.SOAK_HOURS ?? 1);
const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 20);
const STEP_S = 30;

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

/** All but a 429 without a time: its half minute passes in real time. */
const FAULTS: readonly Fault[] = [
  '502',
  '503',
  'html',
  'redirect',
  'gateway-401',
  'gateway-403',
  'gateway-407',
  '429-5s',
  'reset',
  'down',
  'half-open',
  'truncated',
  'slow',
  'held-back',
];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapUsed = async (): Promise<number> => {
  for (let round = 0; round < 3; round += 1) {
    await pause(50);
    collect();
  }
  return process.memoryUsage().heapUsed;
};
const realTimers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
/** The deployment of this process has timers, too, while something goes on there: the fewest within two seconds. */
const restingTimers = async (): Promise<number> => {
  let fewest = realTimers();
  for (let look = 0; look < 40; look += 1) {
    await pause(50);
    fewest = Math.min(fewest, realTimers());
  }
  return fewest;
};

interface Open {
  readonly session: Session;
  readonly timing: ManualTiming;
  readonly end: AbortController;
  readonly log: string[];
}

const openSession = (proxy: FaultProxy, token: string): Open => {
  const timing = new ManualTiming();
  const end = new AbortController();
  const log: string[] = [];
  const client = new CoderClient({
    url: proxy.url,
    token,
    timeouts: {
      headersMs: 400 as Milliseconds,
      listHeadersMs: 800 as Milliseconds,
      probeHeadersMs: 400 as Milliseconds,
      firstBytesMs: 2_000 as Milliseconds,
      idleMs: 1_000 as Milliseconds,
    },
  });
  const session = new Session({ client, signal: end.signal, timing, maxStreams: 10, log: (line) => log.push(line) });
  session.setVisible(true);
  session.setTellsStops(true);
  return { session, timing, end, log };
};

/** What both sides are to agree about. */
const facts = (rows: Iterable<Workspace>): string[] =>
  [...rows]
    .map(
      ({ name, latest_build: { build_number: number, status, job } }) => `${name} #${number} ${status} ${job.status}`,
    )
    .sort();

const known = (session: Session): string[] => {
  const state = session.state.value;
  return state.kind === 'ready' && state.stale === undefined ? facts(state.workspaces.values()) : [];
};

const atServer = async (deployment: Deployment): Promise<string[]> => {
  const { workspaces: rows } = await workspaces.list(
    clientOf(deployment).calls,
    { q: 'owner:me', limit: 100, offset: 0 },
    soon(),
  );
  return facts(rows);
};

/** Lets seconds pass until the session knows what the server does and its streams are open. */
const settle = async ({ session, timing, log }: Open, deployment: Deployment, what: string): Promise<void> => {
  let [here, there]: string[][] = [[], []];
  for (let seconds = 0; seconds < 600; seconds += 1) {
    [here, there] = [known(session), await atServer(deployment)];
    const { openStreams, wantedStreams } = session.activity;
    if (here.join() === there.join() && openStreams === wantedStreams && wantedStreams > 0) return;
    await timing.advance(1_000);
    await pause(20);
  }
  assert.deepEqual(here, there, `${what}\n${log.slice(-20).join('\n')}`);
  assert.fail(`${what}: ${JSON.stringify(session.activity)}\n${log.slice(-20).join('\n')}`);
};

/** Somebody elsewhere does something. Refusals are normal: it may be under way already. */
const act = async (deployment: Deployment, random: () => number, count: number): Promise<void> => {
  const client = clientOf(deployment);
  const names = [...deployment.store.workspaces.values()].flatMap((each) =>
    !each.deleted && deployment.users.owner.id === each.ownerId ? [each] : [],
  );
  const chosen = names[Math.floor(random() * names.length)];
  if (chosen === undefined) return;
  const id = chosen.id as Workspace['id'];
  const choice = random();
  const done =
    choice < 0.45
      ? workspaces.createBuild(client.calls, id, { transition: 'start' }, soon())
      : choice < 0.9 || names.length < 8
        ? workspaces.createBuild(client.calls, id, { transition: 'stop' }, soon())
        : choice < 0.95
          ? workspaces.createBuild(client.calls, id, { transition: 'delete' }, soon())
          : createWorkspace(client, 'dev', `soak-${count}`);
  await done.catch(() => undefined);
};

for (const age of ages) {
  describe(`a session over time on ${age}, seed ${SEED}`, { timeout: 1_800_000 }, () => {
    test(`${HOURS} h of faults in random order: it knows what the server does, and keeps nothing that a fresh one does not`, async () => {
      const random = randomFrom(SEED);
      const deployment = await deploymentFor({ age, seed: true, speed: 200, ratePerMinute: Infinity });
      const proxy = await startFaultProxy(deployment.url);
      after(() => proxy.close());
      const measured = async (run: Open) => {
        // Node keeps a connection for a few seconds, for the next request.
        const { openStreams } = run.session.activity;
        await until('no connection is open but the streams', () => proxy.openConnections() === openStreams);
        return { sleepers: run.timing.sleepers, timers: await restingTimers(), heapWith: await heapUsed() };
      };
      const fresh = async () => {
        const run = openSession(proxy, deployment.token);
        await settle(run, deployment, 'a fresh one');
        await deployment.whenQuiet();
        const found = await measured(run);
        run.end.abort();
        await deployment.whenQuiet();
        return found;
      };
      // A timer that nobody ends would be there with a fresh one that comes later, too.
      const young = await fresh();

      const open = openSession(proxy, deployment.token);
      const { session, timing, end } = open;
      await settle(open, deployment, 'at the beginning');
      let faultLeftS = 0;
      for (let step = 0; step < (HOURS * 3_600) / STEP_S; step += 1) {
        if (faultLeftS > 0) faultLeftS -= STEP_S;
        else if (proxy.fault !== undefined) await proxy.begin(undefined);
        else if (random() < 0.05) {
          await proxy.begin(FAULTS[Math.floor(random() * FAULTS.length)]);
          faultLeftS = random() * 300;
        }
        const chance = random();
        if (chance < 0.02) proxy.endStreams();
        else if (chance < 0.04) proxy.skewMs = (random() - 0.5) * 4 * 3_600_000;
        else if (chance < 0.05) timing.setClock((random() - 0.3) * 9 * 3_600_000);
        else if (chance < 0.07) session.setFocused(random() < 0.5);
        else if (chance < 0.09) session.setVisible(random() < 0.5);
        else if (chance < 0.3) await act(deployment, random, step);
        deployment.advance(STEP_S * 1_000);
        for (let second = 0; second < STEP_S; second += 5) await timing.advance(5_000);
        await pause(10);
      }
      await proxy.begin(undefined);
      proxy.skewMs = 0;
      session.setFocused(true);
      session.setVisible(true);
      // A pause that the server asked for passes in real time.
      await pause(5_000);
      await settle(open, deployment, 'in the end');
      await deployment.whenQuiet();
      assert.equal(deployment.openSockets().total, session.activity.openStreams, 'open sockets are those wanted');
      assert.equal(session.signal.aborted, false, 'nobody was signed out');
      assert.ok(!open.log.join().includes(deployment.token), 'no token in the log');

      const old = await measured(open);
      end.abort();
      await deployment.whenQuiet();
      assert.ok(old.sleepers <= young.sleepers + 3, `waits: ${old.sleepers}, fresh ${young.sleepers}`);
      assert.ok(old.timers <= young.timers + 10, `timers: ${old.timers}, fresh ${young.timers}`);
      // Besides what the deployment of this process has written down by then.
      const grownMb = (old.heapWith - (await fresh()).heapWith) / 1e6;
      assert.ok(grownMb < 3, `the heap holds ${grownMb.toFixed(1)} MB more than with a fresh session`);
    });

    test(`${ROUNDS} rounds of signing in and out, of stop and start, of showing and hiding return to the base line`, async () => {
      const deployment = await deploymentFor({ age, seed: true, speed: 200, ratePerMinute: Infinity });
      const proxy = await startFaultProxy(deployment.url);
      after(() => proxy.close());
      const base = { timers: realTimers(), sockets: proxy.openConnections() };
      const window = new AbortController();
      for (let round = 0; round < ROUNDS; round += 1) {
        const { session, timing, end } = openSession(proxy, deployment.token);
        const leave = (): void => end.abort();
        window.signal.addEventListener('abort', leave);
        await passUntil(timing, 'it has its rows', () => session.state.value.kind === 'ready');
        end.abort();
        window.signal.removeEventListener('abort', leave);
        assert.equal(getEventListeners(end.signal, 'abort').length, 0, `listeners after round ${round}`);
      }
      await until('no connection is open', () => proxy.openConnections() === base.sockets);
      await until('no stream is open', () => deployment.openSockets().total === 0);
      await deployment.whenQuiet();
      assert.ok(realTimers() <= base.timers + 3, `timers: ${realTimers()}, before ${base.timers}`);

      const open = openSession(proxy, deployment.token);
      const { session, timing, end } = open;
      await settle(open, deployment, 'before the rounds');
      await deployment.whenQuiet();
      const before = { ...session.activity, sleepers: timing.sleepers, listeners: listenersOf(session) };
      const state = session.state.value;
      assert.ok(state.kind === 'ready');
      const web = [...state.workspaces.values()].find(({ latest_build: build }) => build.status === 'running');
      assert.ok(web !== undefined, 'one is running');
      const { calls } = clientOf(deployment);
      const statusOf = (): string | undefined => {
        const now = session.state.value;
        return now.kind === 'ready' ? now.workspaces.get(web.id)?.latest_build.status : undefined;
      };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [transition, status] of [
          ['stop', 'stopped'],
          ['start', 'running'],
        ] as const) {
          await workspaces.createBuild(calls, web.id, { transition }, soon());
          for (let seconds = 0; seconds < 60 && statusOf() !== status; seconds += 1) {
            await pause(20);
            await timing.advance(1_000);
          }
          assert.equal(statusOf(), status, `round ${round}`);
        }
      }
      for (let round = 0; round < ROUNDS; round += 1) {
        session.setVisible(false);
        await timing.advance(11_000);
        session.setVisible(true);
        await timing.advance(1_000);
        await pause(5);
      }
      await settle(open, deployment, 'after the rounds');
      await deployment.whenQuiet();
      const since = { ...session.activity, sleepers: timing.sleepers, listeners: listenersOf(session) };
      assert.equal(since.openStreams, before.openStreams, 'streams');
      assert.equal(deployment.openSockets().total, since.openStreams, 'sockets at the server');
      assert.ok(Math.abs(since.sleepers - before.sleepers) <= 2, `waits: ${since.sleepers}, before ${before.sleepers}`);
      assert.ok(
        Math.abs(since.listeners - before.listeners) <= 3,
        `listeners: ${since.listeners}, ${before.listeners}`,
      );
      end.abort();
    });
  });
}

const listenersOf = (session: Session): number => getEventListeners(session.signal, 'abort').length;
