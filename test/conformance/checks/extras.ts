import assert from 'node:assert/strict';
import { ApiError } from '../../../src/api/errors.ts';
import type { Agent } from '../../../src/api/schemas/workspaces.ts';
import type { AgentId, WorkspaceId } from '../../../src/api/units.ts';
import { skip, type Check } from '../check.ts';
import { refused, UNKNOWN_ID } from '../expect.ts';
import * as need from '../needs.ts';
import { poll } from '../poll.ts';
import type { Stage } from '../stage.ts';

const dev = need.template('dev');
const workspaceExtras = 'Workspace extras';
const ofAgents = 'Agents';

const read = ({ client, signal }: Stage, id: WorkspaceId) => client.workspaces.get(id, {}, signal);

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.kind === 'routeNotFound';

const agentsOf = async (stage: Stage): Promise<readonly Agent[]> => {
  const { id } = await stage.workspaces.running();
  const agents = (await read(stage, id)).latest_build.resources.flatMap((resource) => resource.agents);
  return agents.length === 0 ? skip('the template has no agents') : agents;
};

/** @throws Skip if no agent connects in time: the template may need a machine that this deployment does not have */
const connectedAgent = (stage: Stage): Promise<Agent> =>
  stage.workspaces.keep('connected agent', async () => {
    await agentsOf(stage);
    try {
      return await poll('an agent', stage.limits.soonMs, stage.limits, stage.signal, async () =>
        (await agentsOf(stage)).find((each) => each.status === 'connected'),
      );
    } catch {
      stage.signal.throwIfAborted();
      return skip('no agent of the template connects');
    }
  });

export const extras: readonly Check[] = [
  {
    operation: workspaceExtras,
    name: 'In the document’s age there are none, and the client says so',
    needs: [dev, need.olderOnly('the lack of them')],
    async run({ workspaces, client, signal }) {
      const { id } = await workspaces.stopped();
      const api = client.workspaceExtras;
      for (const attempt of [api.setFavorite(id, true, signal), api.portShares(id, signal), api.timings(id, signal)]) {
        await assert.rejects(attempt, isMissing);
      }
    },
  },
  {
    operation: workspaceExtras,
    name: 'One’s own workspace becomes a favorite, and is none again',
    needs: [dev, need.newer('favorites')],
    async run(stage) {
      const { id, favorite } = await stage.workspaces.stopped();
      if (favorite === undefined) skip('this deployment has no favorites yet');
      for (const wanted of [true, true, false]) {
        await stage.client.workspaceExtras.setFavorite(id, wanted, stage.signal);
        assert.equal((await read(stage, id)).favorite, wanted);
      }
    },
  },
  {
    operation: workspaceExtras,
    name: 'A workspace is put to sleep and woken, also twice',
    needs: [dev, need.newer('dormancy')],
    async run(stage) {
      const { id } = await stage.workspaces.stopped();
      for (const wanted of [true, true, false]) {
        try {
          await stage.client.workspaceExtras.setDormant(id, wanted, stage.signal);
        } catch (error) {
          if (isMissing(error)) skip('this deployment has no dormancy yet');
          throw error;
        }
        assert.equal((await read(stage, id)).dormant_at !== undefined, wanted);
      }
    },
  },
  {
    operation: workspaceExtras,
    name: 'Automatic updates are switched on and off',
    needs: [dev, need.newer('automatic updates')],
    async run(stage) {
      const { id, automatic_updates: before } = await stage.workspaces.stopped();
      if (before === undefined) skip('this deployment has no automatic updates yet');
      for (const wanted of ['always', 'never'] as const) {
        await stage.client.workspaceExtras.setAutomaticUpdates(id, wanted, stage.signal);
        assert.equal((await read(stage, id)).automatic_updates, wanted);
      }
      const wrong = stage.client.workspaceExtras.setAutomaticUpdates(id, 'sometimes' as 'never', stage.signal);
      await refused(stage, wrong, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation: workspaceExtras,
    name: 'It is known whether the next automatic start would need values, and how long a build took',
    needs: [dev, need.newer('both')],
    async run(stage) {
      if (stage.facts.age !== 'today') skip('they came at some time in between');
      const { client, signal } = stage;
      const { id, latest_build } = await stage.workspaces.running();
      assert.equal(await client.workspaceExtras.autostartNeedsInput(id, signal), false);
      const timings = await client.workspaceExtras.timings(id, signal);
      const same = await client.builds.timings(latest_build.id, signal);
      assert.equal(same.provisioner_timings.length, timings.provisioner_timings.length);
    },
  },
  {
    operation: workspaceExtras,
    name: 'A port is shared as widely as the template allows, and no longer when asked',
    needs: [dev, need.newer('port sharing')],
    async run(stage) {
      if (stage.facts.age !== 'today') skip('it came at some time in between');
      const { client, signal } = stage;
      const { id } = await stage.workspaces.running();
      const [agent] = await agentsOf(stage);
      const port = { agent_name: agent?.name ?? '', port: 8080 };
      const shared = async () =>
        (await client.workspaceExtras.portShares(id, signal)).some((each) => each.port === 8080);
      const share = { ...port, share_level: 'authenticated', protocol: 'http' } as const;
      try {
        await client.workspaceExtras.sharePort(id, share, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 400) skip('the template allows no sharing');
        throw error;
      }
      assert.equal(await shared(), true);
      await client.workspaceExtras.unsharePort(id, port, signal);
      assert.equal(await shared(), false);
      const again = client.workspaceExtras.unsharePort(id, port, signal);
      await refused(stage, again, { status: 404, kind: 'notFound' });
      const tooWide = client.workspaceExtras.sharePort(id, { ...share, share_level: 'owner' }, signal);
      await refused(stage, tooWide, { status: 400, kind: 'invalid' });
    },
  },
  {
    operation: workspaceExtras,
    name: 'That somebody uses the workspace can be told',
    needs: [dev, need.newer('the report of use')],
    async run(stage) {
      if (stage.facts.age !== 'today') skip('it came at some time in between');
      const { id } = await stage.workspaces.running();
      await stage.client.workspaceExtras.reportUsage(id, undefined, stage.signal);
    },
  },
  {
    operation: ofAgents,
    name: 'An agent is found by its id, and one that does not exist is not',
    needs: [dev],
    async run(stage) {
      const [agent] = await agentsOf(stage);
      const { id, name } = agent ?? skip('the template has no agents');
      assert.equal((await stage.client.agents.get(id, stage.signal)).name, name);
      const unknown = stage.client.agents.get(UNKNOWN_ID as AgentId, stage.signal);
      await refused(stage, unknown, { status: 404, kind: 'notFound' });
    },
  },
  {
    operation: ofAgents,
    name: 'A connected agent tells its listening ports',
    needs: [dev],
    async run(stage) {
      const { id } = await connectedAgent(stage);
      for (const { port } of await stage.client.agents.listeningPorts(id, stage.signal)) {
        assert.ok(port > 0 && port < 65_536, String(port));
      }
    },
  },
  {
    operation: ofAgents,
    name: 'An agent that is not connected cannot tell its ports',
    needs: [dev],
    async run(stage) {
      const agent = (await agentsOf(stage)).find((each) => each.status !== 'connected');
      const { id } = agent ?? skip('every agent of the template is connected');
      const attempt = stage.client.agents.listeningPorts(id, stage.signal);
      await refused(stage, attempt, { status: { document: 428, today: 400 }, kind: 'notNow' });
    },
  },
  {
    operation: ofAgents,
    name: 'What an agent writes can be read, after any entry',
    needs: [dev, need.newer('the log of an agent')],
    async run(stage) {
      const { client, signal } = stage;
      const { id, lifecycle_state: lifecycle } = await connectedAgent(stage);
      if (lifecycle === undefined) skip('this deployment has no such log yet');
      const all = await client.agents.logs(id, {}, signal);
      assert.equal(all.skippedRows, 0);
      const middle = all[Math.floor(all.length / 2)] ?? skip('the agent has written nothing');
      const rest = await client.agents.logs(id, { after: middle.id }, signal);
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
    async run(stage) {
      if (stage.facts.age !== 'today') skip('it came at some time in between');
      const { id } = await connectedAgent(stage);
      const signal = AbortSignal.any([stage.signal, AbortSignal.timeout(stage.limits.soonMs)]);
      for await (const event of stage.client.agents.watchMetadata(id, signal)) {
        if (event.kind === 'error') throw event.error;
        assert.ok(event.metadata.every(({ description }) => description.key !== ''));
        return;
      }
    },
  },
];
