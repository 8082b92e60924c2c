import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { inBackground } from '../api/errors.ts';
import { plainLine } from '../api/plainText.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { WorkspaceId } from '../api/units.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { plain } from '../host/escape.ts';
import type { Settings } from '../host/settings.ts';
import type { LogOptions } from '../model/buildLog.ts';
import { KeptLog } from '../model/keptLog.ts';
import type { LogRecord } from '../model/logRecords.ts';
import { templateTitle } from '../model/names.ts';
import { Variable, type Observable } from '../model/observable.ts';
import { LogChannel } from './logChannel.ts';
import { writeLog } from './writeLog.ts';

/** A build whose log is, or was, being written. */
export interface FollowedBuild {
  /** The stage it is in; '' before the first. */
  readonly stage: Observable<string>;
  /** Settles when nothing more will be written; never rejects. */
  readonly written: Promise<void>;
}

/** A build that goes on. */
export interface RunningBuild {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** What it is doing; '' before the first stage. */
  readonly stage: string;
}

export type LogSettings = Pick<Settings, 'buildLogTimestamps' | 'buildLogLevel'>;

/** The output channels `Coder: owner/name`, one per workspace, made when first needed. They never take the focus. */
export class BuildLogs {
  readonly #channels = new Set<LogChannel>();
  readonly #settings: () => LogSettings;
  readonly #logError: (error: unknown) => void;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when a build begins, enters another stage, or ends. */
  readonly onDidChange = this.#changed.event;
  readonly #looking: vscode.Disposable;
  /** The options in which all is written. */
  #drawn: string | undefined;
  #known: ReadonlyMap<WorkspaceId, Workspace> = new Map();

  /** `logError` hears of a log that could not be written anew. */
  constructor(settings: () => LogSettings, logError: (error: unknown) => void = () => undefined) {
    this.#settings = settings;
    this.#logError = logError;
    this.#looking = vscode.window.onDidChangeVisibleTextEditors(() => this.#look());
  }

  /**
   * Writes the log of `build`, once, however often it is asked for; `follow` opens its events and learns whether the channel
   * is open in the Output panel.
   */
  follow(
    workspace: Workspace,
    build: Build,
    follow: (isShown: Observable<boolean>) => AsyncIterable<LogRecord>,
  ): FollowedBuild {
    const channel = this.#channelOf(workspace);
    const known = channel.followed.get(build.id);
    if (known !== undefined) return known;
    const stage = new Variable('');
    const options = this.#options();
    this.#drawn ??= JSON.stringify(options);
    const log = new KeptLog(build, templateTitle(workspace), options);
    const written = writeLog(channel, log, follow(channel.isShown), {
      onStage: (title) => stage.set(title),
      onChange: () => this.#changed.fire(),
      logError: this.#logError,
    });
    const followed = { stage, written };
    channel.followed.set(build.id, followed);
    return followed;
  }

  /** Whether `show` shows the log of `build`: a channel keeps that of the build that was followed last. */
  has(workspace: Workspace, build: Build): boolean {
    return [...this.#channels].some(
      ({ workspaceId, latest, followed }) =>
        workspaceId === workspace.id && latest?.build.id === build.id && followed.has(build.id),
    );
  }

  /** Opens the channel and writes the log of the latest build anew, also after *Clear Output*. */
  show(workspace: Workspace): void {
    this.#channelOf(workspace).show();
  }

  /** The running build whose log is open in the Output panel, which counts as an editor that is visible. */
  onScreen(): RunningBuild | undefined {
    this.#look();
    const channel = [...this.#channels].find(({ isShown }) => isShown.value);
    const log = channel?.latest;
    if (channel === undefined || log === undefined || log.isOver) return undefined;
    const stage = log.isLost ? l10n.t('connection lost') : plainLine(log.stage, 100);
    return { workspaceId: channel.workspaceId, name: log.build.workspace_name, stage };
  }

  /** Which channels are open: one in the Output panel counts as an editor that is visible. */
  #look(): void {
    const paths = vscode.window.visibleTextEditors.map(({ document: { uri } }) =>
      uri.scheme === 'output' ? uri.path : '',
    );
    for (const { name, isShown } of this.#channels) isShown.set(paths.some((path) => path.endsWith(`-${name}`)));
  }

  /** Rewrites all logs with the present settings. */
  redraw(): void {
    const options = this.#options();
    // Rewriting scrolls the log, so it happens only if the options have changed.
    const drawn = JSON.stringify(options);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    for (const channel of this.#channels) inBackground(channel.redraw(options), this.#logError);
  }

  /** Logs go on under the names that their workspaces have now. */
  rename(workspaces: ReadonlyMap<WorkspaceId, Workspace>): void {
    this.#known = workspaces;
    const renamed = [...this.#channels].flatMap((channel) => {
      const workspace = workspaces.get(channel.workspaceId);
      const name = workspace === undefined ? channel.name : nameOf(workspace);
      return name === channel.name ? [] : [{ channel, name }];
    });
    // All release their names first, because two may have been swapped.
    for (const { channel } of renamed) channel.leaveName();
    for (const { channel, name } of renamed) channel.takeName(name);
    // What is gone makes room for whatever has its name now.
    for (const channel of this.#channels)
      if (this.#isGone(channel) && [...this.#channels].some((each) => each !== channel && each.name === channel.name))
        this.#close(channel);
  }

  /** Disposes of all channels, so that the next user doesn't see them. */
  clear(): void {
    for (const channel of this.#channels) this.#close(channel);
  }

  dispose(): void {
    this.clear();
    this.#changed.dispose();
    this.#looking.dispose();
  }

  #close(channel: LogChannel): void {
    this.#channels.delete(channel);
    channel.dispose();
  }

  #channelOf(workspace: Workspace): LogChannel {
    const channels = [...this.#channels];
    const own = channels.find((each) => each.workspaceId === workspace.id);
    if (own !== undefined) return own;
    const name = nameOf(workspace);
    const ofGone = channels.find((each) => each.name === name && this.#isGone(each));
    if (ofGone !== undefined) {
      ofGone.workspaceId = workspace.id;
      return ofGone;
    }
    const channel = new LogChannel(workspace.id, name);
    this.#channels.add(channel);
    return channel;
  }

  /**
   * Whether its workspace is deleted. The name alone doesn't tell: of two workspaces that swap theirs, one has the name of
   * the other for a moment.
   */
  #isGone({ workspaceId }: LogChannel): boolean {
    const workspace = this.#known.get(workspaceId);
    return workspace === undefined || workspace.latest_build.transition === 'delete';
  }

  #options(): LogOptions {
    const { timeZone, showsZone } = readDisplayLocale();
    const { buildLogTimestamps: timestamps, buildLogLevel: level } = this.#settings();
    return { timeZone, showsZone, timestamps, level };
  }
}

const nameOf = (workspace: Workspace): string =>
  l10n.t('Coder: {0}', plain(`${workspace.owner_name}/${workspace.name}`));
