import assert from 'node:assert/strict';
import * as builds from '../../../src/api/builds.ts';
import { hasEnded, type Build } from '../../../src/api/schemas/workspaces.ts';
import type { BuildId } from '../../../src/api/units.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import { lastEvent } from '../logEvents.ts';
import * as need from '../needs.ts';
import type { Stage } from '../stage.ts';
import { canceledWhileQueued } from './queue.ts';

const operation = 'Cancel workspace build';
const notNow = { status: { document: 412, today: 400 }, kind: 'notNow' } as const;

/** A build that may be canceled, and that goes on until it is. */
const hanging = async ({ workspaces }: Stage): Promise<Build> => {
  workspaces.template('hang');
  return workspaces.building();
};

export const cancel: readonly Check[] = [
  {
    operation,
    name: 'A build that is not in the expected status is left alone',
    needs: [need.template('hang'), need.newer('the expected status')],
    holdsWorker: true,
    async run(stage) {
      if (stage.facts.age !== 'today') skip('it came at some time in between');
      const build = await hanging(stage);
      const attempt = builds.cancel(stage.client.calls, build.id, { expectStatus: 'pending' }, stage.signal);
      await refused(stage, attempt, { status: 412, kind: 'notNow' });
      const { job } = await builds.get(stage.client.calls, build.id, stage.signal);
      assert.equal(job.status, 'running');
      assert.equal(job.canceled_at, undefined);
    },
  },
  {
    operation,
    name: 'A running build is canceled once, and ends marked as canceled',
    needs: [need.template('hang')],
    holdsWorker: true,
    async run(stage) {
      const { client, signal, workspaces } = stage;
      const build = await hanging(stage);
      await builds.cancel(client.calls, build.id, { expectStatus: 'running' }, signal);
      await refused(stage, builds.cancel(client.calls, build.id, {}, signal), notNow);
      const meanwhile = await builds.get(client.calls, build.id, signal);
      assert.ok(meanwhile.job.canceled_at !== undefined, 'it is not marked as canceled');
      assert.ok(meanwhile.status === 'canceling' || hasEnded(meanwhile), meanwhile.status);
      const ended = await workspaces.ended(build.id, signal);
      assert.ok(['canceled', 'failed'].includes(ended.status), ended.status);
      assert.ok(ended.job.canceled_at !== undefined, 'it is no longer marked as canceled');
      await refused(stage, builds.cancel(client.calls, build.id, {}, signal), notNow);
    },
  },
  {
    operation,
    name: 'A build that waits behind others is canceled at once, and whoever follows its log hears of the end',
    holdsWorker: true,
    async run(stage) {
      const { build, events } = await canceledWhileQueued(stage);
      assert.equal(build.status, 'canceled');
      assert.ok(build.job.completed_at !== undefined, 'it has no end');
      // The document's age builds it all the same when a worker gets to it (contract 2.10).
      if (stage.facts.age === 'today') assert.equal(build.job.started_at, undefined);
      const last = lastEvent(events);
      assert.equal(last.kind, 'ended');
      assert.equal(last.build.status, 'canceled');
    },
  },
  {
    operation,
    name: 'A build that has ended cannot be canceled',
    needs: [need.template('dev')],
    async run(stage) {
      const { latest_build } = await stage.workspaces.running();
      await refused(stage, builds.cancel(stage.client.calls, latest_build.id, {}, stage.signal), notNow);
    },
  },
  {
    operation,
    name: 'Where the template forbids it people may not cancel',
    needs: [need.template('no-cancel'), need.noSiteOwner],
    async run(stage) {
      const made = await stage.workspaces.make('no-cancel');
      assert.equal(made.template_allow_user_cancel_workspace_jobs, false);
      const attempt = builds.cancel(stage.client.calls, made.latest_build.id, {}, stage.signal);
      await refused(stage, stage.workspaces.unlessEnded(made.latest_build, attempt), {
        status: 403,
        kind: 'forbidden',
      });
      const { job } = await builds.get(stage.client.calls, made.latest_build.id, stage.signal);
      assert.equal(job.canceled_at, undefined);
    },
  },
  {
    operation,
    name: 'Where the template forbids it a site owner still may',
    needs: [need.template('no-cancel'), need.siteOwner],
    async run(stage) {
      const made = await stage.workspaces.make('no-cancel');
      assert.equal(made.template_allow_user_cancel_workspace_jobs, false);
      await builds.cancel(stage.client.calls, made.latest_build.id, {}, stage.signal);
      const { job } = await builds.get(stage.client.calls, made.latest_build.id, stage.signal);
      assert.ok(job.canceled_at !== undefined, 'it is not marked as canceled');
    },
  },
  {
    operation,
    name: 'A build that does not exist is not found',
    async run(stage) {
      const attempt = builds.cancel(stage.client.calls, UNKNOWN_ID as BuildId, {}, stage.signal);
      await refused(stage, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
