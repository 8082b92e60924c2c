import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeploymentUrl } from '../../src/api/address.ts';
import { allChecks } from '../conformance/checks/index.ts';
import { brisk } from '../conformance/limits.ts';
import { documented, operations } from '../conformance/operations.ts';
import { table, tally, toJson } from '../conformance/report.ts';
import { runSuite } from '../conformance/suite.ts';
import { startDeployment, type Deployment } from '../deployment/index.ts';

const instance = { document: '{"instanceId":"i-0123456789abcdef0","region":"eu-west-1"}', signature: 'c2lnbmVk' };

const run = (deployment: Deployment, token = deployment.token) =>
  runSuite({
    url: parseDeploymentUrl(deployment.url),
    token,
    checks: allChecks,
    limits: brisk,
    identity: instance,
    signal: AbortSignal.timeout(60_000),
    giveUp: AbortSignal.timeout(90_000),
    tell: process.env.CONFORMANCE_TELL ? { checked: (r) => console.log(r.outcome, r.check.name, r.durationMs) } : {},
  });

for (const age of ['v0', 'v2'] as const) {
  test(`Everything that is asked of a deployment holds in ${age}`, { timeout: 120_000 }, async () => {
    const deployment = await startDeployment({ age, speed: 15, allowRenames: true, ratePerMinute: 100_000 });
    try {
      const report = await run(deployment);
      console.log(table(report), toJson(report).length, documented.length, operations.length, tally(report.results));
      assert.deepEqual(report.left, []);
    } finally {
      await deployment.close();
    }
  });
}
