import assert from 'node:assert/strict';
import { hours, later, minutes, type EpochMs, type Milliseconds, type WorkspaceId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import * as workspaceSettings from '../../../src/api/workspaceSettings.ts';
import { skip, type Check } from '../check.ts';
import { assertSameMoment, refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { Stage } from '../stage.ts';

const operation = 'Extend deadline';
const dev = need.template('dev');

interface Extendable {
  readonly id: WorkspaceId;
  readonly deadline: EpochMs;
  readonly maxDeadline: EpochMs | undefined;
}

/** @throws Skip where the usual template gives no deadline */
const extendable = async ({ workspaces, client, signal }: Stage): Promise<Extendable> => {
  const { id } = await workspaces.running();
  const { deadline, max_deadline: maxDeadline } = (await workspacesApi.get(client.calls, id, {}, signal)).latest_build;
  return { id, deadline: deadline ?? skip('the template gives no deadline'), maxDeadline };
};

const deadlineOf = async ({ client, signal }: Stage, id: WorkspaceId): Promise<EpochMs | undefined> =>
  (await workspacesApi.get(client.calls, id, {}, signal)).latest_build.deadline;

const fromNow = ({ client }: Stage, by: Milliseconds): EpochMs => later(client.clock.now(), by);

export const extend: readonly Check[] = [
  {
    operation,
    name: 'The deadline is the one that was asked for, later and earlier',
    needs: [dev],
    async run(stage) {
      const { id, deadline, maxDeadline } = await extendable(stage);
      const longer = later(deadline, hours(1));
      if (maxDeadline !== undefined && maxDeadline < longer) skip('the workspace must stop before that');
      for (const wanted of [longer, fromNow(stage, minutes(45)), deadline]) {
        await workspaceSettings.extend(stage.client.calls, id, wanted, stage.signal);
        assertSameMoment(await deadlineOf(stage, id), wanted);
      }
    },
  },
  {
    operation,
    name: 'Half a minute less than half an hour from now is still accepted',
    needs: [dev],
    async run(stage) {
      const { id, deadline } = await extendable(stage);
      const soon = fromNow(stage, (29.5 * 60_000) as Milliseconds);
      await workspaceSettings.extend(stage.client.calls, id, soon, stage.signal);
      assertSameMoment(await deadlineOf(stage, id), soon);
      await workspaceSettings.extend(stage.client.calls, id, deadline, stage.signal);
    },
  },
  {
    operation,
    name: 'A deadline too soon or in the past is refused, and the old one stays',
    needs: [dev],
    async run(stage) {
      const { id, deadline } = await extendable(stage);
      for (const by of [minutes(10), minutes(28), minutes(-60)]) {
        const attempt = workspaceSettings.extend(stage.client.calls, id, fromNow(stage, by), stage.signal);
        await refused(stage, attempt, { status: 400, kind: 'invalid' });
      }
      assertSameMoment(await deadlineOf(stage, id), deadline);
    },
  },
  {
    operation,
    name: 'A deadline beyond the last moment that the template allows is refused',
    needs: [dev, need.newer('a last moment')],
    async run(stage) {
      const { id, maxDeadline } = await extendable(stage);
      const beyond = later(maxDeadline ?? skip('the workspace may run for as long as one likes'), hours(1));
      await refused(stage, workspaceSettings.extend(stage.client.calls, id, beyond, stage.signal), {
        status: 400,
        kind: 'invalid',
      });
    },
  },
  {
    operation,
    name: 'A stopped workspace has nothing to extend',
    needs: [dev],
    async run(stage) {
      const { id } = await stage.workspaces.stopped();
      const attempt = workspaceSettings.extend(stage.client.calls, id, fromNow(stage, hours(2)), stage.signal);
      await refused(stage, attempt, { status: 409, kind: 'conflict' });
    },
  },
  {
    operation,
    name: 'A workspace that is being built cannot be extended yet',
    holdsWorker: true,
    async run(stage) {
      const build = await stage.workspaces.building();
      const attempt = workspaceSettings.extend(
        stage.client.calls,
        build.workspace_id,
        fromNow(stage, hours(2)),
        stage.signal,
      );
      await refused(stage, stage.workspaces.unlessEnded(build, attempt), { status: 409, kind: 'conflict' });
    },
  },
  {
    operation,
    name: 'A workspace that is stopped by hand only cannot be extended',
    needs: [dev],
    async run(stage) {
      const { client, signal, workspaces } = stage;
      if (workspaces.template('dev').allow_user_autostop === false) skip('the template sets the time itself');
      const { id } = await workspaces.keep('manual', async () => workspaces.started(await workspaces.make('dev')));
      await workspaceSettings.updateTtl(client.calls, id, undefined, signal);
      if ((await workspacesApi.get(client.calls, id, {}, signal)).latest_build.max_deadline !== undefined) {
        skip('the template makes every workspace stop');
      }
      // The document's age leaves the running build alone.
      if ((await deadlineOf(stage, id)) !== undefined && stage.facts.age !== 'today') {
        await workspaces.build(id, { transition: 'stop' });
        await workspaces.build(id, { transition: 'start' });
      }
      assert.equal(await deadlineOf(stage, id), undefined);
      const attempt = workspaceSettings.extend(client.calls, id, fromNow(stage, hours(2)), signal);
      await refused(stage, attempt, { status: 409, kind: 'conflict' });
    },
  },
  {
    operation,
    name: 'A workspace that does not exist is not found',
    async run(stage) {
      const attempt = workspaceSettings.extend(
        stage.client.calls,
        UNKNOWN_ID as WorkspaceId,
        fromNow(stage, hours(2)),
        stage.signal,
      );
      await refused(stage, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
