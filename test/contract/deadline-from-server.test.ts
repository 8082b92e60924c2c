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
import { asked, idOf, LIST, passUntil, readyState, sessionFor, until, type SessionFixture } from './session-fixture.ts';

const HOUR_MS = 3_600_000;
const PLACE = { locale: 'en', typedLocale: 'en', timeZone: 'UTC', hourCycle: 'h23', showsZone: false } as const;

const known = ({ session }: SessionFixture, name = 'notebook') => {
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

/** Warnings of what `fixture` knows; what they say. */
const warningsOf = (fixture: SessionFixture): { readonly said: string[]; readonly warnings: DeadlineWarnings } => {
  const said: string[] = [];
  const { session, timing } = fixture;
  const warnings = new DeadlineWarnings({
    timing,
    claims: { has: () => Promise.resolve(false), take: () => Promise.resolve(true) },
    standing: () => ({ isFocused: true, isConnected: false }),
    source: () => ({
      workspaces: [known(fixture)],
      now: session.now(),
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
      const fixture = sessionFor(deployment);
      await readyState(fixture.session);
      await until('it is watched', () => deployment.openSockets().total > 0);
      const before = stopLimits(known(fixture))?.deadlineAt ?? 0;
      const [began, requests] = [fixture.timing.now(), deployment.requests.length];
      await workspaceSettings.extend(
        clientOf(deployment).calls,
        known(fixture).id,
        (before + HOUR_MS) as EpochMs,
        new AbortController().signal,
      );
      await until('it is known', () => (stopLimits(known(fixture))?.deadlineAt ?? 0) > before + HOUR_MS / 2);
      assert.ok(fixture.timing.now() - began < 1_000, `${fixture.timing.now() - began} ms`);
      assert.equal(asked(deployment, LIST, requests), 0, 'the stream told it');
    });

    test('what work moves without a word is known with the next list', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = sessionFor(deployment);
      await readyState(fixture.session);
      const before = stopLimits(known(fixture))?.deadlineAt ?? 0;
      bump(deployment, HOUR_MS);
      await passUntil(fixture.timing, 'the list', () => (stopLimits(known(fixture))?.deadlineAt ?? 0) > before, 400);
    });

    test('coder#11652: it is read again before a warning, so that what was moved without a word is not warned of', async () => {
      const deployment = await deploymentFor({ age, seed: true });
      const fixture = sessionFor(deployment);
      await readyState(fixture.session);
      const { said, warnings } = warningsOf(fixture);
      bump(deployment, HOUR_MS);
      await fixture.timing.advance(16_000);
      const before = deployment.requests.length;
      warnings.check();
      await until(
        'it is read again',
        () => (stopLimits(known(fixture))?.deadlineAt ?? 0) > fixture.session.now() + HOUR_MS,
      );
      assert.deepEqual(said, []);
      assert.ok(deployment.requests.length >= before, 'it was asked');
      // Another deadline than the one that was not warned of.
      bump(deployment, -HOUR_MS + 60_000);
      await fixture.session.refresh();
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
        const fixture = sessionFor(deployment);
        await readyState(fixture.session);
        const { calls } = fixture.session;
        const left = (stopLimits(known(fixture))?.deadlineAt ?? 0) - fixture.session.now();
        assert.ok(Math.abs(left - 3 * HOUR_MS) < 2_500, `${left} ms are left`);
        for (const move of ['soonest', minutes(30)] as const) {
          const at = movedTo(move, known(fixture), fixture.session.now(), PLACE);
          assert.ok(at !== undefined, 'it leads somewhere');
          assert.equal(deadlineProblem(known(fixture), at, fixture.session.now(), PLACE), undefined);
          await workspaceSettings.extend(calls, known(fixture).id, at, fixture.session.signal);
          await fixture.session.refetch(known(fixture).id);
        }
        const { longer } = extensionChoices(known(fixture), fixture.session.now(), PLACE);
        assert.equal(longer.length, 4);
      });
    }
  });
}

test('coder#25864: the time at which a template wants its users to be told is known of V2.36, and warned at', async () => {
  const deployment = await deploymentFor({ age: 'v2', release: '2.36', seed: true });
  for (const template of deployment.store.templates.values()) template.notifyBeforeStopMs = 2 * HOUR_MS;
  latestBuild(deployment.workspace('owner/notebook')).deadline = Date.now() + 1.9 * HOUR_MS;
  const fixture = sessionFor(deployment);
  await readyState(fixture.session);
  await until('the template is known', () => fixture.session.usualTimes.value.size > 0);
  const { template_id: templateId } = known(fixture);
  assert.ok(templateId !== undefined, 'it has a template');
  await until('its lead', () => fixture.session.usualTimes.value.get(templateId)?.notifyBefore === 2 * HOUR_MS);
  const { said, warnings } = warningsOf(fixture);
  await fixture.timing.advance(16_000);
  warnings.check();
  await until('the warning', () => said.length === 1);
  assert.match(said.join(), /^notebook stops at .*, in 1 h 5\d min/);
  warnings.dispose();
});
