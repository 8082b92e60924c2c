import * as l10n from '@vscode/l10n';
import { joined, plainLine } from '../api/plainText.ts';
import type { User } from '../api/schemas/users.ts';
import { isSilent } from '../api/buildEnd.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs } from '../api/units.ts';
import { allowedVerbs } from './actions.ts';
import { hasOpenableApp } from './apps.ts';
import { shownName } from './found.ts';
import { resourceNodes } from './resourceNodes.ts';
import { isActive, isDormant, isOn, isUnhealthy, wasCanceled } from './status.ts';
import { statusDescription } from './statusText.ts';
import { TreeNode, type NodeIcon, type TreeOptions } from './treeNode.ts';

/** Always has children: its resources, or a row that says why there are none. */
export const workspaceNode = (workspace: Workspace, user: User, options: TreeOptions, now: EpochMs): TreeNode => {
  const id = `${options.deploymentKey}/${workspace.id}`;
  const label = shownName(workspace, user);
  const description = statusDescription(workspace, options, now, user);
  const isPinned = options.pinned === workspace.id;
  return new TreeNode(
    {
      id,
      kind: 'workspace',
      label,
      description,
      icon: workspaceIcon(workspace),
      contextValue: [
        'workspace',
        stateWord(workspace),
        ...allowedVerbs(workspace, user)
          .filter((verb) => verb !== 'pin' || !isPinned)
          .map((verb) => `can-${verb}`),
        ...(isOn(workspace) && hasOpenableApp(workspace) ? ['can-openApp'] : []),
        ...(isPinned ? ['can-unpin'] : []),
      ].join(' '),
      ariaLabel: inWords(workspace, label, description),
      badge: badgeOf(workspace),
      refs: { workspaceId: workspace.id },
    },
    () => resourceNodes(workspace, id, options, now),
  );
};

/** What its badge says, as words with a space between them. */
const badgeOf = ({ favorite, outdated }: Workspace): string | undefined =>
  joined([favorite === true ? 'favorite' : '', outdated ? 'outdated' : ''], ' ') || undefined;

/** The status as one word of `contextValue`, which selects the inline actions. */
const stateWord = (workspace: Workspace): string => {
  // A queued build has no log yet to offer.
  if (isActive(workspace)) return workspace.latest_build.status === 'pending' ? 'pending' : 'building';
  if (isDormant(workspace)) return 'dormant';
  if (wasCanceled(workspace)) return 'canceled';
  return plainLine(workspace.latest_build.status, 32).replace(/\W/g, '');
};

const inWords = (workspace: Workspace, label: string, description: string): string => {
  const parts = [label, description];
  if (workspace.favorite === true) parts.push(l10n.t('favorite'));
  if (workspace.outdated) parts.push(l10n.t('a newer template version is active'));
  return parts.join(', ');
};

const GREEN = 'charts.green';
const RED = 'list.errorForeground';
const YELLOW = 'list.warningForeground';

/** The status as an icon. */
export const workspaceIcon = (workspace: Workspace): NodeIcon => {
  if (isDormant(workspace) && !isActive(workspace)) return { id: 'debug-pause' };
  if (wasCanceled(workspace)) return { id: 'circle-slash' };
  switch (workspace.latest_build.status) {
    case 'pending':
      return { id: 'watch' };
    case 'starting':
    case 'stopping':
    case 'deleting':
    case 'canceling':
      return { id: 'loading~spin' };
    case 'running':
      return isOn(workspace) && isUnhealthy(workspace)
        ? { id: 'warning', color: YELLOW }
        : { id: 'vm-running', color: GREEN };
    case 'stopped':
      return { id: 'vm-outline' };
    case 'failed':
      return isSilent(workspace.latest_build) ? { id: 'warning', color: YELLOW } : { id: 'error', color: RED };
    case 'deleted':
      return { id: 'trash' };
    default:
      return { id: 'question' };
  }
};
