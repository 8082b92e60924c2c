import assert from 'node:assert/strict';
import * as builds from '../../../src/api/builds.ts';
import { hasEnded } from '../../../src/api/buildEnd.ts';
import type { Build } from '../../../src/api/schemas/workspaces.ts';
import type { BuildId } from '../../../src/api/units.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import { lastEvent } from '../logEvents.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';
import { canceledWhileQueued } from './queue.ts';

const operation = 'Cancel workspace build';
const notNow = { status: { document: 412, today: 400 }, kind: 'notNow' } as const;

/** A build that may be canceled, and that goes on until it is. */
const hanging = async ({ workspaces }: CheckContext): Promise<Build> => {
  workspaces.template('hang');
  return workspaces.building();
};

export const cancel: readonly Check[] = [
  {
    operation,
    name: 'A build that is not in the expected status is left alone',
    needs: [need.template('hang'), need.newer('the expected status')],
    holdsWorker: true,
    async run(context) {
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const build = await hanging(context);
      const attempt = builds.cancel(context.client.calls, build.id, { expectStatus: 'pending' }, context.signal);
      await refused(context, attempt, { status: 412, kind: 'notNow' });
      const { job } = await builds.get(context.client.calls, build.id, context.signal);
      assert.equal(job.status, 'running');
      assert.equal(job.canceled_at, undefined);
    },
  },
  {
    operation,
    name: 'A running build is canceled once, and ends marked as canceled',
    needs: [need.template('hang')],
    holdsWorker: true,
    async run(context) {
      const { client, signal, workspaces } = context;
      const build = await hanging(context);
      await builds.cancel(client.calls, build.id, { expectStatus: 'running' }, signal);
      await refused(context, builds.cancel(client.calls, build.id, {}, signal), notNow);
      const meanwhile = await builds.get(client.calls, build.id, signal);
      assert.ok(meanwhile.job.canceled_at !== undefined, 'it is not marked as canceled');
      assert.ok(meanwhile.status === 'canceling' || hasEnded(meanwhile), meanwhile.status);
      const ended = await workspaces.ended(build.id, signal);
      assert.ok(['canceled', 'failed'].includes(ended.status), ended.status);
      assert.ok(ended.job.canceled_at !== undefined, 'it is no longer marked as canceled');
      await refused(context, builds.cancel(client.calls, build.id, {}, signal), notNow);
    },
  },
  {
    operation,
    name: 'A build that waits behind others is canceled at once, and whoever follows its log hears of the end',
    holdsWorker: true,
    async run(context) {
      const { build, events } = await canceledWhileQueued(context);
      assert.equal(build.status, 'canceled');
      assert.ok(build.job.completed_at !== undefined, 'it has no end');
      // The document's age builds it all the same when a worker gets to it (contract 2.10).
      if (context.facts.age === 'today') assert.equal(build.job.started_at, undefined);
      const last = lastEvent(events);
      assert.equal(last.kind, 'ended');
      assert.equal(last.build.status, 'canceled');
    },
  },
  {
    operation,
    name: 'A build that has ended cannot be canceled',
    needs: [need.template('dev')],
    async run(context) {
      const { latest_build } = await context.workspaces.running();
      await refused(context, builds.cancel(context.client.calls, latest_build.id, {}, context.signal), notNow);
    },
  },
  {
    operation,
    name: 'Where the template forbids it people may not cancel',
    needs: [need.template('no-cancel'), need.noSiteOwner],
    async run(context) {
      const made = await context.workspaces.make('no-cancel');
      assert.equal(made.template_allow_user_cancel_workspace_jobs, false);
      const attempt = builds.cancel(context.client.calls, made.latest_build.id, {}, context.signal);
      await refused(context, context.workspaces.unlessEnded(made.latest_build, attempt), {
        status: 403,
        kind: 'forbidden',
      });
      const { job } = await builds.get(context.client.calls, made.latest_build.id, context.signal);
      assert.equal(job.canceled_at, undefined);
    },
  },
  {
    operation,
    name: 'Where the template forbids it a site owner still may',
    needs: [need.template('no-cancel'), need.siteOwner],
    async run(context) {
      const made = await context.workspaces.make('no-cancel');
      assert.equal(made.template_allow_user_cancel_workspace_jobs, false);
      await builds.cancel(context.client.calls, made.latest_build.id, {}, context.signal);
      const { job } = await builds.get(context.client.calls, made.latest_build.id, context.signal);
      assert.ok(job.canceled_at !== undefined, 'it is not marked as canceled');
    },
  },
  {
    operation,
    name: 'A build that does not exist is not found',
    async run(context) {
      const attempt = builds.cancel(context.client.calls, UNKNOWN_ID as BuildId, {}, context.signal);
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
