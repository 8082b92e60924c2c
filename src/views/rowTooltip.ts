import * as vscode from 'vscode';
import { markdownText } from '../host/escape.ts';
import type { TooltipLine } from '../model/tooltip.ts';

/** What appears when the pointer rests on a row. Nothing in it is a link, and all of it is plain text. */
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
