import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { compareNames, compareText } from './compareText.ts';
import type { Group } from './finding.ts';
import { countWords } from './findingWords.ts';
import { templateTitle } from './names.ts';
import { isActive, isDormant, wasCanceled } from './status.ts';
import { statusWord } from './statusText.ts';
import { ChildIds, TreeNode } from './treeNode.ts';

interface Row {
  readonly workspace: Workspace;
  readonly node: TreeNode;
}

/** A row for each value of `group`, by its name or, for statuses, by what happens in them; `rows` stay in their order. */
export const groupNodes = (rows: readonly Row[], group: Group, deploymentKey: string): readonly TreeNode[] => {
  const byKey = new Map<string, { readonly label: string; readonly first: Workspace; readonly nodes: TreeNode[] }>();
  for (const { workspace, node } of rows) {
    const key = KEYS[group](workspace);
    const entry = byKey.get(key) ?? { label: groupLabel(workspace, group, key), first: workspace, nodes: [] };
    byKey.set(key, entry);
    entry.nodes.push(node);
  }
  const ids = new ChildIds(deploymentKey);
  const all = [...byKey];
  const isAlone = (label: string): boolean => all.filter(([, each]) => each.label === label).length === 1;
  return all
    .map(([key, { label, first, nodes }]) => ({
      key,
      place: placeOf(group, key),
      // Templates of two organizations may be called the same (contract 7.37).
      label:
        isAlone(label) || first.organization_name === ''
          ? label
          : l10n.t('{0} ({1})', label, plainLine(first.organization_name, 100)),
      nodes,
    }))
    .sort(
      (one, other) =>
        one.place - other.place || compareNames(one.label, other.label) || compareText(one.key, other.key),
    )
    .map(
      ({ key, label, nodes }) =>
        new TreeNode(
          {
            id: ids.of(`${group}:${key}`),
            kind: 'group',
            label,
            description: String(nodes.length),
            icon: { id: ICONS[group] },
            contextValue: 'group',
            ariaLabel: l10n.t('{0}, {1}', label, countWords(nodes.length)),
            refs: {},
          },
          nodes,
        ),
    );
};

const KEYS: Readonly<Record<Group, (workspace: Workspace) => string>> = {
  template: ({ template_id: id, template_name: name }) => id ?? name,
  owner: ({ owner_id: id, owner_name: name }) => id ?? name,
  organization: ({ organization_id: id, organization_name: name }) => id ?? name,
  // As its row reads.
  status: (workspace) => {
    if (isDormant(workspace) && !isActive(workspace)) return 'dormant';
    return wasCanceled(workspace) ? 'canceled' : workspace.latest_build.status;
  },
};

const groupLabel = (workspace: Workspace, group: Group, key: string): string => {
  const label = {
    template: templateTitle(workspace),
    owner: workspace.owner_name,
    organization: workspace.organization_name,
    status: key === 'dormant' ? l10n.t('Dormant') : statusWord(key),
  }[group];
  return plainLine(label, 100) || l10n.t('Unknown');
};

const ICONS: Readonly<Record<Group, string>> = {
  template: 'package',
  owner: 'person',
  organization: 'organization',
  status: 'pulse',
};

const STATUSES = 'pending starting stopping canceling deleting running failed canceled stopped dormant deleted'.split(
  ' ',
);

const placeOf = (group: Group, key: string): number => {
  const place = group === 'status' ? STATUSES.indexOf(key) : -1;
  return place === -1 ? STATUSES.length : place;
};
