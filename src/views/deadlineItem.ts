import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { WorkspaceId } from '../api/units.ts';
import { markdownText, plain } from '../host/escape.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { nextStop, toldWorkspaces } from '../model/deadline.ts';
import { countdown, runningWorkspaces, type Countdown, type CountdownBasis } from '../model/countdown.ts';

/** What the item draws from; asked for anew whenever it redraws. */
export type DeadlineSource = Omit<CountdownBasis, 'show'>;

const LINKS = ['coderWorkspaces.extend', 'coderWorkspaces.stop', 'coderWorkspaces.showLog'];
/** A timer cannot wait longer. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;
/** More would not fit on a screen. */
const SHOWN_AT_MOST = 10;

/** The status bar item `coderWorkspaces.deadline`: how long the next workspace still runs. */
export class DeadlineItem {
  readonly item: vscode.StatusBarItem;
  readonly #source: () => DeadlineSource;
  readonly #show: () => CountdownBasis['show'];
  #timer: NodeJS.Timeout | undefined;
  #working = 0;

  constructor(source: () => DeadlineSource, show: () => CountdownBasis['show']) {
    this.#source = source;
    this.#show = show;
    this.item = vscode.window.createStatusBarItem('coderWorkspaces.deadline', vscode.StatusBarAlignment.Left, 50);
    this.item.name = l10n.t('Coder: Next Stop');
  }

  /** The workspace whose stop is shown, or would be. */
  shownId(): WorkspaceId | undefined {
    const { state, now, preference } = this.#source();
    return state?.kind === 'ready'
      ? nextStop(toldWorkspaces(state, preference), now, preference)?.workspace.id
      : undefined;
  }

  /** Says that a deadline is being moved until `work` settles. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#working += 1;
    this.redraw();
    try {
      return await work;
    } finally {
      this.#working -= 1;
      this.redraw();
    }
  }

  redraw(): void {
    clearTimeout(this.#timer);
    const source = this.#source();
    const content = countdown({ ...source, show: this.#show() }, readDisplayLocale());
    this.#draw(content, source);
    this.#timer =
      content.changesAt === undefined
        ? undefined
        : setTimeout(() => this.redraw(), Math.min(content.changesAt - source.now, LONGEST_WAIT_MS));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.item.dispose();
  }

  #draw(content: Countdown, source: DeadlineSource): void {
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
        this.item.tooltip = tooltip(source, content.sentence);
        return;
      case 'stops':
        this.#put(
          this.#working > 0 ? `$(sync~spin) ${l10n.t('Extending…')}` : `$(clock) ${plain(content.text)}`,
          plain(content.sentence),
          commandFor(l10n.t('Extend'), 'coderWorkspaces.extend', content.workspaceId),
          content.isUrgent,
        );
        this.item.tooltip = tooltip(source);
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
function tooltip(source: DeadlineSource, heading?: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.isTrusted = { enabledCommands: LINKS };
  if (heading !== undefined) markdown.appendMarkdown(`${markdownText(heading)}\n\n`);
  const { first, more } = runningWorkspaces(source, readDisplayLocale(), SHOWN_AT_MOST);
  for (const { workspaceId, sentence, canExtend } of first) {
    const links = [
      ...(canExtend ? [link(l10n.t('Extend'), 'coderWorkspaces.extend', workspaceId)] : []),
      link(l10n.t('Stop'), 'coderWorkspaces.stop', workspaceId),
      link(l10n.t('Show Log'), 'coderWorkspaces.showLog', workspaceId),
    ];
    markdown.appendMarkdown(`${markdownText(sentence)}  \n${links.join(' · ')}\n\n`);
  }
  if (more === 1) markdown.appendMarkdown(l10n.t('1 more workspace is running.'));
  if (more > 1) markdown.appendMarkdown(l10n.t('{0} more workspaces are running.', more));
  return markdown;
}

const link = (label: string, id: string, workspaceId: WorkspaceId): string =>
  `[${label}](command:${id}?${encodeURIComponent(JSON.stringify([workspaceId]))})`;
