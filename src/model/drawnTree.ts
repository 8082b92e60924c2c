import * as l10n from '@vscode/l10n';
import { plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import type { Sort } from './finding.ts';
import { findingOf, foundIn, nameFor } from './found.ts';
import { same } from './newer.ts';
import type { Outage, Ready, State } from './state.ts';
import { isActive } from './status.ts';
import { outageKind } from './treeMessage.ts';
import { TreeNode, type TreeOptions } from './treeNode.ts';
import { groupNodes } from './treeGroups.ts';
import { comparePlaces, placeOf, type Place } from './treeOrder.ts';
import { workspaceNode } from './workspaceNode.ts';

/** Input of the rows. */
export interface DrawnFrom {
  readonly state: State;
  readonly options: TreeOptions;
  /** By the server's clock. */
  readonly now: EpochMs;
}

/** The rows as they were drawn, with what they were drawn from: what has not changed since is not drawn again. */
export interface DrawnTree {
  /** The rows at the top, in their order. */
  readonly nodes: readonly TreeNode[];
  readonly rows: readonly DrawnRow[];
  /** Options that all rows depend on; absent while there are no workspace rows. */
  readonly basis?: Basis;
  /** The minute for which all rows were last drawn. */
  readonly minute: number;
}

interface DrawnRow {
  readonly workspace: Workspace;
  readonly place: Place;
  readonly node: TreeNode;
  /** The minute in which it was drawn. */
  readonly minute: number;
  /** Only rows in transition show seconds. */
  readonly isActive: boolean;
}

interface Basis {
  readonly user: User;
  readonly options: TreeOptions;
  readonly sort: Sort;
}

export const NOTHING_DRAWN: DrawnTree = { nodes: [], rows: [], minute: 0 };

/**
 * Draws anew what has changed since `before`, and whatever is in transition; with `times`, also the rows at rest that
 * were drawn in another minute. Yields after each row that is built, so that whoever drives it can give others their turn:
 * rows come by the thousand.
 */
export function* drawTree(
  before: DrawnTree,
  source: DrawnFrom,
  redraws: 'changes' | 'times',
): Generator<undefined, DrawnTree> {
  const { state, options } = source;
  switch (state.kind) {
    case 'signedOut':
    case 'loading':
      return NOTHING_DRAWN;
    case 'unreachable':
      return { ...NOTHING_DRAWN, nodes: [unreachableNode(state.error, options)], minute: minuteOf(source.now) };
    case 'ready':
      return yield* drawWorkspaces(before, state, source, redraws);
  }
}

/** Whether rows not in transition show times of another minute than `now`. */
export const tellsOldTimes = (tree: DrawnTree, now: EpochMs): boolean =>
  tree.rows.length > 0 && tree.minute !== minuteOf(now);

const minuteOf = (at: EpochMs): number => Math.floor(at / 60_000);

function* drawWorkspaces(
  before: DrawnTree,
  state: Ready,
  { options, now }: DrawnFrom,
  redraws: 'changes' | 'times',
): Generator<undefined, DrawnTree> {
  const { user, workspaces } = state;
  const isShown = foundIn(state);
  const { sort, group } = findingOf(state);
  const minute = minuteOf(now);
  const basis = { user, options, sort };
  const isKept = sameBasis(before.basis, basis)
    ? (row: DrawnRow, workspace: Workspace): boolean =>
        row.workspace === workspace && !row.isActive && (redraws === 'changes' || row.minute === minute)
    : () => false;
  const rowOf = (workspace: Workspace): DrawnRow => ({
    workspace,
    place: placeOf(workspace, nameFor(workspace, user), now, sort),
    node: workspaceNode(workspace, user, options, now),
    minute,
    isActive: isActive(workspace),
  });
  const rows: DrawnRow[] = [];
  let isInOrder = true;
  for (const row of before.rows) {
    const workspace = workspaces.get(row.workspace.id);
    if (workspace === undefined || !isShown(workspace)) continue;
    if (isKept(row, workspace)) rows.push(row);
    else {
      const fresh = rowOf(workspace);
      if (comparePlaces(fresh.place, row.place) !== 0) isInOrder = false;
      rows.push(fresh);
      yield;
    }
  }
  if (rows.length < workspaces.size) {
    const known = new Set(rows.map(({ workspace }) => workspace.id));
    for (const workspace of workspaces.values()) {
      if (known.has(workspace.id) || !isShown(workspace)) continue;
      rows.push(rowOf(workspace));
      isInOrder = false;
      yield;
    }
  }
  if (!isInOrder) rows.sort((one, other) => comparePlaces(one.place, other.place));
  const isWhole = redraws === 'times' || before.rows.length === 0;
  return {
    nodes: group === undefined ? rows.map(({ node }) => node) : groupNodes(rows, group, options.deploymentKey),
    rows,
    basis,
    minute: isWhole ? minute : before.minute,
  };
}

/** How long builds usually take is told in rows in transition only, which are drawn each time. */
const sameBasis = (before: Basis | undefined, { user, sort, options }: Basis): boolean =>
  before?.user === user &&
  before.sort === sort &&
  same({ ...before.options, usualTimes: undefined }, { ...options, usualTimes: undefined });

const unreachableNode = (error: Outage['error'], { deploymentKey, host }: TreeOptions): TreeNode => {
  const isOffline = outageKind(error) === 'offline';
  const names = [plainLine(host, 100), plainLine(error.message, 300)] as const;
  return new TreeNode({
    id: deploymentKey,
    kind: 'unreachable',
    label: names[0],
    // "… refused the connection" follows the label, which is the host, in a narrow side bar, too.
    description: names[1].startsWith(`${names[0]} `) ? names[1].slice(names[0].length + 1) : names[1],
    icon: { id: isOffline ? 'debug-disconnect' : 'warning', color: 'list.warningForeground' },
    contextValue: 'unreachable can-refresh',
    ariaLabel: isOffline
      ? l10n.t("Can't reach {0}: {1}", ...names)
      : l10n.t("Can't load workspaces from {0}: {1}", ...names),
    refs: {},
  });
};
