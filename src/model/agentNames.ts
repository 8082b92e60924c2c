import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Agent, Build, Resource } from '../api/schemas/workspaces.ts';
import { compareNames, compareText } from './compareText.ts';
import { labelOf } from './names.ts';

/**
 * What an agent is called, wherever it is named: "main"; "main (web)", with its resource, where agents of several
 * resources share the name; "main #2" where those of one resource do.
 */
export const agentName = (
  agent: Agent,
  { latest_build: { resources } }: { readonly latest_build: Pick<Build, 'resources'> },
): string => {
  const shown = labelOf(agent.name, 64);
  // Names may differ in what can't be seen.
  const isAlike = (other: Agent): boolean => other.name === agent.name || labelOf(other.name, 64) === shown;
  const namesakes = resources.filter((resource) => resource.agents.some(isAlike));
  const own = namesakes.find((resource) => resource.agents.some((other) => other.id === agent.id));
  const alike = byName((own?.agents ?? []).filter(isAlike));
  const index = alike.findIndex(({ id }) => id === agent.id);
  const name = shown + (alike.length > 1 ? ` #${index + 1}` : '');
  if (own === undefined || namesakes.length === 1) return name;
  return l10n.t('{0} ({1})', name, resourceName(own, namesakes));
};

/** The shortest text that distinguishes a resource from `others`: its name, plus its type, plus its index. */
const resourceName = (own: Resource, others: readonly Resource[]): string => {
  const sameName = others.filter(({ name }) => name === own.name);
  if (sameName.length === 1 && own.name !== '') return plainLine(own.name, 64);
  const alike = inOrder(sameName.filter(({ type }) => type === own.type));
  const name = plainLine(resourceKey(own), 100);
  return alike.length === 1 ? name : `${name} #${alike.indexOf(own) + 1}`;
};

/** What names a resource in each build of its workspace, as Terraform does; ids are new with each build. */
export const resourceKey = ({ type, name }: Resource): string => `${type}.${name}`;

/** A stable order, since servers send resources in any order. */
export const inOrder = (resources: readonly Resource[]): Resource[] =>
  [...resources].sort(
    (one, other) =>
      compareNames(one.name, other.name) || compareText(one.type, other.type) || compareText(one.id, other.id),
  );

/** Those with agents first, as in the tree. */
export const agentsFirst = (resources: readonly Resource[]): Resource[] =>
  [true, false].flatMap((has) => resources.filter(({ agents }) => agents.length > 0 === has));

/** Agents in a stable order: V0 sends them in none (contract 2.12). */
export const byName = (agents: readonly Agent[]): Agent[] =>
  [...agents].sort((one, other) => compareNames(one.name, other.name) || compareText(one.id, other.id));
