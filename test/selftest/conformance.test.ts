import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { allChecks, checksAbout } from '../conformance/checks/index.ts';
import type { Check } from '../conformance/check.ts';
import { localLimits } from '../conformance/limits.ts';
import { documented, operations } from '../conformance/operations.ts';
import { table, toJson, type Report } from '../conformance/report.ts';
import type { Outcome, Result } from '../conformance/runner.ts';
import { runSuite } from '../conformance/suite.ts';
import { newId } from '../deployment/ids.ts';
import { startDeployment, type AgeName, type Deployment, type DeploymentOptions } from '../deployment/index.ts';

const INSTANCE = 'i-0123456789abcdef0';
const proof = { document: JSON.stringify({ instanceId: INSTANCE, accountId: '123456789012' }), signature: 'c2lnbmVk' };

interface Run extends Partial<DeploymentOptions> {
  readonly age: AgeName;
  readonly checks?: readonly Check[];
  readonly template?: string;
  /** Who asks; the site owner when left out. */
  readonly as?: 'dana';
  /** Changes the deployment before it is asked anything. */
  readonly prepare?: (deployment: Deployment) => Promise<void> | void;
  readonly signal?: AbortSignal;
  readonly checked?: (result: Result, deployment: Deployment) => void;
}

interface Ran {
  readonly report: Report;
  /** Names of workspaces, also of deleted ones. */
  readonly made: readonly string[];
  readonly remaining: readonly string[];
}

/** Runs the suite against a new local deployment, and looks afterwards at what is in it. */
const run = async ({ age, as, prepare, checked, checks = allChecks, template, signal, ...more }: Run): Promise<Ran> => {
  const deployment = await startDeployment({ age, speed: 15, ratePerMinute: 100_000, ...more });
  try {
    deployment.acceptInstance(proof.document, INSTANCE);
    await prepare?.(deployment);
    const token = as === undefined ? deployment.token : deployment.users[as].token;
    const report = await runSuite({
      url: parseDeploymentUrl(deployment.url),
      token,
      checks,
      template,
      limits: localLimits,
      identity: proof,
      signal: signal ?? AbortSignal.timeout(60_000),
      giveUp: AbortSignal.timeout(90_000),
      tell: { checked: (result) => checked?.(result, deployment) },
    });
    assert.ok(!`${toJson(report)}${table(report)}`.includes(token), 'the report holds the token');
    const workspaces = [...deployment.store.workspaces.values()];
    const made = workspaces.map(({ name }) => name);
    assert.deepEqual(
      made.filter((name) => !name.startsWith('conformance-')),
      [],
    );
    return { report, made, remaining: workspaces.filter(({ deleted }) => !deleted).map(({ name }) => name) };
  } finally {
    await deployment.close();
  }
};

const of = (report: Report, kind: Outcome['kind']): Result[] =>
  report.results.filter(({ outcome }) => outcome.kind === kind);

const namesOf = (results: readonly Result[]): string[] => results.map(({ check }) => check.name);

/** Why checks were skipped. */
const reasonsIn = (report: Report): string[] =>
  report.results.flatMap(({ outcome }) => (outcome.kind === 'skipped' ? [outcome.reason] : []));

const assertClean = ({ report, remaining }: Ran): void => {
  assert.deepEqual(report.left, []);
  assert.deepEqual(remaining, []);
};

const assertNothingFailed = (ran: Ran): void => {
  assert.deepEqual(
    of(ran.report, 'failed').map(({ check, outcome }) => [check.operation, check.name, outcome]),
    [],
  );
  assertClean(ran);
};

test('Everything that is asked of it holds in v2 as release 2.36', { timeout: 120_000 }, async () => {
  assertNothingFailed(await run({ age: 'v2', release: '2.36' }));
});

for (const age of ['v0', 'v2'] as const) {
  test(`Everything that is asked of the local deployment holds in ${age}`, { timeout: 120_000 }, async () => {
    const ran = await run({ age });
    assertNothingFailed(ran);
    assert.equal(ran.report.facts.age, age === 'v0' ? 'document' : 'today');
    for (const operation of documented) {
      const passed = of(ran.report, 'passed').filter(({ check }) => check.operation === operation);
      assert.ok(passed.length >= 2, `${operation}: only ${passed.length} passed`);
    }
  });

  test(`What a member may not do is refused in ${age}`, { timeout: 120_000 }, async () => {
    const checks = [...checksAbout('Cancel workspace build'), ...checksAbout('Get build state')];
    const ran = await run({ age, checks, as: 'dana' });
    assertNothingFailed(ran);
    const skipped = namesOf(of(ran.report, 'skipped'));
    assert.ok(!skipped.includes('Where the template forbids it people may not cancel'));
    assert.ok(skipped.includes('Where the template forbids it a site owner still may'));
  });

  test(`With one other template the rest is skipped with its reason in ${age}`, { timeout: 120_000 }, async () => {
    const prepare = ({ store }: Deployment) => {
      for (const each of store.templates.values()) {
        if (each.name === 'dev') each.name = 'machine';
        else store.templates.delete(each.id);
      }
    };
    const ran = await run({ age, prepare, template: 'machine' });
    assertNothingFailed(ran);
    const reasons = reasonsIn(ran.report);
    assert.ok(reasons.includes('there is no template “failing” here'));
    assert.ok(reasons.includes('there is no template “no-cancel” here'));
    assert.ok(of(ran.report, 'passed').length > 80, String(of(ran.report, 'passed').length));
  });
}

test('Without any template only what needs none is asked', { timeout: 120_000 }, async () => {
  const ran = await run({ age: 'v2', prepare: ({ store }) => store.templates.clear() });
  assertNothingFailed(ran);
  assert.deepEqual(ran.made, []);
  assert.ok(of(ran.report, 'passed').length > 20);
});

test('A template that is named but does not exist ends the run before it begins', async () => {
  await assert.rejects(run({ age: 'v2', template: 'nowhere' }), /no template “nowhere”/);
});

test('One worker is enough, and with many none has to wait', { timeout: 120_000 }, async () => {
  assertNothingFailed(await run({ age: 'v2', provisioners: 1 }));
  const many = await run({ age: 'v2', provisioners: 20, checks: checksAbout('A build that waits behind others') });
  assertNothingFailed(many);
  assert.deepEqual(reasonsIn(many.report), ['6 builds at once, and none had to wait']);
});

test(
  'Another version of the template and a quota are asked for where there are some',
  { timeout: 120_000 },
  async () => {
    for (const age of ['v0', 'v2'] as const) {
      const prepare = ({ store }: Deployment) => {
        store.quota = 50;
        for (const { name, activeVersionId } of store.templates.values()) {
          const version = store.versions.get(activeVersionId);
          const id = newId();
          if (name === 'dev' && version !== undefined) store.versions.set(id, { ...version, id, name: 'other' });
        }
      };
      const checks = [...checksAbout('A workspace gets another version'), ...checksAbout('Where credits are limited')];
      const ran = await run({ age, prepare, checks });
      assertNothingFailed(ran);
      assert.equal(of(ran.report, 'passed').length, 2);
    }
  },
);

test('Where renames are switched on they are asked for', { timeout: 120_000 }, async () => {
  const ran = await run({ age: 'v2', checks: checksAbout('Update workspace (rename)'), allowRenames: true });
  assertNothingFailed(ran);
  assert.deepEqual(namesOf(of(ran.report, 'skipped')), ['Where renames are off every other name is refused']);
});

test('A template that makes workspaces stop is asked about its last moment', { timeout: 120_000 }, async () => {
  const ran = await run({ age: 'v2', checks: checksAbout('Extend deadline'), template: 'nightly', speed: 60 });
  assertNothingFailed(ran);
  assert.ok(!namesOf(of(ran.report, 'skipped')).some((name) => name.startsWith('A deadline beyond the last moment')));
});

test('A deployment whose clock is off is asked by its own clock', { timeout: 120_000 }, async () => {
  const prepare = (deployment: Deployment) => deployment.misbehave('skewed-clock');
  assertNothingFailed(await run({ age: 'v2', checks: checksAbout('Extend deadline'), prepare }));
});

test('A stopped run asks nothing more and leaves nothing behind', { timeout: 120_000 }, async () => {
  const stopping = new AbortController();
  let made = 0;
  const ran = await run({
    age: 'v0',
    signal: stopping.signal,
    checked(_result, { store }) {
      made = [...store.workspaces.values()].filter(({ deleted }) => !deleted).length;
      if (made >= 3) stopping.abort(new Error('stopped'));
    },
  });
  assert.ok(made >= 3, 'nothing was there to be deleted');
  assertClean(ran);
  const stopped = reasonsIn(ran.report).filter((reason) => reason === 'the run was stopped');
  assert.ok(stopped.length > 50, String(stopped.length));
});

test('A run that is stopped while a build hangs ends the build and deletes it', { timeout: 120_000 }, async () => {
  const stopping = new AbortController();
  const hangs: Check = {
    operation: 'Cancel workspace build',
    name: 'It never ends',
    async run({ workspaces, signal }) {
      const build = await workspaces.building();
      setTimeout(() => stopping.abort(new Error('stopped')), 50);
      await workspaces.ended(build.id, signal);
    },
  };
  const ran = await run({ age: 'v2', checks: [hangs], signal: stopping.signal });
  assertClean(ran);
  assert.equal(ran.made.length, 1);
  assert.equal(of(ran.report, 'skipped').length, 1);
});

test(
  'A deployment that breaks its word fails, check by check, and the others still pass',
  { timeout: 120_000 },
  async () => {
    const prepare = (deployment: Deployment) => deployment.misbehave('500', { path: /\/extend$/ });
    const checks = [...checksAbout('Extend deadline'), ...checksAbout('Update TTL')];
    const ran = await run({ age: 'v2', checks, prepare });
    const failed = of(ran.report, 'failed');
    assert.ok(failed.length >= 6, namesOf(failed).join(', '));
    assert.ok(failed.every(({ check }) => check.operation === 'Extend deadline'));
    assert.match(table(ran.report), /^Extend deadline +\d+ +\d+ +\d+ +failed$/m);
    assert.match(table(ran.report), /^Update TTL +\d+ +0 +0 +passed$/m);
    assertClean(ran);
  },
);

test(
  'A log that is refused while nobody waits for it fails its check, and stops no other',
  { timeout: 120_000 },
  async () => {
    const prepare = async (deployment: Deployment) => {
      await deployment.misbehave('403', { path: /\/logs\?follow/ });
      await deployment.misbehave('slow', { path: /\/cancel/, delayMs: 100 });
    };
    const checks = [
      ...checksAbout('A build that waits behind others'),
      ...checksAbout('Cancel workspace build: A build that does not exist'),
    ];
    const ran = await run({ age: 'v0', checks, prepare, provisioners: 1 });
    assert.equal(of(ran.report, 'failed').length, 1);
    assert.equal(of(ran.report, 'passed').length, 1);
    assertClean(ran);
  },
);

test('What cannot be deleted is named', { timeout: 120_000 }, async () => {
  const prepare = (deployment: Deployment) => deployment.misbehave('500', { method: 'POST', path: /\/builds$/ });
  const ran = await run({ age: 'v2', checks: checksAbout('A new workspace is answered at once'), prepare });
  assert.deepEqual(ran.report.left, ran.remaining);
  assert.equal(ran.report.left.length, 1);
});

test('A workspace whose answer nobody waited for is found and deleted', { timeout: 120_000 }, async () => {
  const stopping = new AbortController();
  const asks: Check = {
    operation: 'Create workspace by organization',
    name: 'It is answered late',
    async run({ workspaces }) {
      setTimeout(() => stopping.abort(new Error('stopped')), 100);
      await workspaces.make('slow');
    },
  };
  const prepare = (deployment: Deployment) =>
    deployment.misbehave('slow', { method: 'POST', path: /\/users\/me\/workspaces$/, delayMs: 250 });
  const ran = await run({ age: 'v2', checks: [asks], signal: stopping.signal, prepare });
  assert.equal(ran.made.length, 1);
  assertClean(ran);
});

test('Every operation has checks, and no two checks share a name', () => {
  const titles = allChecks.map(({ operation, name }) => `${operation}: ${name}`);
  assert.equal(new Set(titles).size, titles.length);
  for (const operation of operations) assert.ok(checksAbout(`${operation}:`).length > 0, operation);
  assert.equal(documented.length, 17);
});
