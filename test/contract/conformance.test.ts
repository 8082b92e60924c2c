import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { allChecks, checksAbout } from '../conformance/checks/index.ts';
import type { Check } from '../conformance/check.ts';
import { brisk } from '../conformance/limits.ts';
import { documented, operations } from '../conformance/operations.ts';
import { table, toJson, type Report } from '../conformance/report.ts';
import { runSuite } from '../conformance/suite.ts';
import { startDeployment, type AgeName, type Deployment, type DeploymentOptions } from '../deployment/index.ts';

const INSTANCE = 'i-0123456789abcdef0';
const proof = { document: JSON.stringify({ instanceId: INSTANCE, accountId: '123456789012' }), signature: 'c2lnbmVk' };

interface Run extends Partial<DeploymentOptions> {
  readonly age: AgeName;
  readonly checks?: readonly Check[];
  readonly template?: string;
  /** Who asks; the site owner when left out. */
  readonly as?: 'dana';
  readonly signal?: (deployment: Deployment) => AbortSignal;
}

/** Runs the suite against a new local deployment, and looks afterwards whether anything is left in it. */
const run = async ({ age, checks = allChecks, template, as, signal, ...more }: Run): Promise<Report> => {
  const deployment = await startDeployment({ age, speed: 15, ratePerMinute: 100_000, ...more });
  try {
    deployment.acceptInstance(proof.document, INSTANCE);
    const token = as === undefined ? deployment.token : deployment.users[as].token;
    const report = await runSuite({
      url: parseDeploymentUrl(deployment.url),
      token,
      checks,
      template,
      limits: brisk,
      identity: proof,
      signal: signal?.(deployment) ?? AbortSignal.timeout(60_000),
      giveUp: AbortSignal.timeout(90_000),
    });
    const made = [...deployment.world.workspaces.values()];
    assert.deepEqual(
      made.filter(({ deleted }) => !deleted).map(({ name }) => name),
      [],
    );
    assert.deepEqual(
      made.filter(({ name }) => !name.startsWith('conformance-')).map(({ name }) => name),
      [],
    );
    assert.ok(!`${toJson(report)}${table(report)}`.includes(token), 'the report holds the token');
    return report;
  } finally {
    await deployment.close();
  }
};

const assertNothingFailed = (report: Report): void => {
  const failed = report.results.filter(({ outcome }) => outcome.kind === 'failed');
  assert.deepEqual(
    failed.map(({ check, outcome }) => [check.operation, check.name, outcome]),
    [],
  );
  assert.deepEqual(report.left, []);
};

const namesSkipped = (report: Report): string[] =>
  report.results.filter(({ outcome }) => outcome.kind === 'skipped').map(({ check }) => check.name);

for (const age of ['v0', 'v2'] as const) {
  test(`Everything that is asked of the local deployment holds in ${age}`, { timeout: 120_000 }, async () => {
    const report = await run({ age });
    assertNothingFailed(report);
    assert.equal(report.facts.age, age === 'v0' ? 'document' : 'today');
    for (const operation of documented) {
      const passed = report.results.filter(
        (each) => each.check.operation === operation && each.outcome.kind === 'passed',
      );
      assert.ok(passed.length >= 2, `${operation}: only ${passed.length} passed`);
    }
  });

  test(`What a member may not do is refused in ${age}`, { timeout: 120_000 }, async () => {
    const checks = [...checksAbout('Cancel workspace build'), ...checksAbout('Get build state')];
    const report = await run({ age, checks, as: 'dana' });
    assertNothingFailed(report);
    const skipped = namesSkipped(report);
    assert.ok(!skipped.includes('Where the template forbids it people may not cancel'));
    assert.ok(skipped.includes('Where the template forbids it a site owner still may'));
  });
}

test('Where renames are switched on they are asked for', { timeout: 120_000 }, async () => {
  const report = await run({ age: 'v2', checks: checksAbout('Update workspace (rename)'), allowRenames: true });
  assertNothingFailed(report);
  assert.deepEqual(namesSkipped(report), ['Where renames are off every good name is refused, even the one it has']);
});

test('A template that makes workspaces stop is asked about its last moment', { timeout: 120_000 }, async () => {
  const report = await run({ age: 'v2', checks: checksAbout('Extend deadline'), template: 'nightly' });
  assertNothingFailed(report);
  assert.ok(!namesSkipped(report).some((name) => name.startsWith('A deadline beyond the last moment')));
});

test('Every operation has checks, and no two checks share a name', () => {
  const titles = allChecks.map(({ operation, name }) => `${operation}: ${name}`);
  assert.equal(new Set(titles).size, titles.length);
  for (const operation of operations) assert.ok(checksAbout(`${operation}:`).length > 0, operation);
  assert.equal(documented.length, 17);
});
