import assert from 'node:assert/strict';
import * as agentsApi from '../../../src/api/agents.ts';
import { watchAgentMetadata } from '../../../src/api/agentStreams.ts';
import * as builds from '../../../src/api/builds.ts';
import { ApiError } from '../../../src/api/errors.ts';
import * as portShares from '../../../src/api/portShares.ts';
import type { Agent } from '../../../src/api/schemas/workspaces.ts';
import type { AgentId, WorkspaceId } from '../../../src/api/units.ts';
import * as workspacesApi from '../../../src/api/workspaces.ts';
import * as workspaceSettings from '../../../src/api/workspaceSettings.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import { poll } from '../poll.ts';
import type { CheckContext } from '../checkContext.ts';

const dev = need.template('dev');
const workspaceExtras = 'Workspace extras';
const ofAgents = 'Agents';

const read = ({ client, signal }: CheckContext, id: WorkspaceId) => workspacesApi.get(client.calls, id, {}, signal);

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.kind === 'routeNotFound';

const agentsOf = async (context: CheckContext): Promise<readonly Agent[]> => {
  const { id } = await context.workspaces.running();
  const agents = (await read(context, id)).latest_build.resources.flatMap((resource) => resource.agents);
  return agents.length === 0 ? skip('the template has no agents') : agents;
};

/** @throws Skip if no agent connects in time: the template may need a machine that this deployment does not have */
const connectedAgent = (context: CheckContext): Promise<Agent> =>
  context.workspaces.keep('connected agent', async () => {
    await agentsOf(context);
    try {
      return await poll('an agent', context.limits.soonMs, context.limits, context.signal, async () =>
        (await agentsOf(context)).find((each) => each.status === 'connected'),
      );
    } catch {
      context.signal.throwIfAborted();
      return skip('no agent of the template connects');
    }
  });

export const extras: readonly Check[] = [
  {
    operation: workspaceExtras,
    name: 'In the document’s age there are none, and the client says so',
    needs: [dev, need.olderOnly('the lack of them')],
    async run({ workspaces, client: { calls }, signal }) {
      const { id } = await workspaces.stopped();
      await assert.rejects(workspaceSettings.setFavorite(calls, id, true, signal), isMissing);
      await assert.rejects(portShares.list(calls, id, signal), isMissing);
      await assert.rejects(workspacesApi.timings(calls, id, signal), isMissing);
    },
  },
  {
    operation: workspaceExtras,
    name: 'One’s own workspace becomes a favorite, and is none again',
    needs: [dev, need.newer('favorites')],
    async run(context) {
      const { id, favorite } = await context.workspaces.stopped();
      if (favorite === undefined) skip('this deployment has no favorites yet');
      for (const wanted of [true, true, false]) {
        await workspaceSettings.setFavorite(context.client.calls, id, wanted, context.signal);
        assert.equal((await read(context, id)).favorite, wanted);
      }
    },
  },
  {
    operation: workspaceExtras,
    name: 'A workspace is put to sleep and woken, also twice',
    needs: [dev, need.newer('dormancy')],
    async run(context) {
      const { id } = await context.workspaces.stopped();
      for (const wanted of [true, true, false]) {
        try {
          await workspaceSettings.setDormant(context.client.calls, id, wanted, context.signal);
        } catch (error) {
          if (isMissing(error)) skip('this deployment has no dormancy yet');
          throw error;
        }
        assert.equal((await read(context, id)).dormant_at !== undefined, wanted);
      }
    },
  },
  {
    operation: workspaceExtras,
    name: 'Automatic updates are switched on and off',
    needs: [dev, need.newer('automatic updates')],
    async run(context) {
      const { id, automatic_updates: before } = await context.workspaces.stopped();
      if (before === undefined) skip('this deployment has no automatic updates yet');
      for (const wanted of ['always', 'never'] as const) {
        await workspaceSettings.setAutomaticUpdates(context.client.calls, id, wanted, context.signal);
        assert.equal((await read(context, id)).automatic_updates, wanted);
      }
      const wrong = workspaceSettings.setAutomaticUpdates(
        context.client.calls,
        id,
        'sometimes' as 'never',
        context.signal,
      );
      await refused(context, wrong, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation: workspaceExtras,
    name: 'It is known whether the next automatic start would need values, and how long a build took',
    needs: [dev, need.newer('both')],
    async run(context) {
      if (context.facts.age !== 'today') skip('they came at some time in between');
      const { client, signal } = context;
      const { id, latest_build } = await context.workspaces.running();
      assert.equal(await workspacesApi.autostartNeedsInput(client.calls, id, signal), false);
      const timings = await workspacesApi.timings(client.calls, id, signal);
      const same = await builds.timings(client.calls, latest_build.id, signal);
      assert.equal(same.provisioner_timings.length, timings.provisioner_timings.length);
    },
  },
  {
    operation: workspaceExtras,
    name: 'A port is shared as widely as the template allows, and no longer when asked',
    needs: [dev, need.newer('port sharing')],
    async run(context) {
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const { client, signal } = context;
      const { id } = await context.workspaces.running();
      const [agent] = await agentsOf(context);
      const port = { agent_name: agent?.name ?? '', port: 8080 };
      const shared = async () => (await portShares.list(client.calls, id, signal)).some((each) => each.port === 8080);
      const share = { ...port, share_level: 'authenticated', protocol: 'http' } as const;
      try {
        await portShares.share(client.calls, id, share, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 400) skip('the template allows no sharing');
        throw error;
      }
      assert.equal(await shared(), true);
      await portShares.unshare(client.calls, id, port, signal);
      assert.equal(await shared(), false);
      const again = portShares.unshare(client.calls, id, port, signal);
      await refused(context, again, { status: 404, kind: 'notFound' });
      const tooWide = portShares.share(client.calls, id, { ...share, share_level: 'owner' }, signal);
      await refused(context, tooWide, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation: workspaceExtras,
    name: 'That somebody uses the workspace can be told',
    needs: [dev, need.newer('the report of use')],
    async run(context) {
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const { id } = await context.workspaces.running();
      await workspacesApi.reportUsage(context.client.calls, id, undefined, context.signal);
    },
  },
  {
    operation: ofAgents,
    name: 'An agent is found by its id, and one that does not exist is not',
    needs: [dev],
    async run(context) {
      const [agent] = await agentsOf(context);
      const { id, name } = agent ?? skip('the template has no agents');
      assert.equal((await agentsApi.get(context.client.calls, id, context.signal)).name, name);
      const unknown = agentsApi.get(context.client.calls, UNKNOWN_ID as AgentId, context.signal);
      await refused(context, unknown, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation: ofAgents,
    name: 'A connected agent tells its listening ports',
    needs: [dev],
    async run(context) {
      const { id } = await connectedAgent(context);
      for (const { port } of await agentsApi.listeningPorts(context.client.calls, id, context.signal)) {
        assert.ok(port > 0 && port < 65_536, String(port));
      }
    },
  },
  {
    operation: ofAgents,
    name: 'An agent that is not connected cannot tell its ports',
    needs: [dev],
    async run(context) {
      const agent = (await agentsOf(context)).find((each) => each.status !== 'connected');
      const { id } = agent ?? skip('every agent of the template is connected');
      const attempt = agentsApi.listeningPorts(context.client.calls, id, context.signal);
      await refused(context, attempt, { status: { document: 428, today: 400 }, kind: 'notNow' });
    },
  },
  {
    operation: ofAgents,
    name: 'What an agent writes can be read, after any entry',
    needs: [dev, need.newer('the log of an agent')],
    async run(context) {
      const { client, signal } = context;
      const { id, lifecycle_state: lifecycle } = await connectedAgent(context);
      if (lifecycle === undefined) skip('this deployment has no such log yet');
      const all = await agentsApi.logs(client.calls, id, {}, signal);
      assert.equal(all.skippedRows, 0);
      const middle = all[Math.floor(all.length / 2)] ?? skip('the agent has written nothing');
      const rest = await agentsApi.logs(client.calls, id, { after: middle.id }, signal);
      assert.ok(
        rest.every((entry) => entry.id > middle.id),
        'an older entry came',
      );
    },
  },
  {
    operation: ofAgents,
    name: 'What an agent measures is told',
    needs: [dev, need.newer('what an agent measures')],
    async run(context) {
      if (context.facts.age !== 'today') skip('it came at some time in between');
      const { id } = await connectedAgent(context);
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(context.limits.soonMs)]);
      for await (const event of watchAgentMetadata(context.client.calls, id, signal)) {
        if (event.kind === 'error') throw event.error;
        assert.ok(event.metadata.every(({ description }) => description.key !== ''));
        return;
      }
    },
  },
];
