// What comes and goes leaves nothing behind: a few rounds of each kind with every `npm test`, 200 with `npm run soak`.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { Deployments } from '../../src/model/deployments.ts';
import { loadSession } from '../../src/model/loadSession.ts';
import type { Session } from '../../src/model/session.ts';
import type { Deployment } from '../deployment/index.ts';
import type { ManualTiming } from '../manualTiming.ts';
import { ages, deploymentFor } from './client-fixture.ts';
import { grown, holdings } from './holdings.ts';
import { ALL_STREAMS, passUntil, readyState, sessionFor, SIX_STREAMS, until, untilQuiet } from './session-fixture.ts';
import { SharedSecrets } from './sharedSecrets.ts';
import { verbsOn } from './verb-fixture.ts';

/** More than 100 are worth a longer look at what is held. */
const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 8);
/** A round of builds takes longer; as thoroughly, none of them is left out. */
const BUILD_ROUNDS = ROUNDS > 100 ? ROUNDS : Math.ceil(ROUNDS / 2);

interface Rounds {
  readonly rounds: number;
  readonly round: (count: number) => Promise<void>;
  /** Ends when all has come to rest. */
  readonly rest: () => Promise<void>;
  readonly roundBytes?: number;
}

/** Compares what is held after a few rounds, when all code is loaded and warm, with what is held after all. */
const inRounds = async ({ rounds, round, rest, roundBytes }: Rounds): Promise<void> => {
  const all = async (from: number, to: number) => {
    for (let count = from; count < to; count += 1) await round(count);
    await rest();
    return holdings(rounds > 100);
  };
  const first = Math.min(10, rounds / 2);
  const before = await all(0, first);
  let after = await all(first, first + rounds);
  // On a busy machine some of it may be under way still; what a round leaves behind stays.
  for (let tries = 0; tries < 10 && grown(after, before, rounds, roundBytes).length > 0; tries += 1) {
    await pause(1_000);
    after = await all(0, 0);
  }
  assert.deepEqual(grown(after, before, rounds, roundBytes), [], `after ${rounds} rounds`);
};

for (const age of ages) {
  const deploymentOptions = { age, seed: true, speed: 200, ratePerMinute: Infinity };

  describe(`${ROUNDS} rounds on ${age}`, { timeout: 1_800_000 }, () => {
    test('of signing in and out, at any moment, also to another deployment, leave no socket, timer, listener, session or memory', async () => {
      const places = await Promise.all([deploymentFor(deploymentOptions), deploymentFor(deploymentOptions)]);
      const end = new AbortController();
      after(() => end.abort());
      const deployments = new Deployments({ store: new SharedSecrets().window(), loadSession, signal: end.signal });
      const sessions: WeakRef<Session>[] = [];
      const signIn = async ({ url, token }: Deployment, count: number): Promise<void> => {
        await deployments.signIn(parseDeploymentUrl(url), token);
        const session = deployments.current.value?.session;
        assert.ok(session !== undefined, 'somebody is signed in');
        sessions.push(new WeakRef(session));
        session.attend({ isVisible: true, ...SIX_STREAMS });
        // It ends before anything has come, with the rows, or with all streams.
        if (count % 4 > 0) await until('the rows are there', () => session.state.value.kind === 'ready');
        if (count % 4 > 1) await untilOpen(session);
      };
      await inRounds({
        rounds: ROUNDS,
        round: async (count) => {
          await signIn(places[0], count);
          if (count % 3 === 0) await signIn(places[1], count + 1);
          await deployments.signOut();
        },
        rest: async () => {
          await until('no stream is open', () => places.every((each) => each.openSockets().total === 0));
          for (const each of places) each.requests.length = 0;
        },
      });
      const left = sessions.filter((each) => each.deref() !== undefined).length;
      assert.ok(left <= 1, `${left} sessions that are over are not forgotten`);
    });

    test('of start and stop, with their logs, leave no socket, timer or listener', async () => {
      const verbs = await verbsOn(deploymentOptions, ALL_STREAMS);
      const { deployment, session, timing, ui, sessionFixture } = verbs;
      verbs.settings = { ...verbs.settings, confirmStop: false };
      const run = async (verb: 'stop' | 'start', status: string): Promise<void> => {
        const progress = { isOver: false };
        const done = verbs.run(verb, verbs.id('web')).finally(() => (progress.isOver = true));
        while (!progress.isOver) {
          await timing.advance(1_000);
          await pause(15);
        }
        await done;
        assert.equal(verbs.known('web').latest_build.status, status, verbs.lines.join('\n'));
      };
      await run('stop', 'stopped');
      await inRounds({
        rounds: BUILD_ROUNDS,
        round: async () => {
          await run('start', 'running');
          await run('stop', 'stopped');
        },
        rest: async () => {
          await untilOpen(session, timing);
          await untilQuiet(deployment);
          const { openStreams } = session.activity;
          await until('no log is followed any more', () => deployment.openSockets().total === openStreams);
          // What the fixture has written down.
          verbs.log.clear();
          for (const kept of [ui.waits, ui.builds, ui.toasts, sessionFixture.states, deployment.requests])
            kept.length = 0;
        },
        // The deployment of this process keeps each build with its log.
        roundBytes: Infinity,
      });
      assert.deepEqual(verbs.errors, []);
    });

    test('of showing and hiding leave no socket, timer, listener or memory', async () => {
      const deployment = await deploymentFor(deploymentOptions);
      const { session, timing, states } = sessionFor(deployment);
      await readyState(session);
      await untilOpen(session, timing);
      const shown = session.activity.openStreams;
      await inRounds({
        rounds: ROUNDS,
        round: async (count) => {
          session.attend({ isVisible: false });
          // For a moment, and for longer than that.
          await timing.advance(count % 3 === 0 ? 2_000 : 11_000);
          session.attend({ isVisible: true });
          if (count % 2 === 0) await untilOpen(session, timing);
        },
        rest: async () => {
          await untilOpen(session, timing);
          await untilQuiet(deployment);
          await until('no stream is left over', () => deployment.openSockets().total === shown);
          deployment.requests.length = 0;
          states.length = 0;
        },
      });
      session.attend({ isVisible: false });
      session.attend({ isTold: false });
      await timing.advance(11_000);
      await until('nobody looks, so no stream is open', () => deployment.openSockets().total === 0);
    });
  });
}

const hasItsStreams = ({ activity: { openStreams, wantedStreams } }: Session): boolean =>
  wantedStreams > 0 && openStreams === wantedStreams;

/** With `timing`, a stream that a busy machine made fail is opened again. */
const untilOpen = (session: Session, timing?: ManualTiming): Promise<void> => {
  const what = 'all streams are open';
  return timing === undefined
    ? until(what, () => hasItsStreams(session))
    : passUntil(timing, what, () => hasItsStreams(session));
};
