import * as vscode from 'vscode';
import type { BuildId, WorkspaceId } from '../api/units.ts';
import type { LogOptions } from '../model/buildLog.ts';
import type { KeptLog, Written } from '../model/keptLog.ts';
import { Variable } from '../model/observable.ts';
import type { FollowedBuild } from './buildLogs.ts';

/**
 * The output channel of one workspace. The log of its latest build is kept: the channel is written anew when the log is
 * asked for after *Clear Output*, in other settings, and under another name after a rename, which VS Code knows only as
 * another channel.
 */
export class LogChannel {
  /** A workspace made under the name of a deleted one takes its channel over. */
  workspaceId: WorkspaceId;
  readonly followed = new Map<BuildId, FollowedBuild>();
  /** Whether it is open in the Output panel. */
  readonly isShown = new Variable(false);
  #name: string;
  #output: vscode.OutputChannel | undefined;
  #latest: KeptLog | undefined;

  constructor(workspaceId: WorkspaceId, name: string) {
    this.workspaceId = workspaceId;
    this.#name = name;
    this.#output = open(name);
  }

  get name(): string {
    return this.#name;
  }

  /** The log of the latest build, if there is one. */
  get latest(): KeptLog | undefined {
    return this.#latest;
  }

  /** `log` is written from its first line, behind what is there; in place of itself where it was begun before. */
  begin(log: KeptLog): void {
    if (this.#latest?.build.id === log.build.id) this.#output?.clear();
    this.#latest = log;
    this.#output?.append(log.anew().text);
  }

  /** Does nothing after the channel was disposed: a log may end later. */
  write(log: KeptLog, { text, isAnew }: Written): void {
    if (text === '') return;
    // The log of an earlier build is continued even if a later one has begun below it.
    if (isAnew && log === this.#latest) this.#output?.replace(text);
    else if (!isAnew) this.#output?.append(text);
  }

  /** Opens the channel with the log of its latest build alone; the focus stays where it is. */
  show(): void {
    this.rewrite();
    this.#output?.show(true);
  }

  rewrite(): void {
    const { text } = this.#latest?.anew() ?? {};
    if (text !== undefined) this.#output?.replace(text);
  }

  /** Rewrites the log with other options. */
  async redraw(options: LogOptions): Promise<void> {
    const log = this.#latest;
    if (log !== undefined) this.write(log, await log.rewrite(options));
  }

  /** Disposes of the channel under its present name; `takeName` creates the next one. */
  leaveName(): void {
    this.#output?.dispose();
  }

  takeName(name: string): void {
    this.#name = name;
    this.#output = open(name);
    this.rewrite();
    // VS Code shows another channel in place of one that is gone.
    if (this.isShown.value) this.#output.show(true);
  }

  dispose(): void {
    this.#output?.dispose();
    this.#output = undefined;
    this.#latest = undefined;
  }
}

const open = (name: string): vscode.OutputChannel =>
  vscode.window.createOutputChannel(name, 'coderWorkspaces-build-log');
