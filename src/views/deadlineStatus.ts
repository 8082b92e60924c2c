import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { joined } from '../api/plainText.ts';
import type { WorkspaceId } from '../api/units.ts';
import { markdownText, plain } from '../host/escape.ts';
import type { RunningWorkspaces } from '../model/countdown.ts';
import { commandLink } from './commandLink.ts';
import type { DeadlineDrawing } from './deadlineItem.ts';

const LINKS = ['coderWorkspaces.extend', 'coderWorkspaces.stop', 'coderWorkspaces.showLog'];

/** Draws what a `DeadlineItem` says in the status bar. */
export class DeadlineStatus {
  readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('coderWorkspaces.deadline', vscode.StatusBarAlignment.Left, 50);
    this.item.name = l10n.t('Coder: Next Stop');
  }

  dispose(): void {
    this.item.dispose();
  }

  draw({ content, isExtending, running }: DeadlineDrawing): void {
    switch (content.kind) {
      case 'hidden':
        this.item.hide();
        return;
      case 'signedOut':
        this.#put(`$(sign-in) ${l10n.t('Sign in to Coder')}`, l10n.t('Sign in to Coder'), 'coderWorkspaces.signIn');
        this.item.tooltip = l10n.t('Your Coder token is no longer valid.');
        return;
      case 'stopped':
        this.#put(
          `$(vm-outline) ${plain(content.text)}`,
          plain(content.sentence),
          commandFor(l10n.t('Start'), 'coderWorkspaces.start', content.workspaceId),
        );
        this.item.tooltip = tooltip(running, content.sentence);
        return;
      case 'stops':
        this.#put(
          isExtending ? `$(sync~spin) ${l10n.t('Extending…')}` : `$(clock) ${plain(content.text)}`,
          isExtending ? l10n.t('Extending…') : plain(content.sentence),
          commandFor(l10n.t('Extend'), 'coderWorkspaces.extend', content.workspaceId),
          content.isUrgent,
        );
        this.item.tooltip = tooltip(running);
    }
  }

  #put(text: string, label: string, command: string | vscode.Command, isUrgent = false): void {
    this.item.text = text;
    this.item.accessibilityInformation = { label, role: 'button' };
    this.item.command = command;
    this.item.backgroundColor = isUrgent ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.show();
  }
}

const commandFor = (title: string, command: string, id: WorkspaceId): vscode.Command => ({
  title,
  command,
  arguments: [id],
});

/** The running workspaces that stop next, each with its stop and what can be done about it. */
function tooltip({ first, more }: RunningWorkspaces, heading?: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.isTrusted = { enabledCommands: LINKS };
  if (heading !== undefined) markdown.appendMarkdown(`${markdownText(heading)}\n\n`);
  for (const { workspaceId, sentence, moves } of first) {
    const links = joined([
      moves && commandLink(moves === 'earlier' ? l10n.t('Stop Earlier') : l10n.t('Extend'), 'extend', workspaceId),
      commandLink(l10n.t('Stop'), 'stop', workspaceId),
      commandLink(l10n.t('Show Log'), 'showLog', workspaceId),
    ]);
    markdown.appendMarkdown(`${markdownText(sentence)}  \n${links}\n\n`);
  }
  if (more === 1) markdown.appendMarkdown(l10n.t('1 more workspace is running.'));
  if (more > 1) markdown.appendMarkdown(l10n.t('{0} more workspaces are running.', more));
  return markdown;
}
