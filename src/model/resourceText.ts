import * as l10n from '@vscode/l10n';
import { joined, MASKED, plainLine } from '../api/plainText.ts';
import type { Agent, Resource } from '../api/schemas/workspaces.ts';
import { byName, inOrder } from './agentNames.ts';
import { folderOf, platformOf } from './agentText.ts';
import { costText } from './resourceNodes.ts';

/**
 * Resources as a text to read: each with its type, its metadata, its agents and their apps. Hidden ones, too; what is
 * sensitive stays masked.
 */
export const resourceText = (resources: readonly Resource[]): string => {
  if (resources.length === 0) return `${l10n.t('This build has no resources.')}\n`;
  return inOrder(resources).map(oneText).join('\n');
};

/** Its type, and what is special about it. */
export const resourceFacts = (resource: Resource): string[] => [
  line(resource.type),
  resource.hide ? l10n.t('hidden') : '',
  costText(resource),
];

const oneText = (resource: Resource): string =>
  [
    joined([line(resource.name) || line(resource.type), ...resourceFacts(resource)]),
    ...resource.metadata.map(({ key, value, sensitive }) => `  ${line(key)}: ${sensitive ? MASKED : line(value)}`),
    ...byName(resource.agents).flatMap(agentLines),
    '',
  ].join('\n');

const agentLines = (agent: Agent): string[] => [
  `  ${joined([l10n.t('agent {0}', line(agent.name)), platformOf(agent), line(folderOf(agent))])}`,
  ...agent.apps.map((app) => `    ${l10n.t('app {0}', line(app.display_name) || line(app.slug))}`),
];

const line = (text: string): string => plainLine(text, 1_000);
