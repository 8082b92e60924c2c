import * as l10n from '@vscode/l10n';
import type { BuildLogEvent } from '../api/logs.ts';
import type { Build, Workspace } from '../api/schemas/workspaces.ts';
import type { EpochMs, WorkspaceId } from '../api/units.ts';
import { readDisplayLocale } from '../host/displayLocale.ts';
import { plain } from '../host/escape.ts';
import {
  appendLog,
  beginLog,
  endLog,
  loseLog,
  pollLog,
  resumeLog,
  settleLog,
  silenceLog,
  type LogState,
  type LogStep,
} from '../model/buildLog.ts';
import { Variable, type Observable } from '../model/observable.ts';
import { LogChannel } from './logChannel.ts';

export type BuildLogEvents = AsyncIterable<BuildLogEvent>;

/** A build whose log is being written, or was. */
export interface FollowedBuild {
  /** The stage it is in; '' before the first. */
  readonly stage: Observable<string>;
  /** Settles when nothing more will be written; never rejects. */
  readonly written: Promise<void>;
}

/** What is written at once, so that a log of any size never holds up the host for long. */
const ENTRIES_AT_ONCE = 1_000;
/** A stage's head waits that long for the stage's first line or end. */
const SETTLE_MS = 400;

/** The output channels `Coder: owner/name`, one per workspace, made when first needed. They never take the focus. */
export class BuildLogs {
  readonly #channels = new Set<LogChannel>();
  readonly #timestamps: () => boolean;

  constructor(timestamps: () => boolean) {
    this.#timestamps = timestamps;
  }

  /** Writes the log of `build`, once, however often it is asked for; `follow` opens its events. */
  follow(workspace: Workspace, build: Build, follow: () => BuildLogEvents): FollowedBuild {
    const channel = this.#channelOf(workspace);
    const known = channel.followed.get(build.id);
    if (known !== undefined) return known;
    const stage = new Variable('');
    const followed = { stage, written: this.#write(channel, workspace, build, follow(), stage) };
    channel.followed.set(build.id, followed);
    return followed;
  }

  /** Opens the channel and writes the log of the latest build anew, also after *Clear Output*. */
  show(workspace: Workspace): void {
    this.#channelOf(workspace).show();
  }

  /** Logs go on under the names that their workspaces have now. */
  rename(workspaces: ReadonlyMap<WorkspaceId, Workspace>): void {
    const renamed = [...this.#channels].flatMap((channel) => {
      const workspace = workspaces.get(channel.workspaceId);
      const name = workspace === undefined ? channel.name : nameOf(workspace);
      return name === channel.name ? [] : [{ channel, name }];
    });
    // All leave first: two may have swapped their names. Who holds a name that another has now was deleted.
    for (const { channel } of renamed) channel.leaveName();
    for (const { channel, name } of renamed) {
      const holder = [...this.#channels].find((each) => each.name === name);
      if (holder !== undefined && !renamed.some((each) => each.channel === holder)) this.#close(holder);
      channel.takeName(name);
    }
  }

  /** Takes all channels away: what is in them is not for whoever signs in next. */
  clear(): void {
    for (const channel of this.#channels) this.#close(channel);
  }

  dispose(): void {
    this.clear();
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
    const ofDeleted = channels.find((each) => each.name === name);
    if (ofDeleted !== undefined) {
      ofDeleted.workspaceId = workspace.id;
      return ofDeleted;
    }
    const channel = new LogChannel(workspace.id, name);
    this.#channels.add(channel);
    return channel;
  }

  async #write(
    channel: LogChannel,
    workspace: Workspace,
    build: Build,
    events: BuildLogEvents,
    stage: Variable<string>,
  ): Promise<void> {
    const { timeZone, showsZone } = readDisplayLocale();
    const options = { timeZone, showsZone, timestamps: this.#timestamps() };
    let state: LogState = { options };
    let settling: NodeJS.Timeout | undefined;
    const append = (text: string) => channel.append(build.id, text);
    const write = (step: LogStep) => {
      ({ state } = step);
      append(step.text);
      if (state.stage !== undefined) stage.set(state.stage);
      clearTimeout(settling);
      settling = state.heldBack === undefined ? undefined : setTimeout(() => write(settleLog(state)), SETTLE_MS);
    };
    channel.begin(build.id);
    write(beginLog(build, templateName(workspace), options));
    try {
      for await (const event of events) {
        switch (event.kind) {
          case 'entries':
            for (let from = 0; from < event.entries.length; from += ENTRIES_AT_ONCE) {
              if (from > 0) await new Promise((resume) => setImmediate(resume));
              write(appendLog(state, event.entries.slice(from, from + ENTRIES_AT_ONCE)));
            }
            break;
          case 'lost':
            write(loseLog(state, Date.now() as EpochMs));
            break;
          case 'resumed':
            write(resumeLog(state, Date.now() as EpochMs));
            break;
          case 'polling':
            write(pollLog(state, event.everyMs));
            break;
          case 'silent':
            write(silenceLog(state, event.since));
            break;
          case 'ended':
            write(endLog(state, event.build));
            break;
        }
      }
    } catch (error) {
      // It may be asked for again, and is then written from its beginning.
      channel.followed.delete(build.id);
      const reason = error instanceof Error && error.name !== 'AbortError' ? plain(error.message) : '';
      write(settleLog(state));
      const last =
        reason === ''
          ? l10n.t('──── stopped following this build ────')
          : l10n.t("──── couldn't read the log: {0} ────", reason);
      append(`${last}\n`);
    } finally {
      clearTimeout(settling);
      // Too long to be kept: it is read again when it is asked for.
      if (!channel.keeps(build.id)) channel.followed.delete(build.id);
    }
  }
}

const nameOf = (workspace: Workspace): string =>
  l10n.t('Coder: {0}', plain(`${workspace.owner_name}/${workspace.name}`));

const templateName = (workspace: Workspace): string =>
  workspace.template_display_name === '' ? workspace.template_name : workspace.template_display_name;
