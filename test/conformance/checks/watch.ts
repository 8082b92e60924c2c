import assert from 'node:assert/strict';
import { ApiError } from '../../../src/api/errors.ts';
import { hasEnded } from '../../../src/api/buildEnd.ts';
import type { Workspace } from '../../../src/api/schemas/workspaces.ts';
import { hours, later, type WorkspaceId } from '../../../src/api/units.ts';
import { watchWorkspace } from '../../../src/api/watch.ts';
import type { WatchEvent } from '../../../src/api/watch.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import * as workspaceSettings from '../../../src/api/workspaceSettings.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import type { CheckContext } from '../checkContext.ts';

const operation = 'Watch workspace';
const dev = need.template('dev');

/** Watches until `enough` says so. @throws Error if that takes longer than `withinMs` */
const watchUntil = async (
  context: CheckContext,
  id: WorkspaceId,
  withinMs: number,
  enough: (event: WatchEvent) => boolean | Promise<boolean>,
  client = context.client,
): Promise<void> => {
  const limit = AbortSignal.timeout(withinMs);
  const signal = AbortSignal.any([context.signal, limit]);
  try {
    for await (const event of watchWorkspace(client.calls, id, signal)) if (await enough(event)) return;
  } catch (error) {
    if (error === limit.reason) throw new Error('the stream did not tell in time', { cause: error });
    throw error;
  }
};

const isWorkspace = (event: WatchEvent): event is WatchEvent & { kind: 'workspace' } => event.kind === 'workspace';

export const watch: readonly Check[] = [
  {
    operation,
    name: 'A watcher first hears that nothing is missed any more, then how the workspace is',
    needs: [dev],
    async run(context) {
      const { id } = await context.workspaces.running();
      const kinds: string[] = [];
      let seen: Workspace | undefined;
      await watchUntil(context, id, context.limits.soonMs, (event) => {
        kinds.push(event.kind);
        if (isWorkspace(event)) seen = event.workspace;
        return isWorkspace(event);
      });
      assert.deepEqual(kinds, ['open', 'workspace']);
      assert.equal(seen?.id, id);
      assert.equal(seen.latest_build.status, 'running');
    },
  },
  {
    operation,
    name: 'A watcher sees a whole build, from its beginning to its end',
    needs: [dev],
    async run(context) {
      const { workspaces, client, facts, signal } = context;
      const role = facts.templates.has('slow') ? 'slow' : 'dev';
      const { id } = await workspaces.keep('slow', async () => workspaces.started(await workspaces.make(role)));
      const { latest_build: before } = await workspacesApi.get(client.calls, id, {}, signal);
      const transition = before.transition === 'start' ? 'stop' : 'start';
      const number = before.build_number + 1;
      const statuses: string[] = [];
      await watchUntil(context, id, context.limits.buildMs, async (event) => {
        if (event.kind === 'open') await workspacesApi.createBuild(client.calls, id, { transition }, signal);
        if (!isWorkspace(event) || event.workspace.latest_build.build_number < number) return false;
        const { latest_build: build } = event.workspace;
        statuses.push(build.status);
        return hasEnded(build);
      });
      const [end, under] = transition === 'start' ? ['running', 'starting'] : ['stopped', 'stopping'];
      assert.equal(statuses.at(-1), end);
      // A short one may be over before the frame that would tell of it is written (contract 3.1).
      if (role === 'slow') assert.ok(statuses.includes(under), `only ${statuses.join(', ')}`);
      assert.ok(
        statuses.every((status) => ['pending', under, end].includes(status)),
        statuses.join(', '),
      );
    },
  },
  {
    operation,
    name: 'A watcher hears of a new deadline',
    needs: [dev],
    async run(context) {
      const { workspaces, client, signal } = context;
      const { id } = await workspaces.running();
      const { deadline, max_deadline: last } = (await workspacesApi.get(client.calls, id, {}, signal)).latest_build;
      const wanted = later(deadline ?? skip('the template gives no deadline'), hours(1));
      if (last !== undefined && last < wanted) skip('the workspace must stop before that');
      await watchUntil(context, id, context.limits.soonMs, async (event) => {
        if (event.kind === 'open') await workspaceSettings.extend(client.calls, id, wanted, signal);
        const heard = isWorkspace(event) ? (event.workspace.latest_build.deadline ?? 0) : 0;
        return Math.abs(heard - wanted) < 1000;
      });
      if (deadline !== undefined) await workspaceSettings.extend(client.calls, id, deadline, signal);
    },
  },
  {
    operation,
    name: 'A watcher hears of a failed build by the stream today; in the document’s age only a look tells',
    needs: [need.template('failing')],
    async run(context) {
      const { workspaces, client, facts, signal } = context;
      const failed = await workspaces.failed();
      if (facts.age !== 'today') {
        assert.equal((await workspacesApi.get(client.calls, failed.id, {}, signal)).latest_build.status, 'failed');
        return;
      }
      const number = (await workspacesApi.get(client.calls, failed.id, {}, signal)).latest_build.build_number + 1;
      await watchUntil(context, failed.id, context.limits.buildMs, async (event) => {
        if (event.kind === 'open')
          await workspacesApi.createBuild(client.calls, failed.id, { transition: 'start' }, signal);
        if (!isWorkspace(event)) return false;
        const { latest_build: build } = event.workspace;
        return build.build_number === number && build.status === 'failed';
      });
    },
  },
  {
    operation,
    name: 'A watcher whose connection is cut hears of it, and can begin again',
    needs: [dev],
    async run(context) {
      const { id } = await context.workspaces.running();
      await context.throughTunnel(async (client, tunnel) => {
        const lost = watchUntil(
          context,
          id,
          context.limits.soonMs,
          (event) => {
            if (isWorkspace(event)) tunnel.cut();
            return false;
          },
          client,
        );
        await assert.rejects(lost, (error) => error instanceof ApiError && error.kind === 'unreachable');
        await watchUntil(context, id, context.limits.soonMs, isWorkspace, client);
      });
    },
  },
  {
    operation,
    name: 'Whoever stops watching is let go at once',
    needs: [dev],
    async run(context) {
      const { id } = await context.workspaces.running();
      const leaving = new AbortController();
      const stop = new Error('enough');
      const watching = (async () => {
        for await (const event of watchWorkspace(
          context.client.calls,
          id,
          AbortSignal.any([context.signal, leaving.signal]),
        )) {
          if (event.kind === 'open') leaving.abort(stop);
        }
      })();
      await assert.rejects(watching, (error) => error === stop);
    },
  },
  {
    operation,
    name: 'A workspace that does not exist is not found, and what is no id is refused',
    async run(context) {
      const unknown = watchUntil(context, UNKNOWN_ID as WorkspaceId, context.limits.soonMs, () => true);
      await refused(context, unknown, { status: 404, kind: 'notFound' });
      const malformed = watchUntil(context, 'abc' as WorkspaceId, context.limits.soonMs, () => true);
      await refused(context, malformed, { status: 400, kind: 'invalid' });
    },
  },
];
