import assert from 'node:assert/strict';
import { hours, later, minutes, type EpochMs, type Milliseconds, type WorkspaceId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import * as workspaceSettings from '../../../src/api/workspaceSettings.ts';
import { skip, type Check } from '../check.ts';
import { assertSameMoment, refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const operation = 'Extend deadline';
const dev = need.template('dev');

interface Extendable {
  readonly id: WorkspaceId;
  readonly deadline: EpochMs;
  readonly maxDeadline: EpochMs | undefined;
}

/** @throws Skip where the usual template gives no deadline */
const extendable = async ({ workspaces, client, signal }: CheckContext): Promise<Extendable> => {
  const { id } = await workspaces.running();
  const { deadline, max_deadline: maxDeadline } = (await workspacesApi.get(client.calls, id, {}, signal)).latest_build;
  return { id, deadline: deadline ?? skip('the template gives no deadline'), maxDeadline };
};

const deadlineOf = async ({ client, signal }: CheckContext, id: WorkspaceId): Promise<EpochMs | undefined> =>
  (await workspacesApi.get(client.calls, id, {}, signal)).latest_build.deadline;

const fromNow = ({ client }: CheckContext, by: Milliseconds): EpochMs => later(client.clock.now(), by);

export const extend: readonly Check[] = [
  {
    operation,
    name: 'The deadline is the one that was asked for, later and earlier',
    needs: [dev],
    async run(context) {
      const { id, deadline, maxDeadline } = await extendable(context);
      const longer = later(deadline, hours(1));
      if (maxDeadline !== undefined && maxDeadline < longer) skip('the workspace must stop before that');
      for (const wanted of [longer, fromNow(context, minutes(45)), deadline]) {
        await workspaceSettings.extend(context.client.calls, id, wanted, context.signal);
        assertSameMoment(await deadlineOf(context, id), wanted);
      }
    },
  },
  {
    operation,
    name: 'Half a minute less than half an hour from now is still accepted',
    needs: [dev],
    async run(context) {
      const { id, deadline } = await extendable(context);
      const soon = fromNow(context, (29.5 * 60_000) as Milliseconds);
      await workspaceSettings.extend(context.client.calls, id, soon, context.signal);
      assertSameMoment(await deadlineOf(context, id), soon);
      await workspaceSettings.extend(context.client.calls, id, deadline, context.signal);
    },
  },
  {
    operation,
    name: 'A deadline too soon or in the past is refused, and the old one stays',
    needs: [dev],
    async run(context) {
      const { id, deadline } = await extendable(context);
      for (const by of [minutes(10), minutes(28), minutes(-60)]) {
        const attempt = workspaceSettings.extend(context.client.calls, id, fromNow(context, by), context.signal);
        await refused(context, attempt, { status: 400, kind: 'invalid' });
      }
      assertSameMoment(await deadlineOf(context, id), deadline);
    },
  },
  {
    operation,
    name: 'A deadline beyond the last moment that the template allows is refused',
    needs: [dev, need.newer('a last moment')],
    async run(context) {
      const { id, maxDeadline } = await extendable(context);
      const beyond = later(maxDeadline ?? skip('the workspace may run for as long as one likes'), hours(1));
      await refused(context, workspaceSettings.extend(context.client.calls, id, beyond, context.signal), {
        status: 400,
        kind: 'invalid',
      });
    },
  },
  {
    operation,
    name: 'A stopped workspace has nothing to extend',
    needs: [dev],
    async run(context) {
      const { id } = await context.workspaces.stopped();
      const attempt = workspaceSettings.extend(context.client.calls, id, fromNow(context, hours(2)), context.signal);
      await refused(context, attempt, { status: 409, kind: 'conflict' });
    },
  },
  {
    operation,
    name: 'A workspace that is being built cannot be extended yet',
    holdsWorker: true,
    async run(context) {
      const build = await context.workspaces.building();
      const attempt = workspaceSettings.extend(
        context.client.calls,
        build.workspace_id,
        fromNow(context, hours(2)),
        context.signal,
      );
      await refused(context, context.workspaces.unlessEnded(build, attempt), { status: 409, kind: 'conflict' });
    },
  },
  {
    operation,
    name: 'A workspace that is stopped by hand only cannot be extended',
    needs: [dev],
    async run(context) {
      const { client, signal, workspaces } = context;
      if (workspaces.template('dev').allow_user_autostop === false) skip('the template sets the time itself');
      const { id } = await workspaces.keep('manual', async () => workspaces.started(await workspaces.make('dev')));
      await workspaceSettings.updateTtl(client.calls, id, undefined, signal);
      if ((await workspacesApi.get(client.calls, id, {}, signal)).latest_build.max_deadline !== undefined) {
        skip('the template makes every workspace stop');
      }
      // The document's age leaves the running build alone.
      if ((await deadlineOf(context, id)) !== undefined && context.facts.age !== 'today') {
        await workspaces.build(id, { transition: 'stop' });
        await workspaces.build(id, { transition: 'start' });
      }
      assert.equal(await deadlineOf(context, id), undefined);
      const attempt = workspaceSettings.extend(client.calls, id, fromNow(context, hours(2)), signal);
      await refused(context, attempt, { status: 409, kind: 'conflict' });
    },
  },
  {
    operation,
    name: 'A workspace that does not exist is not found',
    async run(context) {
      const attempt = workspaceSettings.extend(
        context.client.calls,
        UNKNOWN_ID as WorkspaceId,
        fromNow(context, hours(2)),
        context.signal,
      );
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
