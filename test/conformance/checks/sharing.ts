import assert from 'node:assert/strict';
import * as acl from '../../../src/api/acl.ts';
import { isOfKind } from '../../../src/api/errors.ts';
import * as users from '../../../src/api/users.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { skip, type Check } from '../check.ts';
import * as need from '../needs.ts';

export const sharing: readonly Check[] = [
  {
    operation: 'Workspace extras',
    name: 'A workspace is shared with another user as far as is said, and no longer when it is taken back',
    needs: [need.template('dev'), need.newer('sharing')],
    async run(context) {
      const { client, facts, signal } = context;
      const { id } = await context.workspaces.stopped();
      const roles = async () => (await acl.get(client.calls, id, signal)).users.map((user) => [user.id, user.role]);
      const read = () => workspacesApi.get(client.calls, id, {}, signal);
      const isListed = async () => {
        const { workspaces } = await workspacesApi.list(client.calls, { q: 'owner:me shared:true' }, signal);
        return workspaces.some((each) => each.id === id);
      };
      try {
        assert.deepEqual(await roles(), []);
      } catch (error) {
        if (isOfKind(error, 'forbidden', 'routeNotFound')) skip('sharing is off here');
        throw error;
      }
      const organizationId = facts.templates.get('dev')?.organization_id;
      if (organizationId === undefined) return skip('the organization of the template is not told');
      const seen = await users
        .availableOwners(client.calls, organizationId, { limit: 10 }, signal)
        .catch((error: unknown) => {
          if (isOfKind(error, 'forbidden', 'notFound')) skip('this token may not look for other users');
          throw error;
        });
      const other = seen.find((user) => user.id !== facts.me.id) ?? skip('this token sees nobody else');
      try {
        for (const role of ['use', 'admin'] as const) {
          await acl.setRole(client.calls, id, other.id, role, signal);
          assert.deepEqual(await roles(), [[other.id, role]]);
          const [shared] = (await read()).shared_with;
          assert.deepEqual([shared?.id, shared?.roles], [other.id, [role]]);
          assert.equal(await isListed(), true, 'a shared workspace is not listed as one');
        }
      } finally {
        // Not with the check's own signal: nobody keeps a part in it when it is stopped.
        await acl.setRole(client.calls, id, other.id, '', AbortSignal.timeout(context.limits.soonMs));
      }
      assert.deepEqual(await roles(), []);
      assert.deepEqual((await read()).shared_with, []);
      assert.equal(await isListed(), false, 'a workspace that is no longer shared is listed as shared');
    },
  },
];
