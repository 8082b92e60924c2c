import assert from 'node:assert/strict';
import type { WorkspaceId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { assertStatus } from '../age.ts';
import type { Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';

const dev = need.template('dev');
const byName = 'Get workspace by owner and name';
const byId = 'Get workspace by ID';

export const read: readonly Check[] = [
  {
    operation: byName,
    name: 'The owner is “me”, a user name or an id, and all name the same workspace',
    needs: [dev],
    async run({ workspaces, client, facts, signal }) {
      const { id, name } = await workspaces.running();
      for (const owner of ['me', facts.me.username, facts.me.id]) {
        assert.equal((await workspacesApi.getByOwnerAndName(client.calls, owner, name, {}, signal)).id, id, owner);
      }
    },
  },
  {
    operation: byName,
    name: 'Upper and lower case of a name are one',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { id, name } = await workspaces.running();
      const found = await workspacesApi.getByOwnerAndName(client.calls, 'me', name.toUpperCase(), {}, signal);
      assert.equal(found.id, id);
      assert.equal(found.name, name);
    },
  },
  {
    operation: byName,
    name: 'A name that nobody has is not found',
    async run(context) {
      const name = context.workspaces.nameFor('nowhere');
      const attempt = workspacesApi.getByOwnerAndName(context.client.calls, 'me', name, {}, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation: byName,
    name: 'An owner who does not exist is refused',
    async run(context) {
      const attempt = workspacesApi.getByOwnerAndName(
        context.client.calls,
        'conformance-nobody',
        'x',
        {},
        context.signal,
      );
      const { status } = await attempt.then(
        () => assert.fail('it was accepted'),
        (error: unknown) => error as { status?: number },
      );
      // 400 in the document's age and long after, 404 in later ones.
      if (status !== 404) assertStatus(context.facts.age, status, 400);
    },
  },
  {
    operation: byName,
    name: 'A deleted workspace is found by its name only when asked for',
    needs: [dev],
    async run(context) {
      const { client, signal } = context;
      const { id, name } = await context.workspaces.deleted();
      const attempt = workspacesApi.getByOwnerAndName(client.calls, 'me', name, {}, signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
      const found = await workspacesApi.getByOwnerAndName(client.calls, 'me', name, { includeDeleted: true }, signal);
      assert.equal(found.id, id);
      assert.equal(found.latest_build.status, 'deleted');
    },
  },
  {
    operation: byId,
    name: 'A running workspace carries its build, its times and its template',
    needs: [dev],
    async run({ workspaces, client, signal, facts }) {
      const { id } = await workspaces.running();
      const found = await workspacesApi.get(client.calls, id, {}, signal);
      const template = workspaces.template('dev');
      assert.equal(found.id, id);
      assert.equal(found.owner_id, facts.me.id);
      assert.equal(found.template_name, template.name);
      assert.equal(found.latest_build.workspace_id, id);
      assert.equal(found.latest_build.job.status, 'succeeded');
      assert.equal(found.outdated, false);
      assert.ok(found.created_at !== undefined, 'created_at');
      assert.ok(found.latest_build.job.started_at !== undefined, 'started_at');
      assert.ok(found.latest_build.job.completed_at !== undefined, 'completed_at');
    },
  },
  {
    operation: byId,
    name: 'What came after the document says what the deployment can do',
    needs: [dev, need.newer('what a workspace says of features')],
    async run({ workspaces, facts }) {
      if (facts.age !== 'today') return;
      const found = await workspaces.running();
      assert.notEqual(found.allow_renames, undefined, 'allow_renames');
      assert.notEqual(found.favorite, undefined, 'favorite');
      assert.notEqual(found.automatic_updates, undefined, 'automatic_updates');
      assert.notEqual(found.health, undefined, 'health');
      assert.notEqual(found.template_active_version_id, undefined, 'template_active_version_id');
    },
  },
  {
    operation: byId,
    name: 'In the document’s age a workspace says nothing of later features',
    needs: [dev, need.olderOnly('the silence about features')],
    async run({ workspaces }) {
      const found = await workspaces.running();
      assert.equal(found.allow_renames, undefined);
      assert.equal(found.favorite, undefined);
      assert.equal(found.health, undefined);
      assert.equal(found.latest_build.max_deadline, undefined);
    },
  },
  {
    operation: byId,
    name: 'An id that nothing has is not found, and what is no id is refused',
    async run(context) {
      const { client, signal } = context;
      const unknown = workspacesApi.get(client.calls, UNKNOWN_ID as WorkspaceId, {}, signal);
      await refused(context, unknown, { status: 404, kind: 'notFound' });
      const malformed = workspacesApi.get(client.calls, 'abc' as WorkspaceId, {}, signal);
      await refused(context, malformed, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation: byId,
    name: 'A deleted workspace is gone, and comes only when asked for',
    needs: [dev],
    async run(context) {
      const { client, signal } = context;
      const { id } = await context.workspaces.deleted();
      await refused(context, workspacesApi.get(client.calls, id, {}, signal), { status: 410, kind: 'gone' });
      const found = await workspacesApi.get(client.calls, id, { includeDeleted: true }, signal);
      assert.equal(found.latest_build.transition, 'delete');
      assert.equal(found.latest_build.status, 'deleted');
    },
  },
];
