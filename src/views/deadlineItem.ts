import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EpochMs } from '../api/units.ts';
import type { Workspace } from '../api/schemas/workspaces.ts';
import { markdownText, plain } from '../host/escape.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import type { Settings } from '../host/settings.ts';
import {
  nextChangeAt,
  nextStop,
  statusText,
  stopLimits,
  stopSentence,
  type NextStop,
  type Preference,
} from '../model/deadline.ts';
import type { State } from '../model/state.ts';
import { isOn } from '../model/status.ts';

/** What the item draws from; asked for anew whenever it redraws. */
export interface DeadlineSource {
  readonly state: State | undefined;
  /** By the server's clock. */
  readonly now: EpochMs;
  readonly preference: Preference;
}

const LINKS = ['coderWorkspaces.extend', 'coderWorkspaces.stop', 'coderWorkspaces.showLog'];
/** A timer cannot wait longer. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;
const HOUR_MS = 3_600_000;

/** The status bar item `coderWorkspaces.deadline`: how long the next workspace still runs. */
export class DeadlineItem {
  readonly item: vscode.StatusBarItem;
  readonly #source: () => DeadlineSource;
  readonly #show: () => Settings['deadlineShow'];
  #timer: NodeJS.Timeout | undefined;
  #working = 0;

  constructor(source: () => DeadlineSource, show: () => Settings['deadlineShow']) {
    this.#source = source;
    this.#show = show;
    this.item = vscode.window.createStatusBarItem('coderWorkspaces.deadline', vscode.StatusBarAlignment.Left, 50);
    this.item.name = l10n.t('Coder: next stop');
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
    this.#timer = undefined;
    const { state, now, preference } = this.#source();
    if (state?.kind === 'signedOut' && state.reason !== undefined) {
      this.#drawSignIn();
      return;
    }
    const workspaces = state?.kind === 'ready' ? [...state.workspaces.values()] : [];
    const stop = this.#show() === 'never' ? undefined : nextStop(workspaces, now, preference);
    if (stop === undefined) {
      this.item.hide();
      return;
    }
    this.#schedule(nextChangeAt(stop.deadlineAt, now), now);
    if (this.#show() === 'withinHour' && stop.deadlineAt - now > HOUR_MS) this.item.hide();
    else this.#draw(stop, workspaces, now);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.item.dispose();
  }

  #draw(stop: NextStop, workspaces: readonly Workspace[], now: EpochMs): void {
    const sentence = stopSentence(stop, now, readDisplayLocale());
    this.item.text =
      this.#working > 0 ? `$(sync~spin) ${l10n.t('Extending…')}` : `$(clock) ${plain(statusText(stop, now))}`;
    this.item.tooltip = tooltip(workspaces, now);
    this.item.backgroundColor =
      stop.urgency === 'calm' ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
    this.item.accessibilityInformation = { label: plain(sentence), role: 'button' };
    this.item.command = {
      title: l10n.t('Extend'),
      command: 'coderWorkspaces.extend',
      arguments: [stop.workspace.id],
    };
    this.item.show();
  }

  #drawSignIn(): void {
    this.item.text = `$(sign-in) ${l10n.t('Sign in to Coder')}`;
    this.item.tooltip = l10n.t('Coder does not accept the token any more.');
    this.item.backgroundColor = undefined;
    this.item.accessibilityInformation = { label: l10n.t('Sign in to Coder'), role: 'button' };
    this.item.command = 'coderWorkspaces.signIn';
    this.item.show();
  }

  #schedule(at: EpochMs | undefined, now: EpochMs): void {
    if (at === undefined) return;
    this.#timer = setTimeout(() => this.redraw(), Math.min(at - now, LONGEST_WAIT_MS));
  }
}

/** More would not fit on a screen. */
const SHOWN_AT_MOST = 10;

/** The running workspaces that stop next, each with its stop and what can be done about it. */
function tooltip(workspaces: readonly Workspace[], now: EpochMs): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.isTrusted = { enabledCommands: LINKS };
  const running = workspaces
    .filter(isOn)
    .map((workspace) => ({ workspace, stop: nextStop([workspace], now) }))
    .sort((one, other) => (one.stop?.deadlineAt ?? Infinity) - (other.stop?.deadlineAt ?? Infinity));
  for (const { workspace, stop } of running.slice(0, SHOWN_AT_MOST)) {
    const sentence =
      stop === undefined
        ? l10n.t('{0} runs until somebody stops it.', plain(workspace.name))
        : stopSentence(stop, now, readDisplayLocale());
    const links = [
      ...(stop !== undefined && stopLimits(workspace)?.isRequired !== true
        ? [link(l10n.t('Extend'), 'coderWorkspaces.extend', workspace)]
        : []),
      link(l10n.t('Stop'), 'coderWorkspaces.stop', workspace),
      link(l10n.t('Show Log'), 'coderWorkspaces.showLog', workspace),
    ];
    markdown.appendMarkdown(`${markdownText(sentence)}  \n${links.join(' · ')}\n\n`);
  }
  const more = running.length - SHOWN_AT_MOST;
  if (more > 0) markdown.appendMarkdown(l10n.t('And {0} more that run.', more));
  return markdown;
}

const link = (label: string, id: string, workspace: Workspace): string =>
  `[${label}](command:${id}?${encodeURIComponent(JSON.stringify([workspace.id]))})`;
