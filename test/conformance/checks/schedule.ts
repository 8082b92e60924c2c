import assert from 'node:assert/strict';
import { hours, minutes, type Milliseconds, type WorkspaceId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import * as workspaceSettings from '../../../src/api/workspaceSettings.ts';
import { skip, type Check } from '../check.ts';
import { assertSameMoment, refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const dev = need.template('dev');
const autostart = 'Update autostart schedule';
const ttl = 'Update TTL';
const WEEKDAYS = 'CRON_TZ=Europe/Paris 30 9 * * 1-5';

const ownAutostart = ({ workspaces }: CheckContext): void => {
  if (workspaces.template('dev').allow_user_autostart === false) skip('the template sets the schedule itself');
};

const ownTtl = ({ workspaces }: CheckContext): void => {
  if (workspaces.template('dev').allow_user_autostop === false) skip('the template sets the time itself');
};

export const schedule: readonly Check[] = [
  {
    operation: autostart,
    name: 'A schedule is kept as it was sent, and can be switched off',
    needs: [dev],
    async run(context) {
      ownAutostart(context);
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      const kept = async () => (await workspacesApi.get(client.calls, id, {}, signal)).autostart_schedule;
      try {
        for (const wanted of [WEEKDAYS, '30 9 * * 1-5', 'CRON_TZ=America/New_York */30 8-17 * * mon,wed,fri']) {
          await workspaceSettings.updateAutostart(client.calls, id, wanted, signal);
          assert.equal(await kept(), wanted);
        }
      } finally {
        await workspaceSettings.updateAutostart(client.calls, id, undefined, signal);
      }
      assert.equal(await kept(), undefined);
    },
  },
  {
    operation: autostart,
    name: 'An empty schedule switches it off, too',
    needs: [dev],
    async run(context) {
      ownAutostart(context);
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      await workspaceSettings.updateAutostart(client.calls, id, WEEKDAYS, signal);
      await workspaceSettings.updateAutostart(client.calls, id, '', signal);
      assert.equal((await workspacesApi.get(client.calls, id, {}, signal)).autostart_schedule, undefined);
    },
  },
  {
    operation: autostart,
    name: 'What is no weekly schedule of five fields is refused at the schedule, and changes nothing',
    needs: [dev],
    async run(context) {
      ownAutostart(context);
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      const wrong = [
        '61 * * * *',
        '@daily',
        'every day',
        '0 30 9 * * 1-5',
        '30 9 1 * *',
        '30 9 * 12 *',
        'CRON_TZ=Local 30 9 * * 1-5',
        'CRON_TZ=Mars/Olympus 30 9 * * 1-5',
      ];
      for (const each of wrong) {
        const attempt = workspaceSettings.updateAutostart(client.calls, id, each, signal);
        await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['schedule'] });
      }
      assert.equal((await workspacesApi.get(client.calls, id, {}, signal)).autostart_schedule, undefined);
    },
  },
  {
    operation: autostart,
    name: 'The next start is known as soon as there is a schedule',
    needs: [dev, need.newer('the next start')],
    async run(context) {
      ownAutostart(context);
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      try {
        await workspaceSettings.updateAutostart(client.calls, id, WEEKDAYS, signal);
        const { next_start_at: next = 0 } = await workspacesApi.get(client.calls, id, {}, signal);
        assert.ok(next > client.clock.now(), 'no next start, or one that has passed');
      } finally {
        await workspaceSettings.updateAutostart(client.calls, id, undefined, signal);
      }
    },
  },
  {
    operation: autostart,
    name: 'A workspace that does not exist is not found',
    async run(context) {
      const attempt = workspaceSettings.updateAutostart(
        context.client.calls,
        UNKNOWN_ID as WorkspaceId,
        WEEKDAYS,
        context.signal,
      );
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation: ttl,
    name: 'From one minute on a time is kept; none and 0 switch it off',
    needs: [dev],
    async run(context) {
      ownTtl(context);
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      const kept = async () => (await workspacesApi.get(client.calls, id, {}, signal)).ttl_ms ?? 0;
      for (const wanted of [minutes(1), hours(2), hours(24 * 7)]) {
        await workspaceSettings.updateTtl(client.calls, id, wanted, signal);
        assert.equal(await kept(), wanted);
      }
      for (const off of [undefined, 0 as Milliseconds]) {
        await workspaceSettings.updateTtl(client.calls, id, hours(8), signal);
        await workspaceSettings.updateTtl(client.calls, id, off, signal);
        assert.equal(await kept(), 0);
      }
      await workspaceSettings.updateTtl(client.calls, id, hours(8), signal);
    },
  },
  {
    operation: ttl,
    name: 'Less than a minute, and more than the age allows, is refused and changes nothing',
    needs: [dev],
    async run(context) {
      ownTtl(context);
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      const before = (await workspacesApi.get(client.calls, id, {}, signal)).ttl_ms;
      // 7 days were the most in the document's age, 30 are today.
      const tooLong = hours(24 * (context.facts.age === 'document' ? 8 : 31));
      for (const wrong of [59_999 as Milliseconds, minutes(-60), tooLong]) {
        const attempt = workspaceSettings.updateTtl(client.calls, id, wrong, signal);
        await refused(context, attempt, { status: 400, kind: 'invalid', fields: ['ttl_ms'] });
      }
      assert.equal((await workspacesApi.get(client.calls, id, {}, signal)).ttl_ms, before);
    },
  },
  {
    operation: ttl,
    name: 'Today also more than a week is allowed',
    needs: [dev, need.newer('more than a week')],
    async run(context) {
      ownTtl(context);
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const { client, signal } = context;
      const { id } = await context.workspaces.stopped();
      await workspaceSettings.updateTtl(client.calls, id, hours(24 * 8), signal);
      assert.equal((await workspacesApi.get(client.calls, id, {}, signal)).ttl_ms, hours(24 * 8));
      await workspaceSettings.updateTtl(client.calls, id, hours(8), signal);
    },
  },
  {
    operation: ttl,
    name: 'A new time leaves the deadline of the running build alone',
    needs: [dev],
    async run(context) {
      ownTtl(context);
      const { client, signal } = context;
      const { id } = await context.workspaces.running();
      const before = (await workspacesApi.get(client.calls, id, {}, signal)).latest_build.deadline;
      if (before === undefined) skip('the workspace has no deadline');
      await workspaceSettings.updateTtl(client.calls, id, hours(3), signal);
      assertSameMoment((await workspacesApi.get(client.calls, id, {}, signal)).latest_build.deadline, before ?? 0);
      await workspaceSettings.updateTtl(client.calls, id, hours(8), signal);
    },
  },
  {
    operation: ttl,
    name: 'A workspace that does not exist is not found',
    async run(context) {
      const attempt = workspaceSettings.updateTtl(
        context.client.calls,
        UNKNOWN_ID as WorkspaceId,
        hours(8),
        context.signal,
      );
      await refused(context, attempt, { status: 404, kind: 'notFound' });
    },
  },
];
