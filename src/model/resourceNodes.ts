import * as l10n from '@vscode/l10n';
import { isSilent } from '../api/buildEnd.ts';
import { joined, MASKED, plainLine } from '../api/plainText.ts';
import type { Agent, App, Resource, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { agentName, agentsFirst, byName, inOrder, resourceKey } from './agentNames.ts';
import { agentDescription } from './agentText.ts';
import { appIcon, appName, appProblem } from './apps.ts';
import { labelOf } from './names.ts';
import { isActive, isOn } from './status.ts';
import { ChildIds, TreeNode, type NodeIcon, type NodeRefs, type TreeOptions } from './treeNode.ts';

/** What a workspace consists of, as its latest build left it. */
export const resourceNodes = (
  workspace: Workspace,
  parentId: string,
  options: TreeOptions,
  now: EpochMs,
): readonly TreeNode[] => {
  const { resources } = workspace.latest_build;
  const shown = resources.filter((resource) => !resource.hide || options.showHiddenResources);
  if (shown.length === 0) return [emptyNode(workspace, parentId, resources.length)];
  const ids = new ChildIds(parentId);
  const scene: Scene = { workspace, options, now, isOn: isOn(workspace) };
  const ordered = inOrder(shown);
  return agentsFirst(ordered).map((resource) => resourceNode(resource, ids, scene, ordered));
};

interface Scene {
  readonly workspace: Workspace;
  readonly options: TreeOptions;
  readonly now: EpochMs;
  readonly isOn: boolean;
}

const resourceNode = (resource: Resource, ids: ChildIds, scene: Scene, ordered: readonly Resource[]): TreeNode => {
  const id = ids.of(resourceKey(resource));
  const childIds = new ChildIds(id);
  const roots = rootAgents(resource.agents);
  const [only] = roots;
  if (scene.options.flattenAgents && only !== undefined && roots.length === 1) {
    return agentNode(only, resource.agents, childIds, scene, resource);
  }
  const alike = ordered.filter((other) => resourceKey(other) === resourceKey(resource));
  const number = alike.length > 1 ? ` #${alike.indexOf(resource) + 1}` : '';
  const label = (plainLine(resource.name, 100) || labelOf(resource.type)) + number;
  const description = joined([plainLine(resource.type, 100), costText(resource)], ', ');
  return new TreeNode(
    {
      id,
      kind: 'resource',
      label,
      description,
      icon: { id: resource.agents.length > 0 ? 'server' : 'package' },
      contextValue: 'resource',
      ariaLabel: joined([l10n.t('Resource {0}', label), description], ', '),
      refs: { workspaceId: scene.workspace.id },
    },
    [
      ...roots.map((agent) => agentNode(agent, resource.agents, childIds, scene)),
      ...metadataNodes(resource, childIds, scene),
    ],
  );
};

export const costText = ({ daily_cost: daily }: Resource): string => (daily > 0 ? l10n.t('daily cost {0}', daily) : '');

/** Sub-agents stand below the agent that made them (7.18). */
const rootAgents = (agents: readonly Agent[]): Agent[] => {
  const ids = new Set(agents.map((agent) => agent.id));
  return byName(
    agents.filter(({ parent_id: parent, id }) => parent === undefined || parent === id || !ids.has(parent)),
  );
};

/** `flattened`: the resource that is drawn as this agent, whose metadata it takes over. */
const agentNode = (
  agent: Agent,
  siblings: readonly Agent[],
  ids: ChildIds,
  scene: Scene,
  flattened?: Resource,
): TreeNode => {
  const id = ids.of(`agent:${agent.name}`);
  const childIds = new ChildIds(id);
  const label = agentName(agent, scene.workspace);
  const description = agentDescription(agent, scene.isOn, scene.now, scene.options.displayLocale);
  const canOpen = scene.isOn && agent.status === 'connected';
  const subAgents = byName(siblings.filter((other) => other.parent_id === agent.id && other.id !== agent.id));
  return new TreeNode(
    {
      id,
      kind: 'agent',
      label,
      description,
      icon: agentIcon(agent, scene.isOn),
      contextValue: `agent${canOpen ? ' can-open can-openTerminal' : ''}${hasScriptProblem(agent) ? ' script-failed' : ''}`,
      ariaLabel: joined([l10n.t('Agent {0}', label), description], ', '),
      refs: { workspaceId: scene.workspace.id, agentId: agent.id },
    },
    [
      ...agent.apps.filter((app) => !app.hidden).map((app) => appNode(app, agent, childIds, scene)),
      // Sub-agents get no sub-agents: agents don't nest deeper, and a cycle must not cause an endless recursion.
      ...subAgents.map((sub) => agentNode(sub, [], childIds, scene)),
      ...(flattened === undefined
        ? []
        : [...metadataNodes(flattened, childIds, scene), ...costNode(flattened, childIds, scene)]),
    ],
  );
};

/** V2: the agent's log has the reason. */
const hasScriptProblem = ({ lifecycle_state: state = '' }: Agent): boolean => /_(?:error|timeout)$/.test(state);

const agentIcon = (agent: Agent, on: boolean): NodeIcon => {
  if (!on) return { id: 'circle-outline' };
  switch (agent.status) {
    case 'connected':
      if (agent.lifecycle_state === 'created' || agent.lifecycle_state === 'starting') return { id: 'loading~spin' };
      return agent.health?.healthy === false || hasScriptProblem(agent)
        ? { id: 'warning', color: 'list.warningForeground' }
        : { id: 'pass', color: 'charts.green' };
    case 'connecting':
      return { id: 'loading~spin' };
    case 'timeout':
    case 'disconnected':
      return { id: 'debug-disconnect', color: 'list.warningForeground' };
    default:
      return { id: 'question' };
  }
};

const appNode = (app: App, agent: Agent, ids: ChildIds, scene: Scene): TreeNode => {
  const label = appName(app, agent);
  const description = scene.isOn ? appHealth(app) : '';
  const problem = appProblem(app, agent, scene.workspace);
  return new TreeNode({
    id: ids.of(`app:${app.slug}`),
    kind: 'app',
    label,
    description,
    icon: { id: appIcon(app) },
    contextValue: problem === undefined ? 'app can-openApp' : 'app',
    ariaLabel: joined([l10n.t('App {0}', label), description], ', '),
    refs: {
      workspaceId: scene.workspace.id,
      agentId: agent.id,
      appId: app.id,
    },
  });
};

/** An app without a health check counts as healthy (contract 5.3). */
const appHealth = ({ health }: App): string => {
  switch (health) {
    case 'disabled':
    case 'healthy':
      return '';
    case 'initializing':
      return l10n.t('initializing');
    case 'unhealthy':
      return l10n.t('unhealthy');
    default:
      return plainLine(health, 40);
  }
};

const metadataNodes = (resource: Resource, ids: ChildIds, { workspace }: Scene): TreeNode[] =>
  resource.metadata.map(({ key, value, sensitive }) =>
    valueNode(ids.of(`metadata:${key}`), labelOf(key), sensitive ? undefined : plainLine(value, 300), true, {
      workspaceId: workspace.id,
      resourceId: resource.id,
      metadataKey: key,
    }),
  );

/** A resource drawn as its agent has no description that could show the cost. */
const costNode = ({ daily_cost: daily }: Resource, ids: ChildIds, { workspace }: Scene): TreeNode[] =>
  daily === 0
    ? []
    : [valueNode(ids.of('cost'), l10n.t('Daily cost'), String(daily), false, { workspaceId: workspace.id })];

/** `value`: absent where it is sensitive. */
const valueNode = (id: string, label: string, value: string | undefined, canCopy: boolean, refs: NodeRefs): TreeNode =>
  new TreeNode({
    id,
    kind: 'metadata',
    label,
    description: value ?? MASKED,
    icon: { id: value === undefined ? 'lock' : 'symbol-field' },
    contextValue: `metadata${canCopy ? ' can-copyValue' : ''}`,
    ariaLabel: l10n.t('{0}: {1}', label, value ?? l10n.t('hidden')),
    refs,
  });

/** The row that explains why a workspace has no children. */
const emptyNode = (workspace: Workspace, parentId: string, hiddenCount: number): TreeNode => {
  const label = emptyText(workspace, hiddenCount);
  return new TreeNode({
    id: new ChildIds(parentId).of('empty'),
    kind: 'empty',
    label,
    description: '',
    contextValue: 'empty',
    ariaLabel: label,
    refs: { workspaceId: workspace.id },
  });
};

const emptyText = (workspace: Workspace, hiddenCount: number): string => {
  const { latest_build: build } = workspace;
  if (hiddenCount > 0) return l10n.t('The template hides all resources');
  if (isActive(workspace) || isSilent(build)) return l10n.t('Resources appear when the build finishes');
  switch (build.status) {
    case 'stopped':
      return l10n.t('Stopped: no resources');
    case 'failed':
    case 'canceled':
      // An earlier build's machine may still be running (contract 7.13).
      return l10n.t("The last build didn't report any resources");
    default:
      return l10n.t('No resources');
  }
};
