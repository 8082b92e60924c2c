import type { Agent, Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';

/** A workspace as one of its builds has made it. */
type OfBuild = Pick<Workspace, 'latest_build'>;

const ACTIVE = new Set<string>(['pending', 'starting', 'stopping', 'deleting', 'canceling']);

/** A build is under way (contract 5.1). */
export const isActive = (workspace: Workspace): boolean => ACTIVE.has(workspace.latest_build.status);

/** Whether it is running; only then do deadlines and agent states apply (contract 5.6, 7.17). */
export const isOn = ({ latest_build: build }: OfBuild): boolean =>
  build.transition === 'start' && build.job.status === 'succeeded';

export const isDormant = (workspace: Workspace): boolean => workspace.dormant_at !== undefined;

/** Cancelled by somebody, whatever the status says: the usual end of a cancelled running build is `failed` (2.10). */
export const wasCanceled = ({ latest_build: build }: OfBuild): boolean =>
  build.status === 'canceled' || (build.status === 'failed' && build.job.canceled_at !== undefined);

/** All agents with the workspace's own first; sub-agents (V2's containers) have a `parent_id`. */
export const agentsOf = ({ latest_build: build }: OfBuild): Agent[] =>
  build.resources.flatMap((resource) => resource.agents);

/** Agents that make a running workspace unhealthy; sub-agents never do (contract 5.3, 7.18). */
export const failingAgents = (workspace: Workspace): Agent[] =>
  isOn(workspace)
    ? agentsOf(workspace).filter((agent) => agent.parent_id === undefined && isFailing(agent, workspace))
    : [];

const isFailing = (agent: Agent, workspace: Workspace): boolean =>
  // V2.36 also counts those that still have time to connect, after each start.
  agent.status !== 'connecting' &&
  (workspace.health?.failing_agents.includes(agent.id) === true ||
    agent.health?.healthy === false ||
    // V0 has no health field: use the connection status.
    (agent.health === undefined && (agent.status === 'disconnected' || agent.status === 'timeout')));

/** Running, but something is wrong with it. */
export const isUnhealthy = (workspace: Workspace): boolean => {
  if (!isOn(workspace)) return false;
  const { health } = workspace;
  if (failingAgents(workspace).length > 0) return true;
  if (health?.healthy !== false) return false;
  // The server also counts agents that aren't listed here, but a failing sub-agent alone doesn't make it unhealthy.
  const listed = new Set<string>(agentsOf(workspace).map((agent) => agent.id));
  return health.failing_agents.length === 0 || health.failing_agents.some((id) => !listed.has(id));
};

/** When the build that is under way began to run, or was asked for while it is queued. */
export const activeSince = ({ latest_build: build }: Workspace): EpochMs | undefined =>
  build.job.started_at ?? build.job.created_at ?? build.created_at;

/** When the latest build ended. */
export const endedAt = ({ latest_build: build }: Workspace): EpochMs | undefined =>
  build.job.completed_at ?? build.updated_at;

/** Why no provisioner takes a queued job: none matches it, or none of those that do responds (V2; contract 2.15). */
export const untakenBecause = ({ latest_build: build }: Workspace): 'unmatched' | 'unresponsive' | undefined => {
  const { count, available } = (build.status === 'pending' ? build.matched_provisioners : undefined) ?? {};
  return count === 0 ? 'unmatched' : available === 0 ? 'unresponsive' : undefined;
};

/** The value for a build's transition; `other`: for one that this extension doesn't know. */
export const byTransition = <T>(
  { transition }: Pick<Build, 'transition'>,
  values: Readonly<Record<'start' | 'stop' | 'delete' | 'other', T>>,
): T => values[isKnown(transition) ? transition : 'other'];

const isKnown = (transition: string): transition is 'start' | 'stop' | 'delete' =>
  transition === 'start' || transition === 'stop' || transition === 'delete';
