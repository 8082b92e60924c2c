import * as vscode from 'vscode';
import { markdownText } from '../host/escape.ts';
import type { TooltipLine } from '../model/tooltip.ts';

/** The tooltip of a row, from plain text without links. */
export const drawTooltip = (lines: readonly TooltipLine[]): vscode.MarkdownString =>
  new vscode.MarkdownString(lines.map(drawLine).join('  \n'));

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
