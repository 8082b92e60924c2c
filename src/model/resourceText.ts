import * as l10n from '@vscode/l10n';
import { joined, MASKED, plainLine } from '../api/plainText.ts';
import type { Agent, Resource } from '../api/schemas/workspaces.ts';
import { compareText } from './compareText.ts';

/**
 * Resources as a text to read: each with its type, its metadata, its agents and their apps. Hidden ones, too; what is
 * sensitive stays masked.
 */
export const resourceText = (resources: readonly Resource[]): string => {
  if (resources.length === 0) return `${l10n.t('This build has no resources.')}\n`;
  return [...resources].sort(byName).map(oneText).join('\n');
};

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  compareText(one.name, other.name);

const oneText = (resource: Resource): string => {
  const { daily_cost: daily, metadata, agents } = resource;
  const head = [
    line(resource.name) || line(resource.type),
    line(resource.type),
    resource.hide ? l10n.t('hidden') : '',
    daily > 0 ? l10n.t('daily cost {0}', daily) : '',
  ];
  return [
    joined(head),
    ...metadata.map(({ key, value, sensitive }) => `  ${line(key)}: ${sensitive ? MASKED : line(value)}`),
    ...[...agents].sort(byName).flatMap(agentLines),
    '',
  ].join('\n');
};

const agentLines = (agent: Agent): string[] => [
  `  ${joined([
    l10n.t('agent {0}', line(agent.name)),
    joined([line(agent.operating_system), line(agent.architecture)], '/'),
    line(agent.expanded_directory ?? agent.directory ?? ''),
  ])}`,
  ...agent.apps.map((app) => `    ${l10n.t('app {0}', line(app.display_name) || line(app.slug))}`),
];

const line = (text: string): string => plainLine(text, 1_000);
