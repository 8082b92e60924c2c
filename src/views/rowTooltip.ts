import * as vscode from 'vscode';
import type { EpochMs } from '../api/units.ts';
import { markdownText } from '../host/escape.ts';
import type { State } from '../model/state.ts';
import { tooltip, type TooltipLine } from '../model/tooltip.ts';
import type { TreeNode, TreeOptions } from '../model/treeNode.ts';

/** What appears when the pointer rests on a row. Nothing in it is a link, and all of it is plain text. */
export function drawTooltip(node: TreeNode, state: State, options: TreeOptions, now: EpochMs): vscode.MarkdownString {
  const id = node.refs.workspaceId;
  const workspace = id === undefined || state.kind !== 'ready' ? undefined : state.workspaces.get(id);
  return new vscode.MarkdownString(tooltip(node, workspace, options, now).map(drawLine).join('  \n'));
}

function drawLine(line: TooltipLine): string {
  switch (line.kind) {
    case 'title':
      return `**${markdownText(line.text)}**`;
    case 'field':
      return line.label === '' ? markdownText(line.text) : `${markdownText(line.label)}: ${markdownText(line.text)}`;
    case 'error':
      return ['', ...line.lines.map(markdownText)].join('  \n');
  }
}
