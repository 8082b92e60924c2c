import assert from 'node:assert/strict';
import * as builds from '../../../src/api/builds.ts';
import type { BuildLogEvent } from '../../../src/api/logs.ts';
import type { LogEntry } from '../../../src/api/schemas/workspaces.ts';
import type { BuildId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import type { Role } from '../facts.ts';
import { collect, entriesOf, lastEvent } from '../logEvents.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';
import { canceledWhileQueued } from './queue.ts';

const operation = 'Get workspace build logs';
const dev = need.template('dev');

const ids = (entries: readonly LogEntry[]): number[] => entries.map(({ id }) => id);

const ascending = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** Every entry once, whatever the order in which a V0 deployment made up for what it had dropped. */
const assertWhole = (heard: readonly LogEntry[], whole: readonly LogEntry[]): void => {
  assert.equal(new Set(ids(heard)).size, heard.length, 'an entry came twice');
  assert.deepEqual(ascending(ids(heard)), ids(whole));
};

/** The template whose builds take long enough to be followed. */
const slowRole = ({ facts }: CheckContext): Role => (facts.templates.has('slow') ? 'slow' : 'dev');

/** Begins a build that writes for a while. */
const beginSlowBuild = async (context: CheckContext): Promise<BuildId> => {
  const { workspaces, client, signal } = context;
  const role = slowRole(context);
  const { id } = await workspaces.keep('slow', async () => workspaces.started(await workspaces.make(role)));
  const { latest_build: last } = await workspacesApi.get(client.calls, id, {}, signal);
  const transition = last.transition === 'start' ? 'stop' : 'start';
  return (await workspacesApi.createBuild(client.calls, id, { transition }, signal)).id;
};

export const logs: readonly Check[] = [
  {
    operation,
    name: 'The log of a build that ended is in order, and each entry names its stage and time',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { latest_build } = await workspaces.running();
      const entries = await builds.logs(client.calls, latest_build.id, {}, signal);
      assert.equal(entries.skippedRows, 0);
      assert.ok(entries.length > 0, 'it is empty');
      assert.deepEqual(ids(entries), ascending(ids(entries)));
      for (const entry of entries) {
        assert.notEqual(entry.stage, '');
        assert.ok(entry.created_at !== undefined, 'an entry without a time');
      }
      assert.ok(
        entries.some((entry) => entry.log_source === 'provisioner_daemon' && entry.output === ''),
        'no stage begins',
      );
    },
  },
  {
    operation,
    name: '“after” leaves out the entry that it names, and all before it',
    needs: [dev],
    async run({ workspaces, client, signal }) {
      const { latest_build } = await workspaces.running();
      const all = ids(await builds.logs(client.calls, latest_build.id, {}, signal));
      const middle = all[Math.floor(all.length / 2)] ?? skip('the log is empty');
      const rest = ids(await builds.logs(client.calls, latest_build.id, { after: middle }, signal));
      assert.deepEqual(
        rest,
        all.filter((id) => id > middle),
      );
      assert.deepEqual(ids(await builds.logs(client.calls, latest_build.id, { after: all.at(-1) ?? 0 }, signal)), []);
    },
  },
  {
    operation,
    name: 'Following a build that has ended gives its whole log, and the end',
    needs: [dev],
    async run(context) {
      const { latest_build } = await context.workspaces.running();
      const events = await collect(context.follow(latest_build.id));
      assertWhole(entriesOf(events), await builds.logs(context.client.calls, latest_build.id, {}, context.signal));
      assert.equal(lastEvent(events).build.job.status, 'succeeded');
    },
  },
  {
    operation,
    name: 'Following a build under way gives every entry once, and the build as it ended',
    needs: [dev],
    async run(context) {
      const id = await beginSlowBuild(context);
      const events = await collect(context.follow(id));
      assertWhole(entriesOf(events), await builds.logs(context.client.calls, id, {}, context.signal));
      assert.equal(lastEvent(events).build.job.status, 'succeeded');
      assert.ok(
        events.every((event) => event.kind !== 'lost'),
        'the connection was lost',
      );
    },
  },
  {
    operation,
    name: 'After a cut the log goes on where it was, and no entry is missed or doubled',
    needs: [dev],
    async run(context) {
      const id = await beginSlowBuild(context);
      const events = await context.throughTunnel(async (client, tunnel) => {
        const heard: BuildLogEvent[] = [];
        let cut = false;
        for await (const event of context.follow(id, client)) {
          heard.push(event);
          if (cut || event.kind !== 'entries') continue;
          cut = true;
          tunnel.cut();
        }
        return heard;
      });
      const kinds = events.map(({ kind }) => kind);
      if (!kinds.includes('lost')) skip('the build ended before the connection could be cut');
      assert.ok(kinds.indexOf('resumed') > kinds.indexOf('lost'), `it was not resumed: ${kinds.join(', ')}`);
      assertWhole(entriesOf(events), await builds.logs(context.client.calls, id, {}, context.signal));
      assert.equal(lastEvent(events).build.job.status, 'succeeded');
    },
  },
  {
    operation,
    name: 'A failed build tells of it in its log',
    needs: [need.template('failing')],
    async run(context) {
      const { latest_build } = await context.workspaces.failed();
      const events = await collect(context.follow(latest_build.id));
      assert.ok(
        entriesOf(events).some((entry) => entry.log_level === 'error'),
        'no error is written',
      );
      assert.equal(lastEvent(events).build.status, 'failed');
    },
  },
  {
    operation,
    name: 'Following a build that was canceled while it waited ends, although its stream never does',
    holdsWorker: true,
    async run(context) {
      const { build } = await canceledWhileQueued(context);
      const events = await collect(context.follow(build.id));
      // The document's age builds it all the same when a worker gets to it (contract 2.10).
      if (context.facts.age === 'today') assert.deepEqual(entriesOf(events), []);
      assert.equal(lastEvent(events).build.status, 'canceled');
    },
  },
  {
    operation,
    name: 'Whoever stops following is let go at once',
    holdsWorker: true,
    async run(context) {
      const build = await context.workspaces.building();
      const leaving = new AbortController();
      const stop = new Error('enough');
      const following = collect(
        context.follow(build.id, context.client, AbortSignal.any([context.signal, leaving.signal])),
      );
      leaving.abort(stop);
      await assert.rejects(following, (error) => error === stop);
    },
  },
  {
    operation,
    name: 'A build that does not exist is not found, also by a follower',
    async run(context) {
      const id = UNKNOWN_ID as BuildId;
      await refused(context, builds.logs(context.client.calls, id, {}, context.signal), {
        status: 404,
        kind: 'notFound',
      });
      await refused(context, collect(context.follow(id)), { status: 404, kind: 'notFound' });
    },
  },
];
