import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { plain } from '../host/escape.ts';
import type { NodeKind, TreeNode } from '../model/treeNode.ts';
import { badgeUri } from './badge.ts';

/** The row of `node`; `argument` is what its command gets. The tooltip is filled in on hover. */
export function drawRow(node: TreeNode, argument: unknown): vscode.TreeItem {
  const item = new vscode.TreeItem(plain(node.label), collapsible(node));
  item.id = node.id;
  item.description = plain(node.description);
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: plain(node.ariaLabel) };
  if (node.icon !== undefined) {
    const { id, color } = node.icon;
    item.iconPath = new vscode.ThemeIcon(id, color === undefined ? undefined : new vscode.ThemeColor(color));
  }
  if (node.badge !== undefined) item.resourceUri = badgeUri(node.id, node.badge);
  // Only rows of apps open something on selection.
  if (node.kind === 'app') {
    item.command = { command: 'coderWorkspaces.openApp', title: l10n.t('Open App'), arguments: [argument] };
  }
  return item;
}

const OPEN_AT_FIRST: ReadonlySet<NodeKind> = new Set(['group', 'resource', 'agent']);

function collapsible(node: TreeNode): vscode.TreeItemCollapsibleState {
  if (!node.hasChildren) return vscode.TreeItemCollapsibleState.None;
  return OPEN_AT_FIRST.has(node.kind)
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}
