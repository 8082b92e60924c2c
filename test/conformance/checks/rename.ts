import assert from 'node:assert/strict';
import type { WorkspaceId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import * as workspaceSettings from '../../../src/api/workspaceSettings.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const operation = 'Update workspace (rename)';
const dev = need.template('dev');

/** @throws Skip where the deployment has them switched off */
const withRenames = async (context: CheckContext) => {
  const workspace = await context.workspaces.stopped();
  if (workspace.allow_renames === false) skip('renames are switched off in this deployment');
  return workspace;
};

export const rename: readonly Check[] = [
  {
    operation,
    name: 'A renamed workspace has its new name and no longer the old one',
    needs: [dev],
    async run(context) {
      const { client, signal, workspaces } = context;
      const { id, name } = await withRenames(context);
      const renamed = workspaces.nameFor('renamed');
      await workspaceSettings.rename(client.calls, id, renamed, signal);
      try {
        assert.equal((await workspacesApi.get(client.calls, id, {}, signal)).name, renamed);
        assert.equal((await workspacesApi.getByOwnerAndName(client.calls, 'me', renamed, {}, signal)).id, id);
        const old = workspacesApi.getByOwnerAndName(client.calls, 'me', name, {}, signal);
        await refused(context, old, { status: 404, kind: 'notFound' });
      } finally {
        await workspaceSettings.rename(client.calls, id, name, signal);
      }
      assert.equal((await workspacesApi.get(client.calls, id, {}, signal)).name, name);
    },
  },
  {
    operation,
    name: 'The name that it has already is accepted, also where renames are off',
    needs: [dev],
    async run(context) {
      const { id, name } = await context.workspaces.stopped();
      await workspaceSettings.rename(context.client.calls, id, name, context.signal);
    },
  },
  {
    operation,
    name: 'A name that another workspace has is refused at the name',
    needs: [dev],
    async run(context) {
      const { id } = await withRenames(context);
      const { name } = await context.workspaces.running();
      const attempt = workspaceSettings.rename(context.client.calls, id, name, context.signal);
      await refused(context, attempt, { status: 409, kind: 'conflict', fields: ['name'] });
    },
  },
  {
    operation,
    name: 'A name against the rules is refused at the name, also where renames are off',
    needs: [dev],
    async run(context) {
      const { id, name } = await context.workspaces.stopped();
      const wrong = [
        '',
        ...['no spaces', 'two--hyphens', 'x'.repeat(33)].map((text) => context.workspaces.nameFor(text)),
      ];
      for (const each of wrong) {
        const attempt = workspaceSettings.rename(context.client.calls, id, each, context.signal);
        await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['name'] });
      }
      assert.equal((await workspacesApi.get(context.client.calls, id, {}, context.signal)).name, name);
    },
  },
  {
    operation,
    name: 'A deleted workspace cannot be renamed',
    needs: [dev],
    async run(context) {
      await withRenames(context);
      const { id } = await context.workspaces.deleted();
      const attempt = workspaceSettings.rename(
        context.client.calls,
        id,
        context.workspaces.nameFor('back'),
        context.signal,
      );
      await refused(context, attempt, { status: 405, kind: 'notNow' });
    },
  },
  {
    operation,
    name: 'Where renames are off every other name is refused',
    needs: [dev, need.newer('the switch for renames')],
    async run(context) {
      const { id, name, allow_renames: allowed } = await context.workspaces.stopped();
      if (allowed !== false) skip('renames are switched on in this deployment');
      const attempt = workspaceSettings.rename(
        context.client.calls,
        id,
        context.workspaces.nameFor('renamed'),
        context.signal,
      );
      const error = await refused(context, attempt, { status: 400, kind: 'invalid' });
      assert.deepEqual(error.validations, []);
      assert.equal((await workspacesApi.get(context.client.calls, id, {}, context.signal)).name, name);
    },
  },
  {
    operation,
    name: 'A workspace that does not exist is not found',
    async run(context) {
      const name = context.workspaces.nameFor('nothing');
      const attempt = workspaceSettings.rename(context.client.calls, UNKNOWN_ID as WorkspaceId, name, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
