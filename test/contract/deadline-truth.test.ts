import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { minutes, type EpochMs } from '../../src/api/units.ts';
import { stopLimits } from '../../src/model/deadline.ts';
import { deadlineProblem } from '../../src/model/deadlineLimits.ts';
import { extensionChoices, movedTo } from '../../src/model/extend.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import { DeadlineWarnings } from '../../src/views/deadlineWarnings.ts';
import type { Deployment } from '../deployment/index.ts';
import { latestBuild } from '../deployment/store.ts';
import { ages, clientOf, deploymentFor } from './client-fixture.ts';
import { idOf, passUntil, readyState, sessionFor, until, type Stage } from './session-fixture.ts';

const HOUR_MS = 3_600_000;
const PLACE = { locale: 'en', typedLocale: 'en', timeZone: 'UTC', hourCycle: 'h23', showsZone: false } as const;

const known = ({ session }: Stage, name = 'notebook') => {
  const state = session.state.value;
  assert.equal(state.kind, 'ready');
  const found = state.workspaces.get(idOf(session, name));
  assert.ok(found, `${name} is not known`);
  return found;
};

/** Work in it moves the deadline, as the server does it: nobody is told in V0 (contract 3.1). */
const bump = (deployment: Deployment, byMs: number): void => {
  const workspace = deployment.workspace('owner/notebook');
  const build = latestBuild(workspace);
  build.deadline = (build.deadline ?? 0) + byMs;
  build.updatedAt += 1;
};

/** Warnings of what `stage` knows; what they say. */
const warningsOf = (stage: Stage): { readonly said: string[]; readonly warnings: DeadlineWarnings } => {
  const said: string[] = [];
  const { session, timing } = stage;
  const warnings = new DeadlineWarnings({
    timing,
    claims: { has: () => Promise.resolve(false), take: () => Promise.resolve(true) },
    standing: () => ({ isFocused: true, isConnected: false }),
    source: () => ({
      workspaces: [known(stage)],
      now: session.client.clock.now(),
      leadsMinutes: [30],
      usualTimes: session.usualTimes.value,
      reread: ({ id }) => session.tryRefetch(id),
    }),
    displayLocale: () => PLACE,
    warn: (message) => {
      said.push(message);
      return Promise.resolve();
    },
    run: () => undefined,
    showSoon: () => undefined,
    logError: (error) => {
      throw error;
    },
  });
  return { said, warnings };
};

for (const age of ages) {
  describe(`the deadline is the server's (${age})`, () => {
    test('what another client extends is known within a second while it is watched', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const stage = sessionFor(deployment);
      await readyState(stage.session);
      await until('it is watched', () => deployment.openSockets().total > 0);
      const before = stopLimits(known(stage))?.deadlineAt ?? 0;
      const began = performance.now();
      await workspaceSettings.extend(
        clientOf(deployment).calls,
        known(stage).id,
        (before + HOUR_MS) as EpochMs,
        new AbortController().signal,
      );
      await until('it is known', () => (stopLimits(known(stage))?.deadlineAt ?? 0) > before + HOUR_MS / 2);
      assert.ok(performance.now() - began < 1_000, `${performance.now() - began} ms`);
    });

    test('what work moves without a word is known with the next list', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const stage = sessionFor(deployment);
      await readyState(stage.session);
      const before = stopLimits(known(stage))?.deadlineAt ?? 0;
      bump(deployment, HOUR_MS);
      await passUntil(stage.timing, 'the list', () => (stopLimits(known(stage))?.deadlineAt ?? 0) > before, 400);
    });

    test('coder#11652: it is read again before a warning, so that what was moved without a word is not warned of', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const stage = sessionFor(deployment);
      await readyState(stage.session);
      const { said, warnings } = warningsOf(stage);
      bump(deployment, HOUR_MS);
      await stage.timing.advance(16_000);
      const before = deployment.requests.length;
      warnings.check();
      await until(
        'it is read again',
        () => (stopLimits(known(stage))?.deadlineAt ?? 0) > stage.session.client.clock.now() + HOUR_MS,
      );
      assert.deepEqual(said, []);
      assert.ok(deployment.requests.length >= before, 'it was asked');
      // Another deadline than the one that was not warned of.
      bump(deployment, -HOUR_MS + 60_000);
      await stage.session.refresh();
      warnings.check();
      await until('the warning', () => said.length === 1);
      assert.match(said.join(), /^notebook stops at /);
      warnings.dispose();
    });

    for (const skewMs of [-2 * HOUR_MS, 2 * HOUR_MS]) {
      test(`with a clock that is off by ${skewMs / HOUR_MS} h the limits are those of the server`, async () => {
        const deployment = await deploymentFor({ age, seed: true });
        latestBuild(deployment.workspace('owner/notebook')).deadline = Date.now() + skewMs + 3 * HOUR_MS;
        await deployment.misbehave('skewed-clock', { byMs: skewMs });
        const stage = sessionFor(deployment);
        await readyState(stage.session);
        const { clock, calls } = stage.session.client;
        const left = (stopLimits(known(stage))?.deadlineAt ?? 0) - clock.now();
        assert.ok(Math.abs(left - 3 * HOUR_MS) < 2_500, `${left} ms are left`);
        for (const move of ['soonest', minutes(30)] as const) {
          const at = movedTo(move, known(stage), clock.now(), PLACE);
          assert.ok(at !== undefined, 'it leads somewhere');
          assert.equal(deadlineProblem(known(stage), at, clock.now(), PLACE), undefined);
          await workspaceSettings.extend(calls, known(stage).id, at, stage.session.signal);
          await stage.session.refetch(known(stage).id);
        }
        const { longer } = extensionChoices(known(stage), clock.now(), PLACE);
        assert.equal(longer.length, 4);
      });
    }
  });
}

test('coder#25864: the time at which a template wants its users to be told is known of V2.36, and warned at', async () => {
  const deployment = await deploymentFor({ age: 'v2', release: '2.36', seed: true });
  for (const template of deployment.store.templates.values()) template.notifyBeforeStopMs = 2 * HOUR_MS;
  latestBuild(deployment.workspace('owner/notebook')).deadline = Date.now() + 1.9 * HOUR_MS;
  const stage = sessionFor(deployment);
  await readyState(stage.session);
  await until('the template is known', () => stage.session.usualTimes.value.size > 0);
  const { template_id: templateId } = known(stage);
  assert.ok(templateId !== undefined, 'it has a template');
  await until('its lead', () => stage.session.usualTimes.value.get(templateId)?.notifyBefore === 2 * HOUR_MS);
  const { said, warnings } = warningsOf(stage);
  await stage.timing.advance(16_000);
  warnings.check();
  await until('the warning', () => said.length === 1);
  assert.match(said.join(), /^notebook stops at .*, in 1 h 5\d min/);
  warnings.dispose();
});
