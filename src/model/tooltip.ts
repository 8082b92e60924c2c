import * as l10n from '@vscode/l10n';
import { plainLine, plainLines } from '../api/plainText.ts';
import type { Agent, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, Milliseconds } from '../api/units.ts';
import { agentDescription, agentProblem, healthReason } from './agentText.ts';
import { autostartText } from './autostart.ts';
import { stopLimits } from './deadline.ts';
import { agentsOf, endedAt, failingAgents, isActive, isOn } from './status.ts';
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
export const tooltip = (
  node: TreeNode,
  workspace: Workspace | undefined,
  options: TreeOptions,
  now: EpochMs,
): readonly TooltipLine[] => {
  if (node.kind === 'workspace' && workspace !== undefined) return workspaceTooltip(workspace, options, now);
  const agent = workspace && agentsOf(workspace).find(({ id }) => id === node.refs.agentId);
  if (node.kind === 'agent' && workspace !== undefined && agent !== undefined) {
    return agentTooltip(agent, isOn(workspace), options, now);
  }
  const title: TooltipLine = { kind: 'title', text: node.label };
  return node.description === '' ? [title] : [title, { kind: 'field', label: '', text: node.description }];
};

type Field = readonly [label: string, text: string | undefined];

const asLines = (fields: readonly Field[]): TooltipLine[] =>
  fields.flatMap(([label, text]): TooltipLine[] =>
    text === undefined || text === '' ? [] : [{ kind: 'field', label, text }],
  );

/** Name, status and why, who and when, template and version, deadline and maximum, last use, cost, the error in full. */
const workspaceTooltip = (workspace: Workspace, options: TreeOptions, now: EpochMs): readonly TooltipLine[] => {
  const { latest_build: build } = workspace;
  const { displayLocale } = options;
  const when = (at: EpochMs | undefined): string | undefined => at && absoluteAndRelative(at, now, displayLocale);
  const limits = stopLimits(workspace);
  return [
    { kind: 'title', text: plainLine(`${workspace.owner_name}/${workspace.name}`, 100) },
    ...asLines([
      [l10n.t('Status'), statusDescription(workspace, options, now)],
      ...healthFields(workspace),
      [buildLabel(workspace), when(isActive(workspace) ? build.created_at : endedAt(workspace))],
      [l10n.t('By'), initiator(workspace)],
      [l10n.t('Template'), templateText(workspace)],
      [l10n.t('Stops'), when(limits?.deadlineAt)],
      [l10n.t('At the latest'), when(limits?.maxAt)],
      [l10n.t('Autostart'), autostartText(workspace.autostart_schedule ?? '', displayLocale)],
      [l10n.t('Next start'), when(workspace.next_start_at)],
      [l10n.t('Autostop after a start'), ttlText(workspace.ttl_ms)],
      [l10n.t('Last used'), when(workspace.last_used_at)],
      [l10n.t('Daily cost'), build.daily_cost > 0 ? String(build.daily_cost) : undefined],
    ]),
    ...errorLines(build.job.error),
  ];
};

const healthFields = (workspace: Workspace): Field[] =>
  failingAgents(workspace).map((agent) => [
    l10n.t('Agent {0}', plainLine(agent.name, 40)),
    healthReason(agent) || agentProblem(agent),
  ]);

const buildLabel = ({ latest_build: build }: Workspace): string =>
  l10n.t('Build {0}, {1}', build.build_number, plainLine(build.transition, 20));

/** Who had it built; what Coder does by itself carries the owner's name in V0 (contract 5.5, 7.38). */
const initiator = ({ latest_build: build }: Workspace): string => {
  switch (build.reason) {
    case 'autostart':
      return l10n.t('Coder, autostart');
    case 'autostop':
      return l10n.t('Coder, autostop');
    case 'dormancy':
      return l10n.t('Coder, dormancy');
    default:
      return plainLine(build.initiator_name, 100);
  }
};

const templateText = (workspace: Workspace): string => {
  const name = plainLine(workspace.template_display_name, 100) || plainLine(workspace.template_name, 100);
  const version = plainLine(workspace.latest_build.template_version_name, 100);
  const made = version === '' ? name : `${name} @ ${version}`;
  return workspace.outdated ? l10n.t('{0}; a newer version is active', made) : made;
};

const ttlText = (ttl: Milliseconds | undefined): string | undefined =>
  ttl === undefined || ttl === 0 ? undefined : duration(ttl);

const errorLines = (error: string | undefined): TooltipLine[] =>
  error === undefined ? [] : [{ kind: 'error', lines: plainLines(error.trimEnd()).slice(0, MOST_LINES) }];

const MOST_LINES = 40;

const agentTooltip = (agent: Agent, on: boolean, options: TreeOptions, now: EpochMs): readonly TooltipLine[] => [
  { kind: 'title', text: plainLine(agent.name, 100) },
  ...asLines([
    [l10n.t('State'), agentDescription(agent, on, now, options.displayLocale)],
    [l10n.t('Health'), healthReason(agent)],
    [l10n.t('Version'), plainLine(agent.version, 60)],
    [l10n.t('Folder'), plainLine(agent.expanded_directory ?? agent.directory ?? '', 200)],
    [
      l10n.t('Last connected'),
      agent.last_connected_at && absoluteAndRelative(agent.last_connected_at, now, options.displayLocale),
    ],
    [l10n.t('Help'), plainLine(agent.troubleshooting_url ?? '', 200)],
  ]),
];
