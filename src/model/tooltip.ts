import * as l10n from '@vscode/l10n';
import { joined, plainLine, plainLines } from '../api/plainText.ts';
import type { Agent, App, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { agentName } from './agentNames.ts';
import { agentDescription, agentProblem, folderOf, healthReason } from './agentText.ts';
import { autostartText } from './autostart.ts';
import { initiatorOf, type Viewer } from './cause.ts';
import { compareNames } from './compareText.ts';
import { isPostponable, stopLimits } from './deadline.ts';
import type { State } from './state.ts';
import { agentsOf, failingAgents, isDormant, isOn, untakenBecause } from './status.ts';
import { statusDescription } from './statusText.ts';
import { absoluteAndRelative, duration } from './times.ts';
import type { TreeNode, TreeOptions } from './treeNode.ts';

/** One line of a tooltip, as plain text: how it is drawn, and escaped, is the view's. */
export type TooltipLine =
  | { readonly kind: 'title'; readonly text: string }
  | { readonly kind: 'field'; readonly label: string; readonly text: string }
  /** As it came, several lines. */
  | { readonly kind: 'error'; readonly lines: readonly string[] };

/** What a row tells when the pointer rests on it. Other rows than workspaces and agents tell what stands in them. */
export const tooltip = (node: TreeNode, state: State, options: TreeOptions, now: EpochMs): readonly TooltipLine[] => {
  const { workspaceId, agentId, appId } = node.refs;
  const ready = state.kind === 'ready' ? state : undefined;
  const workspace = workspaceId && ready?.workspaces.get(workspaceId);
  if (node.kind === 'workspace' && ready && workspace) return workspaceTooltip(workspace, options, now, ready.user);
  const agent = workspace && agentsOf(workspace).find(({ id }) => id === agentId);
  if (node.kind === 'agent' && workspace && agent) return agentTooltip(agent, workspace, options, now);
  const app = agent?.apps.find(({ id }) => id === appId);
  return [
    { kind: 'title', text: node.label },
    ...asLines([
      ['', node.description],
      [l10n.t('Address'), app?.external === true ? plainLine(app.url ?? '', 200) : undefined],
      [l10n.t('Command'), plainLine(app?.command ?? '', 200)],
      [l10n.t('Shared with'), app && sharedWith(app)],
    ]),
  ];
};

/** Who else may open the app; an external one is open to whoever its own address lets in. */
const sharedWith = ({ sharing_level: level, external }: App): string | undefined => {
  if (external) return undefined;
  switch (level) {
    case 'authenticated':
      return l10n.t('all users of the deployment');
    case 'organization':
      return l10n.t('the organization');
    case 'public':
      return l10n.t('everyone');
    default:
      return undefined;
  }
};

type Field = readonly [label: string, text: string | undefined];

const asLines = (fields: readonly Field[]): TooltipLine[] =>
  fields.flatMap(([label, text]): TooltipLine[] =>
    text === undefined || text === '' ? [] : [{ kind: 'field', label, text }],
  );

/** Name, status and why, who and when, template and version, deadline and maximum, last use, cost, the error in full. */
export const workspaceTooltip = (
  workspace: Workspace,
  options: Pick<TreeOptions, 'displayLocale' | 'usualTimes'>,
  now: EpochMs,
  viewer: Viewer,
): readonly TooltipLine[] => {
  const { latest_build: build } = workspace;
  const { displayLocale } = options;
  const when = (at: EpochMs | undefined): string | undefined => at && absoluteAndRelative(at, now, displayLocale);
  // The server's clock is known to one or two seconds only: a past moment must not read "in 1 second".
  const past = (at: EpochMs | undefined): string | undefined => when(at && (Math.min(at, now) as EpochMs));
  const future = (at: EpochMs | undefined): string | undefined => (at !== undefined && at > now ? when(at) : undefined);
  const limits = stopLimits(workspace);
  return [
    { kind: 'title', text: plainLine(`${workspace.owner_name}/${workspace.name}`, 100) },
    ...asLines([
      [l10n.t('Status'), statusDescription(workspace, options, now, viewer)],
      ...healthFields(workspace),
      [buildLabel(workspace), past(build.job.completed_at ?? build.created_at)],
      [l10n.t('By'), initiatorOf(build)],
      [l10n.t('Provisioner tags'), untakenBecause(workspace) && tagsText(build.job.tags)],
      [l10n.t('Template'), templateText(workspace)],
      [l10n.t('Stops'), stopText(workspace, future(limits?.deadlineAt), options)],
      [l10n.t('Must stop by'), future(limits?.maxAt)],
      [l10n.t('Autostart'), autostartText(workspace.autostart_schedule ?? '', displayLocale)],
      // Dormant workspaces are not started by themselves, and a time that has passed is none of a next start.
      [l10n.t('Next start'), isDormant(workspace) ? undefined : future(workspace.next_start_at)],
      [l10n.t('Time before autostop'), ttlText(workspace.ttl_ms)],
      [l10n.t('Last used'), past(workspace.last_used_at)],
      [l10n.t('Daily cost'), build.daily_cost > 0 ? String(build.daily_cost) : undefined],
    ]),
    ...errorLines(build.job.error),
  ];
};

const stopText = (
  workspace: Workspace,
  when: string | undefined,
  { usualTimes }: Pick<TreeOptions, 'usualTimes'>,
): string | undefined =>
  when !== undefined && isPostponable(workspace, usualTimes) ? l10n.t('{0} (activity postpones it)', when) : when;

/** "cluster=eu, scope=organization"; a tag without a value asks for nothing. */
const tagsText = (tags: ReadonlyMap<string, string>): string =>
  [...tags]
    .filter(([, value]) => value !== '')
    .map(([key, value]) => plainLine(`${key}=${value}`, 100))
    .join(', ');

const healthFields = (workspace: Workspace): Field[] =>
  failingAgents(workspace).map((agent) => [
    l10n.t('Agent {0}', agentName(agent, workspace)),
    healthReason(agent) || agentProblem(agent, '')[0],
  ]);

const buildLabel = ({ latest_build: build }: Workspace): string =>
  l10n.t('Build #{0}, {1}', build.build_number, plainLine(build.transition, 20));

const templateText = (workspace: Workspace): string => {
  const name = plainLine(workspace.template_display_name, 100) || plainLine(workspace.template_name, 100);
  const version = plainLine(workspace.latest_build.template_version_name, 100);
  const made = version === '' ? name : `${name} @ ${version}`;
  return workspace.outdated ? l10n.t('{0} (update available)', made) : made;
};

const ttlText = (ttl: Milliseconds | undefined): string | undefined =>
  ttl === undefined || ttl === 0 ? undefined : duration(ttl);

/** Without the empty lines around it. */
const errorLines = (error = ''): TooltipLine[] => {
  const text = error.trimEnd().replace(/^\s*\n/, '');
  return text === '' ? [] : [{ kind: 'error', lines: plainLines(text.slice(0, MOST_CHARACTERS)).slice(0, MOST_LINES) }];
};

// A line is drawn as far as a thousand characters; a tooltip is made anew while it is there.
const MOST_LINES = 40;
const MOST_CHARACTERS = MOST_LINES * 1_000;

/** "7 ms · Frankfurt", to the relay that the agent prefers. */
const latencyText = ({ latency }: Agent): string =>
  latency === undefined ? '' : joined([l10n.t('{0} ms', Math.round(latency.ms)), plainLine(latency.region, 60)]);

/** An agent keeps the version that its deployment had when the workspace was started. */
const versionText = ({ version }: Agent, buildVersion: string | undefined): string => {
  const shown = plainLine(version, 60);
  const [own, current] = [version, buildVersion].map((each) => /^v?(\d+\.\d+\.\d+)/.exec(each ?? '')?.[1]);
  return own !== undefined && current !== undefined && compareNames(own, current) < 0
    ? l10n.t('{0} (older than the deployment; restart the workspace to update it)', shown)
    : shown;
};

const agentTooltip = (
  agent: Agent,
  workspace: Workspace,
  options: TreeOptions,
  now: EpochMs,
): readonly TooltipLine[] => [
  { kind: 'title', text: agentName(agent, workspace) },
  ...asLines([
    [l10n.t('State'), agentDescription(agent, isOn(workspace), now, options.displayLocale)],
    [l10n.t('Health'), healthReason(agent)],
    [l10n.t('Version'), versionText(agent, options.buildVersion)],
    [l10n.t('Instance ID'), plainLine(agent.instance_id ?? '', 60)],
    [l10n.t('Latency'), latencyText(agent)],
    [l10n.t('Folder'), plainLine(folderOf(agent), 200)],
    [
      l10n.t('Last connected'),
      agent.last_connected_at &&
        absoluteAndRelative(Math.min(agent.last_connected_at, now) as EpochMs, now, options.displayLocale),
    ],
    [l10n.t('Help'), plainLine(agent.troubleshooting_url ?? '', 200)],
  ]),
];
