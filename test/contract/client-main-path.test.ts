import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as buildsApi from '../../src/api/builds.ts';
import * as general from '../../src/api/general.ts';
import { followBuildLog } from '../../src/api/logs.ts';
import { hasEnded } from '../../src/api/buildEnd.ts';
import * as templatesApi from '../../src/api/templates.ts';
import * as templateVersions from '../../src/api/templateVersions.ts';
import { hours, later } from '../../src/api/units.ts';
import * as users from '../../src/api/users.ts';
import { watchWorkspace } from '../../src/api/watch.ts';
import * as workspaces from '../../src/api/workspaces.ts';
import * as workspaceSettings from '../../src/api/workspaceSettings.ts';
import {
  ages,
  clientOf,
  collect,
  createWorkspace,
  deploymentFor,
  quickPace,
  soon,
  templateNamed,
} from './client-fixture.ts';

for (const age of ages) {
  describe(`the main path against a deployment of age ${age}`, async () => {
    const deployment = await deploymentFor({ age, seed: true });
    const client = clientOf(deployment);

    test('says which build of Coder answers, without a token', async () => {
      const info = await general.buildInfo(clientOf(deployment, '').calls, soon());
      assert.match(info.version, /^v\d+\.\d+\.\d+/);
      assert.equal(client.features.buildVersion, undefined);
    });

    test('says who one is and which organizations and templates there are', async () => {
      const me = await users.me(client.calls, soon());
      assert.equal(me.username, 'owner');
      const [organization] = await users.organizations(client.calls, 'me', soon());
      assert.ok(organization);
      const templates = await templatesApi.list(client.calls, organization.id, soon());
      assert.ok(templates.some((template) => template.name === 'dev'));
      assert.equal(templates.skippedRows, 0);
    });

    test('reads parameters in the form of the age and remembers which one it is', async () => {
      const template = await templateNamed(client, 'dev');
      assert.ok(template.active_version_id);
      const parameters = await templateVersions.parameters(client.calls, template.active_version_id, soon());
      assert.equal(parameters.kind, age === 'v0' ? 'legacy' : 'rich');
      const before = deployment.requests.length;
      await templateVersions.parameters(client.calls, template.active_version_id, soon());
      const asked = deployment.requests.slice(before).map((request) => request.path.split('/').at(-1));
      assert.deepEqual(asked.sort(), age === 'v0' ? ['parameters', 'schema'] : ['rich-parameters']);
    });

    test('lists workspaces in pages without losing or repeating one', async () => {
      const all = await workspaces.list(client.calls, {}, soon());
      const first = await workspaces.list(client.calls, { limit: 2, offset: 0 }, soon());
      const second = await workspaces.list(client.calls, { limit: 2, offset: 2 }, soon());
      assert.equal(first.count, all.count);
      assert.equal(new Set([...first.workspaces, ...second.workspaces].map(({ id }) => id)).size, 4);
      const paged = await collect(workspaces.pages(client.calls, { q: 'owner:me' }, soon()), () => false);
      assert.ok(paged.length > 0);
    });

    test('creates, follows the log to the real end, extends, stops and deletes', async () => {
      const created = await createWorkspace(client, 'slow', 'main-path');
      const build = created.latest_build;
      const events = await collect(
        followBuildLog(client.calls, build.id, { signal: soon(), pace: quickPace }),
        () => false,
      );
      const ended = events.at(-1);
      assert.equal(ended?.kind, 'ended');
      assert.equal(ended.build.job.status, 'succeeded');
      const ids = events.flatMap((event) => (event.kind === 'entries' ? event.entries.map(({ id }) => id) : []));
      assert.ok(ids.length > 20, `only ${ids.length} entries`);
      assert.deepEqual(
        ids,
        [...new Set(ids)].sort((a, b) => a - b),
      );
      assert.deepEqual(
        (await buildsApi.logs(client.calls, build.id, {}, soon())).map(({ id }) => id),
        ids,
      );

      const running = await workspaces.get(client.calls, created.id, {}, soon());
      assert.equal(running.latest_build.status, 'running');
      const deadline = later(client.clock.now(), hours(3));
      await workspaceSettings.extend(client.calls, created.id, deadline, soon());
      const extended = await workspaces.getByOwnerAndName(client.calls, 'me', 'MAIN-path', {}, soon());
      assert.equal(extended.latest_build.deadline, deadline);

      const stop = await workspaces.createBuild(client.calls, created.id, { transition: 'stop' }, soon());
      assert.equal(stop.build_number, 2);
      await collect(followBuildLog(client.calls, stop.id, { signal: soon(), pace: quickPace }), () => false);
      const remove = await workspaces.createBuild(client.calls, created.id, { transition: 'delete' }, soon());
      await collect(followBuildLog(client.calls, remove.id, { signal: soon(), pace: quickPace }), () => false);
      await assert.rejects(workspaces.get(client.calls, created.id, {}, soon()), { name: 'ApiError', kind: 'gone' });
      const gone = await workspaces.get(client.calls, created.id, { includeDeleted: true }, soon());
      assert.equal(gone.latest_build.status, 'deleted');
      const builds = await workspaces.builds(client.calls, created.id, {}, soon());
      assert.deepEqual(
        builds.map((each) => each.build_number),
        [3, 2, 1],
      );
    });

    test('cancels a running build, and the log ends with the build canceled', async () => {
      const created = await createWorkspace(client, 'hang', 'to-cancel');
      const follow = followBuildLog(client.calls, created.latest_build.id, { signal: soon(), pace: quickPace });
      let canceled = false;
      const events = await collect(follow, (event) => {
        if (event.kind === 'entries' && !canceled) {
          canceled = true;
          void buildsApi.cancel(client.calls, created.latest_build.id, {}, soon());
        }
        return false;
      });
      const ended = events.at(-1);
      assert.ok(ended?.kind === 'ended' && hasEnded(ended.build));
      assert.notEqual(ended.build.job.canceled_at, undefined);
      await assert.rejects(buildsApi.cancel(client.calls, created.latest_build.id, {}, soon()), { kind: 'notNow' });
    });

    test('ends the log of a build that was canceled while queued, although its stream never ends', async () => {
      deployment.hold('queue');
      const created = await createWorkspace(client, 'slow', 'waits-in-line');
      const follow = followBuildLog(client.calls, created.latest_build.id, { signal: soon(), pace: quickPace });
      const events = collect(follow, () => false);
      await buildsApi.cancel(client.calls, created.latest_build.id, { expectStatus: 'pending' }, soon());
      const ended = (await events).at(-1);
      deployment.release();
      assert.ok(ended?.kind === 'ended');
      assert.equal(ended.build.status, 'canceled');
    });

    test('watches a workspace from where it is through a whole build', async () => {
      const created = await createWorkspace(client, 'slow', 'watched');
      const events = await collect(
        watchWorkspace(client.calls, created.id, soon()),
        (event) => event.kind === 'workspace' && event.workspace.latest_build.status === 'running',
      );
      assert.equal(events[0]?.kind, 'open');
      assert.equal(events[1]?.kind, 'workspace');
      assert.equal(client.features.stream, 'events');
    });
  });
}
