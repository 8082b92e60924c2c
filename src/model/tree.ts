import * as l10n from '@vscode/l10n';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import type { TreeNode, TreeOptions } from './treeNode.ts';
import { plainLine } from './plainText.ts';
import { isActive, isOn } from './status.ts';
import type { Ready, State } from './state.ts';
import { workspaceNode } from './workspaceNode.ts';

/** The rows of one deployment; none while there is nothing to show and a welcome says why. */
export const toNodes = (state: State, options: TreeOptions, now: EpochMs): readonly TreeNode[] => {
  switch (state.kind) {
    case 'signedOut':
    case 'loading':
      return [];
    case 'unreachable':
      return [unreachableNode(state.error.message, options)];
    case 'ready':
      return inOrder(state, now).map((workspace) => workspaceNode(workspace, state.user, options, now));
  }
};

const unreachableNode = (reason: string, { deploymentKey, host }: TreeOptions): TreeNode => ({
  id: deploymentKey,
  kind: 'unreachable',
  label: plainLine(host, 100),
  description: plainLine(reason, 300),
  icon: { id: 'debug-disconnect', color: 'list.warningForeground' },
  contextValue: 'unreachable can-refresh',
  ariaLabel: l10n.t('{0} cannot be reached: {1}', plainLine(host, 100), plainLine(reason, 300)),
  children: [],
  refs: {},
});

/** Favourites, then those in transition, then running, then the rest; in each the last used first. */
export const inOrder = (state: Ready, now: EpochMs): Workspace[] =>
  [...state.workspaces.values()]
    // Prebuilt workspaces that nobody has claimed belong to nobody (contract 7.22).
    .filter((workspace) => !workspace.is_prebuild)
    .map((workspace) => ({ workspace, rank: rankOf(workspace), usedAt: usedAt(workspace, now) }))
    .sort((one, other) => one.rank - other.rank || other.usedAt - one.usedAt || byName(one.workspace, other.workspace))
    .map(({ workspace }) => workspace);

const rankOf = (workspace: Workspace): number => {
  const rank = isActive(workspace) ? 1 : isOn(workspace) ? 2 : 3;
  return workspace.favorite === true ? rank - 10 : rank;
};

/** What is in use is touched every few seconds; two such rows must not change places all the time. */
const IN_USE_MS = 15 * 60_000;

const usedAt = (workspace: Workspace, now: EpochMs): number => {
  const at = workspace.last_used_at ?? 0;
  return isOn(workspace) && now - at < IN_USE_MS ? now : at;
};

const byName = (one: Workspace, other: Workspace): number => {
  const [a, b] = [one.name.toLowerCase(), other.name.toLowerCase()];
  if (a === b) return one.id < other.id ? -1 : 1;
  return a < b ? -1 : 1;
};

/** Rows of transitions tell how long they have taken; no other row ever ticks (ux.md). */
export const ticks = (state: State): boolean => state.kind === 'ready' && [...state.workspaces.values()].some(isActive);
